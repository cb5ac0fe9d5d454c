import { groupBy } from '../../../group-by.ts'
import { isUnixListener, UNIX_STATE } from '../../../kernel/unix-socket.ts'
import type { Socket } from '../../model.ts'
import type { UnixRow } from '../../tables/unix-row.ts'
import type { SocketPeer } from '../peer.ts'

type UnixSocket = Socket & { row: UnixRow }

/**
 * The other end of each unix socket (`told`: by ss, where the kernel could not be asked), by the inodes that the kernel tells (they are of one space for all namespaces). A
 * datagram socket may send to one that does not send back: then each of them has a peer of the kind `one-way`.
 */
export function unixPeers(sockets: readonly UnixSocket[], told?: ReadonlyMap<string, string>): Map<Socket, SocketPeer> {
  const peerInodeOf = ({ row, kernel }: UnixSocket) => (kernel === undefined ? told?.get(row.inode) : kernel.peerInode)
  const held = sockets.filter(({ row }) => row.inode !== '0')
  const byInode = new Map(held.map(socket => [socket.row.inode, socket]))
  const sendersTo = groupBy(held, peerInodeOf)
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
    const listener = waitsFor.get(row.inode)
    if (listener !== undefined) return { kind: 'not-accepted', ends: [], listeners: [listener] }
    const peerInode = peerInodeOf(socket)
    if (peerInode !== undefined && peerInode !== '0') {
      const end = byInode.get(peerInode)
      if (end === undefined) return { kind: 'not-here', ends: [] }
      return { kind: peerInodeOf(end) === row.inode ? 'connected' : 'one-way', ends: [end] }
    }
    const senders = sendersTo.get(row.inode)
    if (senders !== undefined) return { kind: 'one-way', ends: senders }
    if (kernel !== undefined || !mayHavePeer(row) || (told?.has(row.inode) && row.type === DATAGRAM)) return undefined
    // It came or went between two readings where the kernel named the others.
    return { kind: wasAsked ? 'not-here' : 'not-known', ends: [] }
  }
}

const DATAGRAM = 2

function mayHavePeer(row: UnixRow): boolean {
  return !isUnixListener(row) && (row.state === UNIX_STATE.connected || row.type === DATAGRAM)
}
