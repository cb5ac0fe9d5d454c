import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { tcpTimerName, type TcpTimerName } from '../../kernel/tcp-timer.ts'
import { SOCKET_TYPE_NAMES } from '../../kernel/unix-socket.ts'
import type { NetworkNamespace } from '../../namespaces/model.ts'
import { namespaceNameJson, type NamespaceNameJson } from '../../namespaces/show/namespace-json.ts'
import type { HeldBy, Owner } from '../../processes/owner.ts'
import { bytesJson, processJson, type ProcessJson } from '../../processes/show/process-json.ts'
import { hasTcpStates, isTimeWaitSocket, type InetRow } from '../tables/inet-row.ts'
import type { Ownerless, Socket, SocketMemory, TcpInfo } from '../model.ts'
import type { NetlinkRow } from '../tables/netlink-row.ts'
import type { PacketRow } from '../tables/packet-row.ts'
import type { SctpRow } from '../tables/sctp-row.ts'
import { isInetRow } from '../tables/socket-row.ts'
import type { UnixRow } from '../tables/unix-row.ts'
import { publishingJson, type PublishingJson } from '../published/show/published-json.ts'
import { protocolText, stateText } from './cell-text.ts'
import { factsJson, type ShutdownJson } from './facts-json.ts'
import type { LimitedBy } from '../rules/limited-by.ts'
import { peerJson, type PeerJson } from './peer-json.ts'

/** One socket of the document `linsight/sockets/1`. */
export type SocketJson = SocketCommonJson &
  (InetSocketJson | UnixSocketJson | PacketSocketJson | NetlinkSocketJson | SctpSocketJson)

/** What every socket has. */
export interface SocketCommonJson extends PublishingJson {
  /** netstat's name: tcp, tcp6, udp, udpl, raw, icmp, sctp, unix, packet, netlink … */
  protocol: string
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
  /** With --tcp-info: struct tcp_info of the kernel. */
  tcpInfo?: TcpInfo
  /** With --tcp-info: what holds up the sender. */
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
  /** With `--peer`: its other end; absent where it is connected to nothing. */
  peer?: PeerJson
}

export interface InetSocketJson {
  state: string
  localAddress: string
  localPort: number
  remoteAddress: string
  remotePort: number
  /** Bytes received and not read yet; not of a TCP listener. */
  rxQueueBytes?: number | undefined
  /** Of a TCP listener: connections that wait for accept(). */
  acceptQueueConnections?: number | undefined
  /** Bytes sent and not acknowledged yet. */
  txQueueBytes: number
  /** What the kernel waits for. */
  timer: TcpTimerName
  /** Seconds until the timer fires. */
  timerSeconds: number
  /** Times that data was sent again without an answer. */
  retransmits: number
  /** Unanswered probes. */
  probes: number
  /** Who created the socket; absent where the kernel no longer knows. */
  uid?: number | undefined
  refs?: number | undefined
  /** Datagrams dropped for lack of buffer; not in tcp. */
  drops?: number | undefined
}

export interface UnixSocketJson {
  state: string
  type: string | number
  flags: number
  refs?: number | undefined
  /** Bytes received and not read yet; of a socket that does not listen, where the kernel was asked. */
  rxQueueBytes?: number | undefined
  /** Bytes sent and not read yet by the other end. */
  txQueueBytes?: number | undefined
  /** Of a listener: connections that wait for accept(). */
  acceptQueueConnections?: number | undefined
  /** `@` leads an abstract name. Escaped where it is not UTF-8. */
  path?: string
  /** The bytes of a `path` that is not UTF-8. */
  pathBase64?: string
}

export interface PacketSocketJson {
  type: number
  etherType: number
  /** 0 is every interface. */
  interfaceIndex: number
  running?: boolean | undefined
  rxQueueBytes: number
  uid: number
  refs?: number | undefined
}

export interface NetlinkSocketJson {
  family: number
  portId: number
  groups: number
  rxQueueBytes: number
  txQueueBytes: number
  drops?: number | undefined
}

