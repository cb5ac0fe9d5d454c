import { groupBy } from '../../../group-by.ts'
import { isUnixListener, UNIX_STATE } from '../../../kernel/unix-socket.ts'
import type { Socket } from '../../model.ts'
import type { UnixRow } from '../../tables/unix-row.ts'
import type { SocketPeer } from '../peer.ts'

type UnixSocket = Socket & { row: UnixRow }

/**
 * The other end of each unix socket, by the inodes that the kernel tells (they are of one space for all namespaces). A
 * datagram socket may send to one that does not send back: then each of them has a peer of the kind `one-way`.
 */
export function unixPeers(sockets: readonly UnixSocket[]): Map<Socket, SocketPeer> {
  const held = sockets.filter(({ row }) => row.inode !== '0')
  const byInode = new Map(held.map(socket => [socket.row.inode, socket]))
  const sendersTo = groupBy(held, ({ kernel }) => kernel?.peerInode)
  const waitsFor = new Map(
    held.flatMap(socket => (socket.kernel?.waitingInodes ?? []).map(inode => [inode, socket] as const)),
  )
  const wasAsked = held.some(({ kernel }) => kernel !== undefined)
  const peers = new Map<Socket, SocketPeer>()
  for (const socket of sockets) {
    const peer = socket.row.inode === '0' ? clientsOf(socket) : peerOf(socket)
    if (peer !== undefined) peers.set(socket, peer)
  }
  return peers

  /** Of a connection that nobody has accepted: who waits for a listener of its name. */
  function clientsOf({ row }: UnixSocket): SocketPeer | undefined {
    const ends = [...waitsFor].flatMap(
      ([
        inode,
        {
          row: { path },
        },
      ]) => {
        const client = byInode.get(inode)
        return path === row.path && path !== undefined && client !== undefined ? [client] : []
      },
    )
    if (ends.length === 0) return undefined
    return { kind: ends.length === 1 ? 'connected' : 'ambiguous', ends }
  }

  function peerOf(socket: UnixSocket): SocketPeer | undefined {
    const { row, kernel } = socket
    // It came or went between two readings where the kernel named the others.
    if (kernel === undefined)
      return mayHavePeer(row) ? { kind: wasAsked ? 'not-here' : 'not-known', ends: [] } : undefined
    const listener = waitsFor.get(row.inode)
    if (listener !== undefined) return { kind: 'not-accepted', ends: [], listeners: [listener] }
    if (kernel.peerInode !== undefined && kernel.peerInode !== '0') {
      const end = byInode.get(kernel.peerInode)
      if (end === undefined) return { kind: 'not-here', ends: [] }
      return { kind: end.kernel?.peerInode === row.inode ? 'connected' : 'one-way', ends: [end] }
    }
    const senders = sendersTo.get(row.inode)
    return senders === undefined ? undefined : { kind: 'one-way', ends: senders }
  }
}

const DATAGRAM = 2

function mayHavePeer(row: UnixRow): boolean {
  return !isUnixListener(row) && (row.state === UNIX_STATE.connected || row.type === DATAGRAM)
}
