import { groupBy } from '../../../../group-by.ts'
import { unmapIp } from '../../../../kernel/ip-address.ts'
import { counted, formatBytes } from '../../../../terminal/units.ts'
import { isTcp, type HealthFacts } from '../../facts.ts'
import { during, local, ownersOfAll, remote, who } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { isAskingForRoom, isUnread } from './reader-stuck.ts'

/** Something waits to be sent, and the other side has no room for it: its program does not read. */
export const peerZeroWindow: HealthRule = {
  code: 'peer-zero-window',
  why: 'Bytes wait to be sent and the timer probes a closed window, in both looks: the other end has said that it takes nothing, and between them it made no room. Where its program is on this machine and stands still, that is told as reader-stuck.',
  thresholds: ['windowProbes'],
  check(facts) {
    const blocked = facts.now.sockets.filter(socket => isTcp(socket) && isBlocked(socket, facts))
    // Where the reader is on this host and known to stand still, or has not accepted yet, it is named instead.
    const unexplained = blocked.filter(
      socket => !facts.peersOf(socket).some(peer => isUnread(peer, facts) || isUnaccepted(peer, facts)),
    )
    return [...groupBy(unexplained, ({ row }) => unmapIp(row.remoteAddress)).values()].map(sockets =>
      report(sockets, facts),
    )
  },
}

/** In both looks; in one look alone a probe that was not answered counts. */
function isBlocked(socket: InetSocket, facts: HealthFacts): boolean {
  if (!isAskingForRoom(socket)) return false
  if (facts.before === undefined) return socket.row.probes > 0
  const earlier = facts.earlier(socket)
  if (earlier === undefined || !isAskingForRoom(earlier)) return false
  // A reader that is only slow makes room again and again.
  if (facts.peersOf(socket).some(peer => hasMoved(peer, facts))) return false
  return (socket.kernel?.tcpInfo?.backoff ?? Infinity) >= THRESHOLDS.windowProbes.value
}

/** Between the looks somebody read, or something arrived. */
function hasMoved(peer: InetSocket, facts: HealthFacts): boolean {
  const before = facts.earlier(peer)?.row.rxQueueBytes
  return before !== undefined && before !== peer.row.rxQueueBytes
}

/** The accept queue that it waits in is told. */
function isUnaccepted({ row }: InetSocket, facts: HealthFacts): boolean {
  return row.inode === '0' && facts.listenersAt(unmapIp(row.localAddress), row.localPort).length > 0
}

function report(sockets: readonly InetSocket[], facts: HealthFacts) {
  const [fullest] = [...sockets].sort((a, b) => b.row.txQueueBytes - a.row.txQueueBytes)
  const peers = sockets.flatMap(socket => facts.peersOf(socket))
  const isHere = ownersOfAll(peers).length > 0
  return finding(
    'peer-zero-window',
    'warning',
    isHere
      ? `does not read: ${who(sockets, 'a program')} cannot send ${formatBytes(fullest!.row.txQueueBytes)} from ${local(fullest!)}`
      : `cannot send ${formatBytes(fullest!.row.txQueueBytes)} from ${local(fullest!)}: the program at ${remote(fullest!)} does not read`,
    {
      of: isHere ? peers : sockets,
      victims: isHere ? sockets : [],
      reach: sockets.length,
      evidence: [
        `the timer of ${counted(sockets.length, 'connection')} is the zero-window probe${facts.before === undefined ? `, ${fullest!.row.probes} of them unanswered` : `, ${during(facts.seconds)} no room was given`}: the other side says that it has no room`,
      ],
      do: [
        isHere
          ? `look at ${who(peers, 'it')}: it has the data and does not take it`
          : `look at ${remote(fullest!)}: its program has the data and does not read it`,
      ],
      not: [
        'larger send buffers: what cannot be sent only waits longer',
        'blaming the network: the other side answers',
      ],
    },
  )
}
