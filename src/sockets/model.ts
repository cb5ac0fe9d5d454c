import type { NamespaceRef, NetworkNamespace } from '../namespaces/model.ts'
import type { BogusLine } from '../proc/bogus-line.ts'
import type { Owner } from '../processes/owner.ts'
import type { ProcView } from '../processes/proc-view.ts'
import type { FilterTally } from './filter/socket-filter.ts'
import type { SocketPublishing } from './published/published-port.ts'
import type { KernelFacts } from './kernel-facts.ts'
import type { SocketPeer } from './peers/peer.ts'
import type { SocketRow, TableName } from './tables/socket-row.ts'

export { HEALTH_CHECKS, type HealthCode } from './health/checks.ts'
export type { HealthLook, InetSocket, TracedSockets } from './health/look.ts'
export type { HealthFinding, HealthRule } from './health/rule.ts'
export { THRESHOLDS as HEALTH_THRESHOLDS } from './health/thresholds.ts'
export type { KernelFacts, SocketMemory } from './kernel-facts.ts'
export type { PassingTcp } from './diag/each-tcp.ts'
export type { SocketDump } from './diag/decode/socket-dump.ts'
export type { PeerKind, SocketPeer } from './peers/peer.ts'
export type { TcpInfo } from './tcp-info.ts'
export { INET_TABLES, type InetRow, type InetTable, type TcpTable } from './tables/inet-row.ts'
export type { NetlinkRow } from './tables/netlink-row.ts'
export type { PacketRow } from './tables/packet-row.ts'
export type { SctpRow } from './tables/sctp-row.ts'
export type { SocketRow, TableName } from './tables/socket-row.ts'
export type { UnixRow } from './tables/unix-row.ts'
export type { FindTimeWait, TimeWaitTable } from './fast/time-wait-table.ts'

/** Why a socket has no owner to show. */
export type Ownerless =
  /** The kernel keeps it until old segments have expired; its process has closed it. */
  | { reason: 'time-wait' }
  /** Established, but the listener has not called accept() yet. */
  | { reason: 'accept-queue'; listenerPids: number[] }
  /** Half-way through the handshake. */
  | { reason: 'syn-queue'; listenerPids: number[] }
  /** Closed by its process; the kernel finishes the conversation. */
  | { reason: 'orphan' }
  /** Made by the kernel itself (nfsd, wireguard, netlink). */
  | { reason: 'kernel' }
  /** Sent over a unix socket and not received yet; the processes that hold such a socket. */
  | { reason: 'in-flight'; candidatePids: number[] }
  /**
   * The descriptors of some processes could not be read, so one of them holds it; `perhaps` where the kernel itself may,
   * or the process may have ended while a recording was made.
   */
  | { reason: 'hidden'; perhaps?: true }
  /** Only the processes of a pid namespace are visible: perhaps one outside holds it. */
  | { reason: 'outside-pid-namespace' }
  /** It had gone when the tables were read once more: closed, or its process ended. */
  | { reason: 'gone' }
  /** The recording holds no descriptors. */
  | { reason: 'not-recorded' }
  /** No process holds it, and all were searched: the kernel's own, or in a recording perhaps closed meanwhile. */
  | { reason: 'none-found' }

/** Whether an IPv6 socket bound to `::` takes IPv4 too, and how that is known. */
export interface DualStack {
  dual: boolean
  evidence: string
}

/** One socket with its owners: what every output is made from. */
export interface Socket {
  row: SocketRow
  /** Undefined where owners were not looked for. */
  owners: Owner[] | undefined
  ownerless?: Ownerless | undefined
  dualStack?: DualStack | undefined
  /** What only the kernel's own answer tells; undefined where it was not asked, or did not name this socket. */
  kernel?: KernelFacts | undefined
  /** Where sockets of a named namespace, or of several, are shown. */
  netns?: NamespaceRef | undefined
  /** Its other end, where that was looked for; undefined too where it is connected to nothing. */
  peer?: SocketPeer | undefined
  /** What it has to do with published ports, where that was looked for. */
  publishing?: SocketPublishing | undefined
  /** Of a packet socket: the interface it is bound to. */
  interfaceName?: string | undefined
  /** A unix row that may be part of another socket's name: see UnixRow.mayBeForged. */
  unverified?: boolean | undefined
}

