import { isLoopbackIp, unmapIp } from '../../../kernel/ip-address.ts'
import { TIME_WAIT } from '../../../kernel/tcp-state.ts'
import type { Socket } from '../../model.ts'
import type { SocketPeer } from '../../peers/peer.ts'
import { findPeers } from '../../peers/rules/find-peers.ts'
import type { TranslatedFlow } from '../../peers/rules/inet-peers.ts'
import { hasTcpStates, type InetRow } from '../../tables/inet-row.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { FarEnd, HostSocket } from '../host-socket.ts'
import { likelyEnds } from './likely-ends.ts'

/** What is known of one host. */
export interface HostEnds {
  host: string
  /** Every socket of an internet protocol, each with its namespace. */
  all: readonly Socket[]
  /** Namespace of sockets that name none. */
  own: string
  /** Addresses that are its own, loopback left out; not IPv4-mapped. */
  addresses: ReadonlySet<string>
  flows: readonly TranslatedFlow[]
}

/** A socket with the host it is on, in a namespace that no other host has. */
export interface Located {
  at: HostSocket
  socket: Socket & { row: InetRow }
}

/**
 * The other end of a socket of `host`, wherever on these hosts it is. The same addresses the other way round are the other
 * end; on the same host before any other, for private addresses are on many hosts. Loopback never leaves its namespace.
 */
export function farEndFinder(hosts: readonly HostEnds[]): (host: string, socket: Socket) => FarEnd | undefined {
  const located = hosts.flatMap(each => each.all.flatMap(socket => locate(each, socket)))
  const bySocket = new Map<Socket, Located>(located.map(one => [one.socket, one]))
  const byIdentity = new Map(located.map(one => [identityOf(one.at.host, placeOf(one.socket), one.socket), one]))
  const sockets = located.map(({ socket }) => socket)
  const flows = hosts.flatMap(({ flows: own }) => own)
  const peers = findPeers(sockets, { all: sockets, flows, own: undefined })
  const nearest = new Map([...peers].map(([socket, peer]) => [socket, onSameHost(socket, peer)] as const))
  const open = located.filter(({ socket }) => nearest.get(socket)?.kind === 'not-here' && isTcp(socket.row))
  const likely = likelyEnds(open, located)
  const owners = new Map(hosts.map(({ host, own }) => [host, own]))

  return (host, socket) => {
    if (!isInetRow(socket.row)) return undefined
    const twin = byIdentity.get(identityOf(host, `${host} ${socket.netns?.netns ?? owners.get(host)}`, socket))
    const peer = twin && nearest.get(twin.socket)
    return twin === undefined || peer === undefined ? undefined : endOf(twin, peer)
  }

  function onSameHost(socket: Socket, peer: SocketPeer): SocketPeer {
    const host = bySocket.get(socket)?.at.host
    const near = peer.ends.filter(end => bySocket.get(end)?.at.host === host)
    if (peer.kind !== 'ambiguous' || near.length === 0) return peer
    return { ...peer, kind: near.length === 1 ? 'connected' : 'ambiguous', ends: near }
  }

  function endOf({ at, socket }: Located, { kind, ends, listeners, translated }: SocketPeer): FarEnd {
    const told = (found: readonly Socket[]) => found.map(end => bySocket.get(end)!.at)
    if (kind === 'not-accepted') return { kind, ends: told(listeners ?? []) }
    if (kind === 'ambiguous') return { kind, ends: told(ends) }
    if (kind !== 'not-here') {
      // Where the end has other candidates than this one, neither is certain.
      const isShared = ends.some(end => nearest.get(end)?.kind === 'ambiguous')
      return { kind: isShared ? 'ambiguous' : translated ? 'translated' : 'connected', ends: told(ends) }
    }
    const { row } = socket
    if (isTcp(row) && row.state === TIME_WAIT) return { kind: 'closed', ends: [] }
    const perhaps = likely.get(socket)
    if (perhaps !== undefined)
      return { kind: perhaps.length === 1 ? 'likely' : 'ambiguous', ends: perhaps.map(one => one.at) }
    const remote = unmapIp(row.remoteAddress)
    const there = isLoopbackIp(remote)
      ? [at.host]
      : hosts.flatMap(({ host, addresses }) => (addresses.has(remote) ? [host] : []))
    return isTcp(row) && there.length > 0
      ? { kind: 'one-sided', ends: [], hosts: there }
      : { kind: 'not-here', ends: [] }
  }
}

const isTcp = ({ table }: InetRow) => hasTcpStates(table)

/** The same socket, in a namespace whose name tells the host, too. */
function locate({ host }: HostEnds, socket: Socket): Located[] {
  const { row, netns } = socket
  if (!isInetRow(row) || netns === undefined) return []
  return [{ at: { host, socket }, socket: { ...socket, row, netns: { ...netns, netns: `${host} ${netns.netns}` } } }]
}

const placeOf = ({ netns }: Socket) => netns?.netns ?? ''

/** Equal for one socket in two readings. */
function identityOf(host: string, place: string, { row }: Socket): string {
  if (row.inode !== '0' || !isInetRow(row)) return `${host} ${place} ${row.inode}`
  return `${host} ${place} ${row.table} ${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort}`
}
