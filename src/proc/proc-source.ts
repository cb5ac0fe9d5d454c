import type { Warning } from '../warnings.ts'

export type Endianness = 'little' | 'big'

/** What is known of the machine the bytes come from. Absent facts were not recorded. */
export interface SourceMeta {
  host?: string | undefined
  kernel?: string | undefined
  /** Machine name as `uname -m` prints it. */
  arch?: string | undefined
  endian?: Endianness | undefined
  /** Ticks per second of the times in /proc (`getconf CLK_TCK`). */
  userHz?: number | undefined
  /** ISO 8601, UTC. */
  takenAt?: string | undefined
  /** Effective user who read. */
  uid?: number | undefined
  /** Network namespace of `net/`, as its link reads: `net:[4026531840]`. */
  netns?: string | undefined
  /** User names by id, from /etc/passwd of the machine. */
  users?: Record<string, string> | undefined
  /** What was replaced when the recording was made: addresses, host names, arguments. */
  redacted?: boolean | undefined
}

/** Families of sockets that the kernel can be asked for, named like the tables of /proc/net. */
export type DumpFamily =
  | 'tcp'
  | 'tcp6'
  | 'udp'
  | 'udp6'
  | 'udplite'
  | 'udplite6'
  | 'mptcp'
  | 'mptcp6'
  | 'unix'
  | 'packet'
  | 'netlink'

/** What of a family is asked for. */
export interface DumpChoice {
  /** Only sockets that listen: the kernel walks a small table then, not that of every connection. */
  listenersOnly?: boolean | undefined
  /** Also TCP sockets that are bound and neither listen nor are connected; kernels since 6.8 tell them. */
  bound?: boolean | undefined
  /** Not what is left of closed connections in state TIME_WAIT, which may be most of all sockets. */
  withoutTimeWait?: boolean | undefined
  /** Besides what costs nothing: congestion control, and with it memory, struct tcp_info, or both. */
  facts?: 'memory' | 'tcp-info' | 'all' | undefined
}

/** `isEnough` of a file that the kernel makes as one piece, as most of a process are: its first read is all of it. */
export const IN_ONE_PIECE = (): boolean => true

/**
 * Where the bytes of /proc come from: the live system or a recording of one.
 *
 * Paths are relative to the proc root (`net/tcp`, `1234/fd`). Links and names are byte strings: one character (0–255)
 * a byte, because both may hold any byte. Every method throws a SourceReadError with the errno name (`ENOENT`,
 * `EACCES`, …) where the real call would fail.
 */
export interface ProcSource {
  readonly kind: 'live' | 'tree' | 'snapshot' | 'tar'
  /** A running system: two reads of one file may differ, and a process may end between them. */
  readonly mayChange: boolean
  /** The machine this program runs on: its names, settings and kernel can be asked, too. */
  readonly isThisMachine: boolean
  /** Read as another network namespace shows it: what this process asks the kernel itself is not about that. */
  readonly isElsewhere?: boolean
  /** For messages and the JSON envelope: `live`, or the path of the recording. */
  readonly label: string
  readonly meta: SourceMeta
  /** What is to be said of the recording as a whole. */
  readonly remarks?: readonly Warning[] | undefined
  /** A live file of /proc comes in chunks of whole lines; reading ends early when `isEnough` is true of one. */
  readFile(path: string, isEnough?: (chunk: Buffer) => boolean): Buffer
  readLink(path: string): string
  list(path: string): string[]
  /** Every link of a folder of descriptors, where that is faster than one by one; one that vanishes meanwhile is left out. */
  readLinks?(folder: string, visit: (name: string, target: string) => void): void
  /**
   * Live only, where koffi is and the command wants it: what the kernel answers when it is asked for its sockets
   * (NETLINK_SOCK_DIAG, as ss does), whole messages of netlink one behind the other. `folder` is that of the tables of a
   * namespace: `net`, `1234/net`. A recording holds the same bytes as a file: `diag/tcp`, `1234/diag/tcp`.
   */
  dumpSockets?(family: DumpFamily, choice: DumpChoice, folder: string): Buffer
  /** Live only: the file behind a link of /proc stands at `path` (a byte string, absolute). */
  isSameFile?(link: string, path: string): boolean
  /** The number of a file; those of `PID/net` are the same for all processes of a network namespace. Rarely recorded. */
  fileNumber?(path: string): string | undefined
}
