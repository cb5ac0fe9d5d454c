import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { doingOf, during, lookAtStack, servicePlace, who } from '../../health-words.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { acceptedText, clientsOf, fullQueue, isServed } from './queue-state.ts'

/** More connections wait than the listener takes: the kernel drops the last step of their handshake. */
export const acceptQueueFull: HealthRule = {
  code: 'accept-queue-full',
  why: 'More connections wait than the queue of the listener holds, in both looks; where the kernel does not tell its limit, connections wait in both looks while some are turned away (ListenOverflows rises) and nobody accepts, or many are although somebody does. Every one turned away waits a second at least.',
  thresholds: ['overflows'],
  check: facts =>
    facts.inState(TCP_STATE.listen).flatMap(listener => {
      const full = fullQueue(listener, facts)
      return full === undefined ? [] : [report(listener, full.evidence, facts)]
    }),
}

function report(listener: InetSocket, evidence: string, facts: HealthFacts) {
  const { now, before, seconds } = facts
  const { rxQueueBytes: waiting, acceptQueueLimit: limit } = listener.row
  const waits = facts.unaccepted(listener)
  const { nobodyAccepted, stillWaiting } = waits
  const isAbandoned = isServed(listener, waits, facts) === false
  const clients = clientsOf(listener, facts)
  const overflows = facts.rise('TcpExt', 'ListenOverflows')
  const { somaxconn } = now.settings
  const verb = isAbandoned || before === undefined ? 'does not accept' : 'does not accept fast enough'
  return finding(
    'accept-queue-full',
    'critical',
    `${verb} on ${servicePlace(listener)}: ${counted(waiting, 'connection')} wait${waiting === 1 ? 's' : ''}${limit === undefined ? '' : ` in a queue of ${limit}`}, new clients get no answer`,
    {
      of: [listener],
      otherwise: 'the server',
      victims: clients,
      measured: overflows === undefined ? [] : [measured('overflows', overflows, 'ListenOverflows of net/netstat')],
      doing: doingOf([listener], now),
      reach: waiting + (overflows ?? 0),
      evidence: [
        evidence,
        ...(nobodyAccepted
          ? [
              `the same ${counted(stillWaiting, 'connection')} waited in both looks: accept() was not called ${during(seconds)}`,
            ]
          : []),
        ...acceptedText(listener, facts),
        ...(overflows !== undefined && !evidence.includes('ListenOverflows')
          ? [`ListenOverflows rose by ${overflows} ${during(seconds)} (net/netstat, of all listeners)`]
          : []),
        ...(clients.length > 0
          ? [`${counted(clients.length, 'client')} of this host in SYN_SENT to it: ${who(clients, 'owner not known')}`]
          : []),
      ],
      do: [
        lookAtStack([listener]),
        'where it accepts, only too slowly: more workers, or a larger backlog in listen()' +
          (somaxconn === undefined ? '' : `, of which the kernel grants net.core.somaxconn (${somaxconn}) at most`),
      ],
      not: [
        'raising net.core.somaxconn alone: a listener keeps the limit it had when it called listen()',
        ...(isAbandoned ? ['a longer queue: nobody takes from it'] : []),
      ],
    },
  )
}
