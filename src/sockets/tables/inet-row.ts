import { FIN_WAIT2, TIME_WAIT } from '../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../kernel/tcp-timer.ts'

/** Tables of /proc/net that share the row form of tcp, in the order netstat prints them. */
export const INET_TABLES = [
  'tcp',
  'tcp6',
  'udp',
  'udp6',
  'udplite',
  'udplite6',
  'raw',
  'raw6',
  'icmp',
  'icmp6',
] as const

/** MPTCP has no table in /proc: only the kernel's own answer lists its sockets. */
export const MPTCP_TABLES = ['mptcp', 'mptcp6'] as const

export type InetTable = (typeof INET_TABLES)[number] | (typeof MPTCP_TABLES)[number]

/** TCP, and MPTCP, which shows the states of TCP. */
export function hasTcpStates(table: string): boolean {
  return table.startsWith('tcp') || table.startsWith('mptcp')
}

export type TcpTable = Extract<InetTable, 'tcp' | 'tcp6'>

/** One row of /proc/net/{tcp,udp,udplite,raw,icmp}{,6}. */
export interface InetRow {
  table: InetTable
  /** `sl`: sequence number in tcp, hash bucket in the others. */
  slot: number
  /** As inet_ntop prints it; IPv4 inside IPv6 as `::ffff:192.0.2.1`. */
  localAddress: string
  /** Port; the protocol number in raw, the echo id in icmp. */
  localPort: number
  remoteAddress: string
  remotePort: number
  /** See TCP_STATE; udp and raw use 1 (connected) and 7 (not connected). */
  state: number
  txQueueBytes: number
  /** For a listener: connections waiting for accept(). */
  rxQueueBytes: number
  /** Of a listener: how many may wait for accept(); only the kernel's own answer has it, /proc does not. */
  acceptQueueLimit?: number | undefined
  /** See TCP_TIMER; newer kernels may know more. */
  timer: number
  /** Time until the timer fires, in ticks of `userHz`. */
  timerTicks: number
  retransmits: number
  /** Who created the socket; 0 where the kernel no longer knows (TIME_WAIT). */
  uid: number
  /** Unanswered zero-window or keepalive probes. */
  probes: number
  /** `'0'` where no file stands for the socket: TIME_WAIT, orphans, not yet accepted. A string: it may exceed 2^53. */
  inode: string
  refs: number | undefined
  /** Hashed kernel address: the same for the same socket as long as it lives. */
  pointer: string | undefined
  /** Datagrams dropped for lack of buffer; not in tcp. */
  drops: number | undefined
}

/**
 * What the kernel keeps of a closed connection ("tw socket"): in TIME_WAIT, or in FIN_WAIT2 until the peer closes. It
 * has no owner and no inode, and ends when its timer fires.
 */
export function isTimeWaitSocket({ inode, timer, state }: InetRow): boolean {
  return inode === '0' && timer === TCP_TIMER.timeWait && (state === TIME_WAIT || state === FIN_WAIT2)
}
