import { groupBy } from '../../../group-by.ts'
import { isLoopbackIp, isUnspecifiedIp, unmapIp } from '../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { Socket } from '../../model.ts'
import { listeningOf, type Listening } from '../../rules/listening.ts'
import type { InetRow, TcpTable } from '../../tables/inet-row.ts'
import { isInetRow, isUnixRow } from '../../tables/socket-row.ts'
import type { UnixRow } from '../../tables/unix-row.ts'
import type { SocketPeer } from '../peer.ts'
import { hasRemote, inetPeers, protocolOf, type TranslatedFlow } from './inet-peers.ts'
import { unixPeers } from './unix-peers.ts'

/** Where the other ends of sockets are looked for. */
export interface PeerSearch {
  /** Every socket of every namespace that could be read. */
  all: readonly Socket[]
  flows: readonly TranslatedFlow[]
  /** Inodes of the other ends of unix sockets, where ss(8) told them instead of the kernel. */
  unixPeers?: ReadonlyMap<string, string> | undefined
  /** `net:[N]` of the reader, in which the sockets that name no namespace are. */
  own: string | undefined
}

type InetSocket = Socket & { row: InetRow }

/** The other end of each of these sockets; one that is not connected to anything has none. */
export function findPeers(
  sockets: readonly Socket[],
  { all, flows, own, unixPeers: told }: PeerSearch,
): Map<Socket, SocketPeer> {
  const identity = (socket: Socket) => `${socket.netns?.netns ?? own ?? ''} ${identityOf(socket)}`
  const known = new Map(all.map(socket => [identity(socket), socket]))
  // What has gone since is still the end of somebody.
  const everything = [...all, ...sockets.filter(socket => !known.has(identity(socket)))]
  const inet = everything.filter((socket): socket is InetSocket => isInetRow(socket.row))
  const direct = inetPeers(inet, { own })
  const ends = flows.length === 0 ? direct : inetPeers(inet, { flows, own })
  const unix = unixPeers(
    everything.filter((socket): socket is Socket & { row: UnixRow } => isUnixRow(socket.row)),
    told,
  )
  const listening = listeningByNamespace(inet, own)
  const takersByPort = groupBy(
    inet.filter(({ row }) => !isTcp(row) && !hasRemote(row)),
    ({ row }) => row.localPort,
  )
  const peers = new Map<Socket, SocketPeer>()
  for (const socket of sockets) {
    const twin = known.get(identity(socket)) ?? socket
    const peer = isInetRow(twin.row) ? inetPeer(twin as InetSocket) : unix.get(twin)
    if (peer !== undefined) peers.set(socket, peer)
  }
  return peers

  function inetPeer(socket: InetSocket): SocketPeer | undefined {
    if (!hasRemote(socket.row)) return undefined
    const found = ends.get(socket) ?? []
    const translated = found.length > 0 && !direct.has(socket) ? { translated: true as const } : {}
    if (found.length > 1) return { kind: 'ambiguous', ends: found, ...translated }
    const [end] = found
    if (end === undefined) return withoutEnd(socket)
    const waitsFor = isUnaccepted(end) ? listenersOf(end, end.row.localAddress, end.row.localPort) : []
    if (waitsFor.length > 0) return { kind: 'not-accepted', ends: found, listeners: waitsFor, ...translated }
    return { kind: 'connected', ends: found, ...translated }
  }

  /** Who is asked and has not answered, or takes what is sent without a connection. */
  function withoutEnd(socket: InetSocket): SocketPeer {
    const { row } = socket
    const isOwn = isLoopbackIp(unmapIp(row.remoteAddress)) || unmapIp(row.remoteAddress) === unmapIp(row.localAddress)
    if (row.state === TCP_STATE.synSent && isTcp(row) && isOwn) {
      const listeners = listenersOf(socket, row.remoteAddress, row.remotePort)
      if (listeners.length > 0) return { kind: 'not-accepted', ends: [], listeners }
    }
    if (!isTcp(row)) {
      const takers = (takersByPort.get(row.remotePort) ?? []).filter(other => takesFrom(other, socket, isOwn))
      if (takers.length > 0) return { kind: takers.length === 1 ? 'one-way' : 'ambiguous', ends: takers }
    }
    return { kind: 'not-here', ends: [] }
  }

  /** A datagram socket without a peer, bound to where the other one sends. */
  function takesFrom(other: InetSocket, { row, netns }: InetSocket, isOwn: boolean): boolean {
    if (protocolOf(other.row.table) !== protocolOf(row.table)) return false
    const isBeside = (other.netns?.netns ?? own) === (netns?.netns ?? own)
    if (unmapIp(other.row.localAddress) === unmapIp(row.remoteAddress)) return isBeside || !isOwn
    return isOwn && isBeside && isUnspecifiedIp(other.row.localAddress)
  }

  function listenersOf(socket: Socket, address: string, port: number): readonly Socket[] {
    const there = listening.get(socket.netns?.netns ?? own)
    return there?.of(unmapIp(address), port, (socket.row as InetRow).table as TcpTable) ?? []
  }
}

const isTcp = ({ table }: InetRow) => table === 'tcp' || table === 'tcp6'

/** No process holds it yet. */
function isUnaccepted({ row }: InetSocket): boolean {
  return isTcp(row) && row.inode === '0' && (row.state === TCP_STATE.established || row.state === TCP_STATE.closeWait)
}

/** Equal for one socket in two readings. */
function identityOf({ row }: Socket): string {
  if (row.inode !== '0') return row.inode
  if (isInetRow(row)) return `${row.table} ${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort}`
  return row.table === 'unix' ? `unix ${row.path ?? ''}` : row.table
}

interface SocketListening {
  of(address: string, port: number, table: TcpTable): Socket[]
}

function listeningByNamespace(inet: readonly InetSocket[], own: string | undefined) {
  const listeners = inet.filter(({ row }) => isTcp(row) && row.state === TCP_STATE.listen)
  const byNamespace = new Map<string | undefined, SocketListening>()
  for (const [place, sockets] of groupBy(listeners, ({ netns }) => netns?.netns ?? own)) {
    const byRow = new Map(sockets.map(socket => [socket.row, socket]))
    const listening: Listening = listeningOf(sockets.map(({ row }) => row))
    byNamespace.set(place, {
      of: (address, port, table) => listening.at(address, port, table).map(row => byRow.get(row)!),
    })
  }
  return byNamespace
}
