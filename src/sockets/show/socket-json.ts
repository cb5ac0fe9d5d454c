import type { NetworkNamespace } from '../../namespaces/model.ts'
import { namespaceNameJson, type NamespaceNameJson } from '../../namespaces/show/namespace-json.ts'
import type { Ownerless, Socket, SocketMemory, TcpInfo } from '../model.ts'
import { publishingJson, type PublishingJson } from '../published/show/published-json.ts'
import type { LimitedBy } from '../rules/limited-by.ts'
import { factsJson, type ShutdownJson } from './facts-json.ts'
import { ownerJson, type OwnerJson } from './json/owner-json.ts'
import {
  rowJson,
  type InetSocketJson,
  type NetlinkSocketJson,
  type PacketSocketJson,
  type SctpSocketJson,
  type UnixSocketJson,
} from './json/row-json.ts'
import { peerJson, type PeerJson } from './peer-json.ts'

/** One socket of the document `linsight/sockets/1`. */
export type SocketJson = SocketCommonJson &
  (InetSocketJson | UnixSocketJson | PacketSocketJson | NetlinkSocketJson | SctpSocketJson)

/** What every socket has. */
export interface SocketCommonJson extends PublishingJson {
  /** A string, because it may exceed 2^53; "0" where no file stands for the socket. */
  inode: string
  /** Of a listener on `::`: whether it takes IPv4 too. Absent where that is not known. */
  takesIpv4?: boolean
  takesIpv4Evidence?: string
  /** Number of the socket, decimal, never given twice since boot: the same from ESTABLISHED to TIME_WAIT. */
  cookie?: string
  /** Of an IPv6 socket that waits for others: takes no IPv4. */
  v6only?: boolean
  /** The interface it is bound to; of a packet socket 0 is every one. */
  interfaceIndex?: number
  /** Name of that interface, where it has an address. */
  interface?: string
  /** SO_MARK, 0 where there is none; only root is told. */
  mark?: number
  /** Inode of the folder of its cgroup (version 2), decimal. */
  cgroupId?: string
  /** Directions that are shut. */
  shutdown?: ShutdownJson
  /** Name of the congestion control. */
  congestion?: string
  memory?: SocketMemory
  /** Of a listener: how many connections may wait for accept(); one more is taken before others are refused. */
  acceptQueueLimit?: number
  /** More connections wait than that limit: new ones are refused. */
  acceptQueueFull?: boolean
  /** With `--tcp-info` (`tcpInfo`): struct tcp_info of the kernel. */
  tcpInfo?: TcpInfo
  /** With `--tcp-info` (`tcpInfo`): what holds up the sender. */
  limitedBy?: LimitedBy
  /** Of a connected unix socket: inode of the other end; "0" until its listener accepts it. */
  peerInode?: string
  /** Of a unix listener: inodes of the clients that wait to be accepted. */
  waitingInodes?: readonly string[]
  /** Where sockets of a named network namespace, or of several, are shown: which it is. */
  netns?: NamespaceNameJson
  /** The row may be part of the name of another socket. */
  unverified?: true
  /** Every process that holds the socket. */
  owners?: OwnerJson[]
  /** Why there is no owner. */
  ownerless?: Ownerless
  /** With `--peer` (`peers`): its other end; absent where it is connected to nothing. */
  peer?: PeerJson
}

/** Everything known of a socket. */
export function socketJson(socket: Socket, userHz: number): SocketJson {
  const { row } = socket
  return {
    ...rowJson(socket, userHz),
    inode: row.inode,
    ...(socket.dualStack && { takesIpv4: socket.dualStack.dual, takesIpv4Evidence: socket.dualStack.evidence }),
    ...factsJson(socket),
    ...(socket.netns && { netns: netnsJson(socket.netns.namespace) }),
    ...(socket.unverified && { unverified: true }),
    ...(socket.publishing && publishingJson(socket.publishing)),
    ...(socket.owners && { owners: socket.owners.map(owner => ownerJson(owner)) }),
    ...(socket.ownerless && { ownerless: socket.ownerless }),
    ...(socket.peer && { peer: peerJson(socket.peer) }),
  }
}

const namespaces = new WeakMap<NetworkNamespace, NamespaceNameJson>()

/** Cached: one namespace may have thousands of sockets. */
function netnsJson(namespace: NetworkNamespace): NamespaceNameJson {
  let json = namespaces.get(namespace)
  if (json === undefined) namespaces.set(namespace, (json = namespaceNameJson(namespace)))
  return json
}
