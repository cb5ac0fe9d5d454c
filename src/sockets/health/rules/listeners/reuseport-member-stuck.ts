import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { doingOf, lookAtStack, secondsText, servicePlace } from '../../health-words.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { acceptedText, groupOf, isServed } from './queue-state.ts'

/**
 * One of several sockets that share a port by SO_REUSEPORT keeps its connections waiting while the queues of the others are
 * empty: the kernel gives it its share whatever it does.
 */
export const reuseportMemberStuck: HealthRule = {
  code: 'reuseport-member-stuck',
  needsTwoLooks: true,
  why: 'Several sockets listen on one address (SO_REUSEPORT); in the queue of one connections wait in both looks and nobody accepted one of them, while another queue is empty. The kernel goes on giving it its share.',
  thresholds: ['unservedSeconds'],
  check(facts) {
    const { seconds } = facts
    if (seconds === undefined || seconds < THRESHOLDS.unservedSeconds.value) return []
    return facts
      .inState(TCP_STATE.listen)
      .filter(listener => isStuckAlone(listener, facts))
      .map(listener => report(listener, seconds, facts))
  },
}

export function isStuckAlone(listener: InetSocket, facts: HealthFacts): boolean {
  const before = facts.earlier(listener)?.row.rxQueueBytes ?? 0
  if (before === 0 || listener.row.rxQueueBytes < before) return false
  const others = groupOf(listener, facts).filter(other => other !== listener)
  if (others.length === 0) return false
  const waits = facts.unaccepted(listener)
  // Where accept() was counted it is known of each socket.
  if (facts.now.traced !== undefined) return others.some(isEmpty) && isServed(listener, waits, facts) === false
  // With all others empty, every connection that waits there is its own.
  return others.every(isEmpty) && waits.stillWaiting >= before
}

const isEmpty = ({ row }: InetSocket) => row.rxQueueBytes === 0

function report(listener: InetSocket, seconds: number, facts: HealthFacts) {
  const group = groupOf(listener, facts)
  const { rxQueueBytes: waiting, inode } = listener.row
  return finding(
    'reuseport-member-stuck',
    'critical',
    `does not accept on ${servicePlace(listener)}, ${group.length - 1 === 1 ? 'the other socket does' : `the ${group.length - 1} other sockets do`}: one client in ${group.length} hangs`,
    {
      of: [listener],
      otherwise: 'a server',
      measured: [measured('unservedSeconds', seconds, 'Recv-Q of net/tcp')],
      doing: doingOf([listener], facts.now),
      reach: waiting,
      evidence: [
        `${counted(waiting, 'connection')} in the queue of socket ${inode}, the same in both looks ${secondsText(seconds)} apart; the queues of the others are empty`,
        `${group.length} sockets listen on ${servicePlace(listener)} (SO_REUSEPORT)`,
        ...acceptedText(listener, facts),
      ],
      do: ['restart that worker: closing the socket gives its share to the others', lookAtStack([listener])],
      not: ['a larger backlog: nobody takes from that queue'],
    },
  )
}
