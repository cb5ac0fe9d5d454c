import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { culpritOf, doingOf, lookAtStack, plural, secondsText, servicePlace, who } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { groupOf } from './queue-state.ts'

/**
 * One of several sockets that share a port by SO_REUSEPORT keeps its connections waiting while the queues of the others are
 * empty: the kernel gives it its share whatever it does.
 */
export const reuseportMemberStuck: HealthRule = {
  code: 'reuseport-member-stuck',
  needsTwoLooks: true,
  check(facts) {
    const { seconds } = facts
    if (seconds === undefined || seconds < THRESHOLDS.unservedSeconds.value) return []
    return facts
      .inState(TCP_STATE.listen)
      .filter(listener => isStuckAlone(listener, facts))
      .map(listener => report(listener, seconds, facts))
  },
}

function isStuckAlone(listener: InetSocket, facts: HealthFacts): boolean {
  const others = groupOf(listener, facts).filter(other => other !== listener)
  const before = facts.earlier(listener)?.row.rxQueueBytes ?? 0
  if (others.length === 0 || before === 0 || listener.row.rxQueueBytes < before) return false
  const areEmpty = others.every(other => other.row.rxQueueBytes === 0)
  // With all others empty, every connection that waits there is its own.
  return areEmpty && facts.unaccepted(listener).stillWaiting >= before
}

function report(listener: InetSocket, seconds: number, facts: HealthFacts) {
  const group = groupOf(listener, facts)
  const { rxQueueBytes: waiting, inode } = listener.row
  const doing = doingOf([listener], facts.now)
  return finding(
    'reuseport-member-stuck',
    'critical',
    `${who([listener], 'a server')} does not accept on ${servicePlace(listener)}, ${group.length - 1 === 1 ? 'the other socket does' : `the ${group.length - 1} other sockets do`}: one client in ${group.length} hangs`,
    {
      culprit: culpritOf([listener]),
      evidence: [
        `${plural(waiting, 'connection')} in the queue of socket ${inode}, the same in both looks ${secondsText(seconds)} apart; the queues of the others are empty`,
        `${group.length} sockets listen on ${servicePlace(listener)} (SO_REUSEPORT)`,
        ...(doing === undefined ? [] : [doing]),
      ],
      do: ['restart that worker: closing the socket gives its share to the others', lookAtStack([listener])],
      not: ['a larger backlog: nobody takes from that queue'],
    },
  )
}
