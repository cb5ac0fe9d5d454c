import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { culpritOf, doingOf, during, lookAtStack, plural, servicePlace, who } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'
import { clientsOf, fullQueue } from './queue-state.ts'

/** More connections wait than the listener takes: the kernel drops the last step of their handshake. */
export const acceptQueueFull: HealthRule = {
  code: 'accept-queue-full',
  check: facts =>
    facts.inState(TCP_STATE.listen).flatMap(listener => {
      const full = fullQueue(listener, facts)
      return full === undefined ? [] : [report(listener, full.evidence, facts)]
    }),
}

function report(listener: InetSocket, evidence: string, facts: HealthFacts) {
  const { now, before, seconds } = facts
  const { rxQueueBytes: waiting, acceptQueueLimit: limit } = listener.row
  const { nobodyAccepted, stillWaiting } = facts.unaccepted(listener)
  const clients = clientsOf(listener, facts)
  const overflows = facts.rise('TcpExt', 'ListenOverflows')
  const doing = doingOf([listener], now)
  const { somaxconn } = now.settings
  const verb = nobodyAccepted || before === undefined ? 'does not accept' : 'does not accept fast enough'
  return finding(
    'accept-queue-full',
    'critical',
    `${who([listener], 'the server')} ${verb} on ${servicePlace(listener)}: ${plural(waiting, 'connection')} wait${waiting === 1 ? 's' : ''}${limit === undefined ? '' : ` in a queue of ${limit}`}, new clients get no answer`,
    {
      culprit: culpritOf([listener]),
      evidence: [
        evidence,
        ...(nobodyAccepted
          ? [
              `the same ${plural(stillWaiting, 'connection')} waited in both looks: accept() was not called ${during(seconds)}`,
            ]
          : []),
        ...(overflows !== undefined && !evidence.includes('ListenOverflows')
          ? [`ListenOverflows rose by ${overflows} ${during(seconds)} (net/netstat, of all listeners)`]
          : []),
        ...(clients.length > 0
          ? [`${plural(clients.length, 'client')} of this host in SYN_SENT to it: ${who(clients, 'owner not known')}`]
          : []),
        ...(doing === undefined ? [] : [doing]),
      ],
      do: [
        lookAtStack([listener]),
        'where it accepts, only too slowly: more workers, or a larger backlog in listen()' +
          (somaxconn === undefined ? '' : `, of which the kernel grants net.core.somaxconn (${somaxconn}) at most`),
      ],
      not: [
        'raising net.core.somaxconn alone: a listener keeps the limit it had when it called listen()',
        ...(nobodyAccepted ? ['a longer queue: nobody takes from it'] : []),
      ],
    },
  )
}
