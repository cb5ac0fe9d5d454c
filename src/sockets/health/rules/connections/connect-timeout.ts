import { groupBy } from '../../../../group-by.ts'
import { endpoint, unmapIp } from '../../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { during, remote, servicePlace, who } from '../../health-words.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket, UnansweredConnect } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { fullQueue, listenersFor, listenersOf } from '../listeners/queue-state.ts'

/** A first segment that was sent again: at least a second went by without an answer. */
export const connectTimeout: HealthRule = {
  code: 'connect-timeout',
  why: 'A socket in SYN_SENT has sent its first segment again: nobody answered for a second. Where a tracer counts, also connections that were given up or ended without an answer. Who knocks at a full accept queue is told with that queue.',
  thresholds: ['unansweredConnects'],
  check(facts) {
    const knocks = facts.inState(TCP_STATE.synSent).filter(({ row }) => row.retransmits >= 1)
    const waiting = groupBy(
      knocks.filter(client => !isExplained(listenersFor(client, facts), facts)),
      remote,
    )
    const given = groupBy(
      (facts.now.traced?.unanswered ?? []).filter(
        ({ address, port }) => !isExplained(listenersOf(address, port, facts), facts),
      ),
      ({ address, port }) => endpoint(unmapIp(address), port),
    )
    return [...new Set([...waiting.keys(), ...given.keys()])].flatMap(place => {
      const [clients, tries] = [waiting.get(place) ?? [], given.get(place) ?? []]
      const count = tries.reduce((sum, one) => sum + one.count, 0)
      const tried = count === 0 ? 0 : count + pendingAt(place, facts)
      if (clients.length === 0 && tried < THRESHOLDS.unansweredConnects.value) return []
      return [report(place, clients, tries, count, facts)]
    })
  },
}

/** Tries that were under way in one of the looks: who gives up soon is always at one. */
function pendingAt(place: string, { now, before }: HealthFacts): number {
  const sockets = [...now.sockets, ...(before?.sockets ?? [])]
  const tries = sockets.filter(socket => socket.row.state === TCP_STATE.synSent && remote(socket) === place)
  return new Set(tries.map(({ row }) => row.inode)).size
}

const isExplained = (listeners: readonly InetSocket[], facts: HealthFacts) =>
  listeners.some(listener => fullQueue(listener, facts) !== undefined)

const destinationOf = ({ row }: InetSocket) => ({ address: row.remoteAddress, port: row.remotePort })

function report(
  place: string,
  clients: readonly InetSocket[],
  tries: readonly UnansweredConnect[],
  count: number,
  facts: HealthFacts,
) {
  const lasting = clients.filter(client => facts.earlier(client) !== undefined)
  const { address, port } = clients[0] === undefined ? tries[0]! : destinationOf(clients[0])
  const [listener] = listenersOf(address, port, facts)
  const most = Math.max(0, ...clients.map(({ row }) => row.retransmits))
  const isSure = lasting.length > 0 || count > 0
  return finding(
    'connect-timeout',
    isSure ? 'critical' : 'warning',
    `gets no answer from ${place}: ${counted(clients.length + count, 'connection')} cannot be made`,
    {
      of: [...clients, ...tries],
      otherwise: 'a client',
      measured: count === 0 ? [] : [measured('unansweredConnects', count, 'tracepoint sock:inet_sock_set_state')],
      towards: listener === undefined ? facts.listenersElsewhere(address, port) : [listener],
      reach: clients.length + count,
      evidence: [
        ...(clients.length === 0
          ? []
          : [
              `${counted(clients.length, 'socket')} in SYN_SENT, the first segment sent again up to ${counted(most, 'time')} (from one on a second or more has passed)`,
            ]),
        ...(lasting.length > 0 ? [`${lasting.length} of them got no answer ${during(facts.seconds)} either`] : []),
        ...(count > 0
          ? [
              `${count} given up or ended without an answer meanwhile (from ${THRESHOLDS.unansweredConnects.value} on; tracepoint sock:inet_sock_set_state)`,
            ]
          : []),
        ...(listener === undefined
          ? []
          : [`${who([listener], 'a program')} listens there, on ${servicePlace(listener)}`]),
      ],
      do:
        listener === undefined
          ? [
              `see whether ${place} is reachable: ip route get ${address}; a firewall that drops says nothing`,
              'look at the machine there: is the program up, is its accept queue full',
            ]
          : ['a firewall of this host drops them: look at its rules for that port (nft list ruleset)'],
      not: ['a longer timeout in the client: there is no answer to wait for'],
    },
  )
}
