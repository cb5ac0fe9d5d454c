import { formatBytes } from '../../../../terminal/units.ts'
import type { HealthFacts } from '../../facts.ts'
import { doingOf, during, local } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** Datagrams that found no room in the buffer of their socket. */
export const udpReceiveDrops: HealthRule = {
  code: 'udp-receive-drops',
  needsTwoLooks: true,
  why: 'The count of dropped datagrams of one socket rises.',
  thresholds: ['udpDropsPerSecond'],
  check(facts) {
    const { seconds } = facts
    if (seconds === undefined || seconds <= 0) return []
    return facts.now.sockets.flatMap(socket => {
      const dropped = droppedSince(socket, facts)
      return dropped / seconds > THRESHOLDS.udpDropsPerSecond.value ? [report(socket, dropped, seconds, facts)] : []
    })
  },
}

function droppedSince(socket: InetSocket, facts: HealthFacts): number {
  const { table, drops, inode } = socket.row
  const before = facts.earlier(socket)?.row.drops
  if (!table.startsWith('udp') || drops === undefined || before === undefined || inode === '0') return 0
  return drops - before
}

function report(socket: InetSocket, dropped: number, seconds: number, facts: HealthFacts) {
  const { rxQueueBytes, drops } = socket.row
  const room = socket.kernel?.memory?.receiveLimitBytes
  const bufferErrors = facts.rise('Udp', 'RcvbufErrors')
  return finding(
    'udp-receive-drops',
    'critical',
    `loses ${Math.round(dropped / seconds)} datagrams a second on ${local(socket)}: it reads too slowly`,
    {
      of: [socket],
      otherwise: 'a program',
      measured: [measured('udpDropsPerSecond', dropped / seconds, 'drops of net/udp')],
      doing: doingOf([socket], facts.now),
      reach: Math.round(dropped / seconds),
      evidence: [
        `${dropped} dropped ${during(seconds)}, ${drops} since the socket was made (column drops; from ${THRESHOLDS.udpDropsPerSecond.value} a second on)`,
        `${formatBytes(rxQueueBytes)} wait in its receive queue${room === undefined ? '' : `, which holds ${formatBytes(room)}`}`,
        ...(bufferErrors === undefined ? [] : [`Udp RcvbufErrors rose by ${bufferErrors} (net/snmp, of all sockets)`]),
      ],
      do: [
        'read faster: recvmmsg(), more threads, SO_REUSEPORT',
        'for bursts a larger SO_RCVBUF, of which the kernel grants net.core.rmem_max at most',
      ],
      not: ['a larger buffer where the load is steady: it fills as well'],
    },
  )
}
