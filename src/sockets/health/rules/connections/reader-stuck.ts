import { groupBy } from '../../../../group-by.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../../../kernel/tcp-timer.ts'
import { counted, formatBytes } from '../../../../terminal/units.ts'
import type { HealthFacts } from '../../facts.ts'
import { doingOf, during, local, lookAtStack, ownersOf, remote, who } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** What has arrived stays where it is, byte for byte; where the sender is on this host, it is named as who suffers. */
export const readerStuck: HealthRule = {
  code: 'reader-stuck',
  needsTwoLooks: true,
  why: 'Bytes wait to be read and not one was read or arrived between the looks: a connection in use changes within milliseconds. Fewer bytes count where the sender, on this machine, probes a closed window.',
  thresholds: ['unreadBytes'],
  check(facts) {
    const open = [TCP_STATE.established, TCP_STATE.closeWait].flatMap(state => facts.inState(state))
    const stuck = open.filter(socket => isUnread(socket, facts))
    return [...groupBy(stuck, socket => ownersOf(socket)[0]?.pid ?? 'unknown').values()].map(sockets =>
      report(sockets, facts),
    )
  },
}

/** Not read between the looks, and so much of it, or the sender kept waiting, that it is no pause. */
export function isUnread(socket: InetSocket, facts: HealthFacts): boolean {
  const { rxQueueBytes, inode } = socket.row
  const before = facts.earlier(socket)?.row.rxQueueBytes
  if (inode === '0' || before === undefined || before !== rxQueueBytes) return false
  return (
    rxQueueBytes >= THRESHOLDS.unreadBytes.value || (rxQueueBytes > 1 && blockedSender(socket, facts) !== undefined)
  )
}

/** The other end on this host, where it asks in vain for room in both looks. */
export function blockedSender(socket: InetSocket, facts: HealthFacts): InetSocket | undefined {
  return facts.peersOf(socket).find(peer => {
    const earlier = facts.earlier(peer)
    return isAskingForRoom(peer) && earlier !== undefined && isAskingForRoom(earlier)
  })
}

/** The zero-window probe: there is something to send, and the other side has no room. */
export function isAskingForRoom({ row }: InetSocket): boolean {
  return row.timer === TCP_TIMER.zeroWindowProbe && row.txQueueBytes > 0
}

function report(sockets: readonly InetSocket[], facts: HealthFacts) {
  const [fullest] = [...sockets].sort((a, b) => b.row.rxQueueBytes - a.row.rxQueueBytes)
  const senders = sockets.flatMap(socket => blockedSender(socket, facts) ?? [])
  const more = sockets.length > 1 ? ` and on ${sockets.length - 1} more` : ''
  return finding(
    'reader-stuck',
    senders.length > 0 ? 'critical' : 'warning',
    `does not read from ${remote(fullest!)} on ${local(fullest!)}${more}${senders.length > 0 ? `; ${who(senders, 'the sender')} cannot send` : ''}`,
    {
      of: sockets,
      otherwise: 'a program',
      victims: senders,
      measured: [measured('unreadBytes', sum(sockets), 'Recv-Q of net/tcp')],
      doing: doingOf(sockets, facts.now),
      reach: sockets.length,
      evidence: [
        `${formatBytes(fullest!.row.rxQueueBytes)} in the receive queue, not a byte read ${during(facts.seconds)} (from ${formatBytes(THRESHOLDS.unreadBytes.value)} on, or any where the sender waits)`,
        ...senders
          .slice(0, 1)
          .map(
            sender =>
              `${formatBytes(sender.row.txQueueBytes)} wait at ${local(sender)} of ${who([sender], 'the sender')}, which asks for room in vain (zero-window probe)`,
          ),
        ...(sockets.length > 1 ? [`${counted(sockets.length, 'connection')} of this program`] : []),
      ],
      do: [lookAtStack(sockets)],
      not: ['larger buffers (tcp_rmem, SO_RCVBUF): they fill as well', 'blaming the network or the sender'],
    },
  )
}

const sum = (sockets: readonly InetSocket[]) => sockets.reduce((bytes, { row }) => bytes + row.rxQueueBytes, 0)