/** What `mynetstat` found: the sockets and everything that limits how complete they are. */
export interface SocketReport {
  sockets: Socket[]
  tables: TablesReport
  /** Tables that show fewer sockets than the kernel counted before and after they were read. */
  short: ShortTable[]
  littleEndian: boolean
  /** The byte order was neither recorded nor given nor visible: little endian was assumed. */
  byteOrderAssumed: boolean
  /** Undefined where owners were not looked for. */
  search: SearchReport | undefined
  /** How the filter went, where one was given. */
  filtered?: (FilterTally & { filter: string }) | undefined
  /** Where other namespaces than the reader's own were asked for: those that were read. */
  namespaces?: NetworkNamespace[] | undefined
}

/** How reading the tables went. */
export interface TablesReport {
  bogus: BogusLine[]
  /** Lines that continued a unix name; netstat calls them bogus. */
  unixContinuations: number
  /** Tables that could not be read. */
  missing: MissingTable[]
  /** Rows that stood twice in one read because the table changed meanwhile; merged. */
  duplicates: number
  /** Rows the first read missed and a later one found. */
  recovered: number
  /** Exact counts of /proc/net/protocols; empty where there is none. */
  counts: Map<string, number>
  /** The same after the tables were read. */
  countsAfter: Map<string, number>
  dumps: DumpsReport
}

/** How asking the kernel for its sockets went, or reading what it answered when the recording was made. */
export interface DumpsReport {
  /** What only the kernel tells was asked for by name. */
  wanted: boolean
  answered: string[]
  /** Families it does not know (ENOENT) or that were not recorded, with the errno name. */
  refused: { family: string; code: string }[]
  /** Answers that end too early. */
  cut: string[]
  /** Tables that changed while they were dumped, every time. */
  changed: string[]
}

/** A table that shows fewer sockets than the kernel counts: it changed while it was read. */
export interface ShortTable {
  table: TableName
  /** Rows that the count is of. */
  rows: number
  /** The kernel's own count, the lower one of before and after reading. */
  counted: number
  /** Of several namespaces that were read: which it is. */
  netns?: NamespaceRef | undefined
}

/** A table that could not be read. A kernel without the protocol has no file: ENOENT. */
export interface MissingTable {
  table: TableName
  /** errno name. */
  code: string
}

/** How the search for owners went. */
export interface SearchReport {
  processes: number
  /** errno name → processes whose descriptors were refused. */
  unreadable: Map<string, number>
  /** Those of them that did not even let their descriptors be counted: what netstat warns of. */
  unlistable: number
  /** No process that could be looked into holds any socket. */
  foundNone: boolean
  /** Processes that ended before they could be named. */
  vanished: number
  /** Selected sockets without an owner that a process which could not be looked into may hold. */
  hiddenSockets: number
  /** Not every thread was searched: there are too many. */
  threadsCut: boolean
  view: ProcView
  /** How many sockets processes hold that no table lists; undefined where not every table was read. */
  unlistedSockets: number | undefined
  /** Which they are, where that was asked for. */
  unlisted: UnlistedSocket[] | undefined
}

/** A socket that processes hold but no table lists: not bound, of another kind (vsock, xdp …), or of another namespace. */
export interface UnlistedSocket {
  /** A string, because it may exceed 2^53. */
  inode: string
  pids: number[]
  /** Network namespace of the first of these processes, `net:[4026531840]`; where it is another one, so may the socket be. */
  netns?: string | undefined
}
