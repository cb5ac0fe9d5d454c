import { groupBy } from '../../group-by.ts'
import { isLoopbackIp, isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { inetPeers } from '../peers/rules/inet-peers.ts'
import { listeningOf, type Listening } from '../rules/listening.ts'
import type { InetRow, TcpTable } from '../tables/inet-row.ts'
import type { HealthLook, InetSocket } from './look.ts'

/** What a rule may look at: the last look, the one before it, and what was joined from them once for all rules. */
export interface HealthFacts {
  now: HealthLook
  /** Undefined where there is one look only. */
  before: HealthLook | undefined
  /** Seconds between the looks; undefined where there is one only, or recordings do not tell. */
  seconds: number | undefined
  /** TCP sockets of the last look in a state. */
  inState(state: number): readonly InetSocket[]
  /** The same socket in the look before. */
  earlier(socket: InetSocket): InetSocket | undefined
  /** The sockets of this machine that may be its other end. */
  peersOf(socket: InetSocket): readonly InetSocket[]
  /** Those that listen at an endpoint, see {@link Listening}. */
  listenersAt(address: string, port: number, table?: TcpTable): readonly InetSocket[]
  /** Those of other namespaces that are looked at, which it may lead to. */
  listenersElsewhere(address: string, port: number): readonly InetSocket[]
  /** Connections that wait for accept() of the listeners on this socket's address, in both looks. */
  unaccepted(listener: InetSocket): Unaccepted
  /** An address of this host: loopback, or one that a socket here is bound to. */
  isOwnAddress(address: string): boolean
  /** How much a counter rose between the looks; undefined where that is not known. */
  rise(protocol: string, counter: string): number | undefined
}

/** Sockets of all namespaces that are looked at: where the other ends are. */
export interface Everywhere {
  now: readonly InetSocket[]
  before: readonly InetSocket[]
}

export interface Unaccepted {
  /** Now, oldest not first. */
  now: readonly InetSocket[]
  /** Those of the look before. */
  waited: number
  /** Those of them that wait now, too. */
  stillWaiting: number
  /**
   * Nobody accepted between the looks: all that waited before wait now, and a queue is emptied from its old end. False
   * where none waited before, or where there is one look only.
   */
  nobodyAccepted: boolean
}

export function healthFacts(
  now: HealthLook,
  before: HealthLook | undefined,
  everywhere: Everywhere = { now: now.sockets, before: before?.sockets ?? [] },
): HealthFacts {
  const tcp = now.sockets.filter(isTcp)
  const byState = groupBy(tcp, ({ row }) => row.state)
  const earlier = new Map(everywhere.before.map(socket => [identityOf(socket), socket]))
  const listeners = socketsOfListening(byState.get(TCP_STATE.listen) ?? [])
  let peers: Map<InetSocket, InetSocket[]> | undefined
  let ownAddresses: Set<string> | undefined
  const waiting = unacceptedByListener(tcp, listeners)
  const waitedBefore = before && unacceptedByListener(before.sockets.filter(isTcp), listeners)
  return {
    now,
    before,
    seconds: before?.atMs === undefined || now.atMs === undefined ? undefined : (now.atMs - before.atMs) / 1000,
    inState: state => byState.get(state) ?? [],
    earlier: socket => earlier.get(identityOf(socket)),
    peersOf: socket => (peers ??= inetPeers(everywhere.now)).get(socket) ?? [],
    listenersAt: (address, port, table) => listeners.at(address, port, table),
    listenersElsewhere: (address, port) =>
      isLoopbackIp(unmapIp(address))
        ? []
        : everywhere.now.filter(
            ({ row, netns }) =>
              row.state === TCP_STATE.listen &&
              row.localPort === port &&
              netns?.netns !== now.netns?.netns &&
              (isUnspecifiedIp(row.localAddress) || unmapIp(row.localAddress) === unmapIp(address)),
          ),
    unaccepted(listener) {
      const key = addressOf(listener.row)
      const waits = waiting.get(key) ?? []
      const waited = waitedBefore?.get(key) ?? []
      const keys = new Set(waits.map(identityOf))
      const still = waited.filter(socket => keys.has(identityOf(socket))).length
      return {
        now: waits,
        waited: waited.length,
        stillWaiting: still,
        nobodyAccepted: still > 0 && still === waited.length,
      }
    },
    isOwnAddress: address =>
      isLoopbackIp(unmapIp(address)) ||
      (ownAddresses ??= new Set(now.sockets.map(({ row }) => unmapIp(row.localAddress)))).has(unmapIp(address)),
    rise(protocol, counter) {
      const last = now.counters.get(protocol)?.get(counter)
      const first = before?.counters.get(protocol)?.get(counter)
      return last === undefined || first === undefined ? undefined : last - first
    },
  }
}

export const isTcp = ({ row }: InetSocket): boolean => row.table === 'tcp' || row.table === 'tcp6'

/** Equal for the same socket in two looks; what has no inode is known by its addresses. */
function identityOf({ row, netns }: InetSocket): string {
  const { table, inode, localAddress, localPort, remoteAddress, remotePort } = row
  if (inode !== '0') return inode
  return `${netns?.netns ?? ''} ${table} ${localAddress} ${localPort} ${remoteAddress} ${remotePort}`
}

/** Equal for listeners that share an address and a port. */
export function addressOf({ table, localAddress, localPort }: InetRow): string {
  return `${table} ${localAddress} ${localPort}`
}

type SocketListening = { at(address: string, port: number, table?: TcpTable): readonly InetSocket[] }

function socketsOfListening(listeners: readonly InetSocket[]): SocketListening {
  const byRow = new Map(listeners.map(socket => [socket.row, socket]))
  const listening: Listening = listeningOf(listeners.map(({ row }) => row))
  return { at: (address, port, table) => listening.at(address, port, table).map(row => byRow.get(row)!) }
}

/** Connections that no process holds yet, by the address of the listener that they wait for. */
function unacceptedByListener(tcp: readonly InetSocket[], listeners: SocketListening): Map<string, InetSocket[]> {
  const byListener = new Map<string, InetSocket[]>()
  for (const socket of tcp) {
    const { row } = socket
    const waits = row.state === TCP_STATE.established || row.state === TCP_STATE.closeWait
    if (!waits || row.inode !== '0') continue
    const [listener] = listeners.at(unmapIp(row.localAddress), row.localPort, row.table as TcpTable)
    if (listener === undefined) continue
    const key = addressOf(listener.row)
    const others = byListener.get(key)
    if (others === undefined) byListener.set(key, [socket])
    else others.push(socket)
  }
  return byListener
}
