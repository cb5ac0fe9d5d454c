import { groupBy } from '../../../../group-by.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { culpritOf, during, plural, remote, servicePlace, who } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'
import { fullQueue, listenersFor } from '../listeners/queue-state.ts'

/** A first segment that was sent again: at least a second went by without an answer. */
export const connectTimeout: HealthRule = {
  code: 'connect-timeout',
  check(facts) {
    const unanswered = facts
      .inState(TCP_STATE.synSent)
      .filter(({ row }) => row.retransmits >= 1)
      // Who knocks at a full queue is told with that queue.
      .filter(client => !listenersFor(client, facts).some(listener => fullQueue(listener, facts) !== undefined))
    return [...groupBy(unanswered, remote).values()].map(clients => report(clients, facts))
  },
}

function report(clients: readonly InetSocket[], facts: HealthFacts) {
  const lasting = clients.filter(client => facts.earlier(client) !== undefined)
  const [listener] = listenersFor(clients[0]!, facts)
  const place = remote(clients[0]!)
  const most = Math.max(...clients.map(({ row }) => row.retransmits))
  return finding(
    'connect-timeout',
    lasting.length > 0 ? 'critical' : 'warning',
    `${who(clients, 'a client')} gets no answer from ${place}: ${plural(clients.length, 'connection')} cannot be made`,
    {
      culprit: culpritOf(clients),
      evidence: [
        `${plural(clients.length, 'socket')} in SYN_SENT, the first segment sent again up to ${plural(most, 'time')} (from one on a second or more has passed)`,
        ...(lasting.length > 0 ? [`${lasting.length} of them got no answer ${during(facts.seconds)} either`] : []),
        ...(listener === undefined
          ? []
          : [`${who([listener], 'a program')} listens there, on ${servicePlace(listener)}`]),
      ],
      do:
        listener === undefined
          ? [
              `see whether ${place} is reachable: ip route get ${clients[0]!.row.remoteAddress}; a firewall that drops says nothing`,
              'look at the machine there: is the program up, is its accept queue full',
            ]
          : ['a firewall of this host drops them: look at its rules for that port (nft list ruleset)'],
      not: ['a longer timeout in the client: there is no answer to wait for'],
    },
  )
}
