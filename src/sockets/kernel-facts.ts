import type { TcpInfo } from './tcp-info.ts'

/**
 * What of a socket only the kernel's own answer tells (sock_diag), not the tables of /proc. A fact that this kernel does
 * not give, or gives root alone, is undefined. It may be read from the answer when it is first asked for.
 */
export interface KernelFacts {
  /** Number of the socket, decimal, never given twice since boot: the same from ESTABLISHED to TIME_WAIT. */
  readonly cookie: string
  /** Of an IPv6 socket: takes no IPv4. */
  readonly v6only?: boolean | undefined
  /** The interface it is bound to, or that a link-local address is of; undefined where it is any. */
  readonly interfaceIndex?: number | undefined
  /** SO_MARK; only with CAP_NET_ADMIN. 0 is none. */
  readonly mark?: number | undefined
  /** Of the cgroup it was made in, decimal: the inode of the folder in cgroup2. */
  readonly cgroupId?: string | undefined
  /** Directions that are shut: 1 receiving, 2 sending, 3 both. */
  readonly shutdown?: number | undefined
  /** Name of the congestion control. */
  readonly congestion?: string | undefined
  readonly memory?: SocketMemory | undefined
  readonly tcpInfo?: TcpInfo | undefined
  /** Of a connected unix socket: inode of the other end; `'0'` until its listener accepts it. */
  readonly peerInode?: string | undefined
  /** Of a unix listener: inodes of the clients that wait to be accepted. */
  readonly waitingInodes?: readonly string[] | undefined
}

/** Memory of a socket in bytes. Source: Linux include/uapi/linux/sock_diag.h, SK_MEMINFO_*. */
export interface SocketMemory {
  receivedBytes: number
  receiveLimitBytes: number
  sentBytes: number
  sendLimitBytes: number
  forwardBytes: number
  queuedBytes: number
  optionBytes: number
  backlogBytes: number
  /** Packets dropped for lack of room; kernels since 4.7. */
  drops?: number | undefined
}