export interface SctpSocketJson {
  kind: 'endpoint' | 'association'
  state: string
  localAddresses: string[]
  localPort: number
  remoteAddresses: string[]
  remotePort: number
  rxQueueBytes: number
  txQueueBytes: number
  uid: number
}

/** A process that holds a socket. */
export interface OwnerJson extends ProcessJson {
  fds: number[]
  heldBy: HeldBy
  /** Threads, where one thread alone holds it. */
  tids?: number[] | undefined
}

/** Everything known of a socket. */
export function socketJson(socket: Socket, userHz: number): SocketJson {
  const { row } = socket
  return {
    protocol: protocolText(socket),
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

function rowJson(socket: Socket, userHz: number) {
  const { row } = socket
  if (isInetRow(row)) return inetJson(row, stateText(socket), userHz)
  switch (row.table) {
    case 'unix':
      return unixJson(row, stateText(socket))
    case 'packet':
      return packetJson(row)
    case 'netlink':
      return netlinkJson(row)
    case 'sctp':
      return sctpJson(row, stateText(socket))
  }
}

function inetJson(row: InetRow, state: string, userHz: number): InetSocketJson {
  return {
    state,
    localAddress: row.localAddress,
    localPort: row.localPort,
    remoteAddress: row.remoteAddress,
    remotePort: row.remotePort,
    ...(isTcpListener(row) ? { acceptQueueConnections: row.rxQueueBytes } : { rxQueueBytes: row.rxQueueBytes }),
    txQueueBytes: row.txQueueBytes,
    timer: tcpTimerName(row.timer),
    timerSeconds: row.timerTicks / userHz,
    retransmits: row.retransmits,
    probes: row.probes,
    // The kernel no longer knows who created it and prints 0.
    uid: isTimeWaitSocket(row) ? undefined : row.uid,
    refs: row.refs,
    drops: row.drops,
  }
}

/** The kernel prints its accept queue where other sockets have the bytes they received. */
function isTcpListener({ table, state }: InetRow): boolean {
  return hasTcpStates(table) && state === TCP_STATE.listen
}

function unixJson(row: UnixRow, state: string): UnixSocketJson {
  return {
    state,
    type: SOCKET_TYPE_NAMES[row.type] ?? row.type,
    flags: row.flags,
    refs: row.refs,
    ...unixQueuesJson(row),
    ...bytesJson('path', row.path),
  }
}

/** Only the kernel's own answer has them. */
function unixQueuesJson(
  row: UnixRow,
): Pick<UnixSocketJson, 'rxQueueBytes' | 'txQueueBytes' | 'acceptQueueConnections'> {
  if (row.acceptQueueLimit !== undefined) return { acceptQueueConnections: row.rxQueueBytes }
  return { rxQueueBytes: row.rxQueueBytes, txQueueBytes: row.txQueueBytes }
}

function packetJson(row: PacketRow): PacketSocketJson {
  return {
    type: row.type,
    etherType: row.protocol,
    interfaceIndex: row.interfaceIndex,
    running: row.running,
    rxQueueBytes: row.rxQueueBytes,
    uid: row.uid,
    refs: row.refs,
  }
}

function netlinkJson(row: NetlinkRow): NetlinkSocketJson {
  return {
    family: row.protocol,
    portId: row.portId,
    groups: row.groups,
    rxQueueBytes: row.rxQueueBytes,
    txQueueBytes: row.txQueueBytes,
    drops: row.drops,
  }
}

function sctpJson(row: SctpRow, state: string): SctpSocketJson {
  return {
    kind: row.kind,
    state,
    localAddresses: row.localAddresses,
    localPort: row.localPort,
    remoteAddresses: row.remoteAddresses,
    remotePort: row.remotePort,
    rxQueueBytes: row.rxQueueBytes,
    txQueueBytes: row.txQueueBytes,
    uid: row.uid,
  }
}

function ownerJson(owner: Owner): OwnerJson {
  return { ...processJson(owner.process), fds: owner.fds, heldBy: owner.heldBy, tids: owner.tids }
}
