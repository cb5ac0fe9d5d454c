import type { Abi } from '../kernel/abi.ts'
import type { Warning } from '../warnings.ts'
import type { LatencyHistogram } from './latency-histogram.ts'

/** Time of many calls, of one kind: either wall or system time, never a mixture. */
export interface TimeSpent {
  totalNs: number
  minNs?: number | undefined
  maxNs?: number | undefined
  /** The mean as the source states it, where it knew more digits of the total than it printed. */
  meanNs?: number | undefined
}

/** What calls that move bytes moved: read, write, send, recv and the like. */
export interface Transfer {
  /** Calls that moved at least one byte. */
  calls: number
  bytes: number
  /** Calls that moved exactly one byte. */
  oneByteCalls: number
  /** Calls that moved up to 64 bytes, and these bytes; absent where only sums are known. */
  small?: { calls: number; bytes: number } | undefined
}

/** Everything counted of a group of calls. What the source does not tell is absent, never 0. */
export interface CallStats {
  /** Calls that returned. */
  calls: number
  /** Calls that returned an error; {@link restarts} are none, unless the source counts them in (strace -c does). */
  errors: number
  /** errno name → calls. */
  errnos?: Record<string, number> | undefined
  /** Calls that a signal interrupted and the kernel began again (ERESTARTSYS and the like). */
  restarts?: number | undefined
  /** Calls that returned 0: a poll that timed out, a read at the end of the file. */
  zeroResults?: number | undefined
  /** CPU time the kernel spent in the calls. */
  system?: TimeSpent | undefined
  /** Time from entry to return, waiting included. */
  wall?: TimeSpent | undefined
  /** Distribution of the wall time. */
  latency?: LatencyHistogram | undefined
  transfer?: Transfer | undefined
}

export interface SyscallStats extends CallStats {
  /** As strace names it; `syscall_0x1d5` where no table has a name. */
  name: string
  abi: Abi
}

export interface ExecLine {
  /** Since the start of the profile. */
  atNs?: number | undefined
  /** Path and arguments, as a byte string. */
  path: string
  argv: string[]
}

export type ThreadEnd = { kind: 'exited'; code: number } | { kind: 'killed'; signal: string } | { kind: 'superseded' }

/** One thread from its first to its last sign of life. A tid that the kernel used again is another entry. */
export interface ThreadProfile {
  /** Unique within the profile, and what {@link parentId} names. */
  id: number
  /** Absent where the log of a single process never says it. */
  tid?: number | undefined
  /** Its process (thread group); absent where the source does not tell threads from processes. */
  pid?: number | undefined
  /** Name of the thread, as a byte string. */
  comm?: string | undefined
  parentId?: number | undefined
  execs: ExecLine[]
  startNs?: number | undefined
  endNs?: number | undefined
  end?: ThreadEnd | undefined
  /** Over all its calls. */
  total: CallStats
  syscalls: SyscallStats[]
}

/** A file, directory or anything else with a name that calls worked on. */
export interface FileStats {
  /** Byte string: a path, or what strace -y shows (`pipe:[123]`, `anon_inode:[eventpoll]`). */
  name: string
  calls: number
  errors: number
  /** Lookups answered with ENOENT. */
  missing: number
  /** stat, lstat, access and the like by path. */
  stats: number
  /** Opens by a process that had opened the file before; absent where the source does not tell. */
  reopens?: number | undefined
  wallNs?: number | undefined
  readBytes: number
  writtenBytes: number
}

/** The other end of a socket, as strace -yy shows it: `TCP:[127.0.0.1:1->127.0.0.1:2]`. */
export type PeerStats = Omit<FileStats, 'missing' | 'stats' | 'reopens'>

/** Connections to one address that could not be made. */
export interface FailedConnect {
  /** `127.0.0.1:5432`, `[::1]:80`, a path; a byte string. */
  address: string
  errno: string
  calls: number
}

/** Weight of one process;syscall;file path of a flame graph. */
export interface StackWeight {
  /** Name of the program (last exec, else comm, else the tid). */
  program: string
  name: string
  abi: Abi
  /** Name of the file or peer. */
  target?: string | undefined
  calls: number
  wallNs?: number | undefined
}

/** One call as it was seen. */
export interface SeenCall {
  name: string
  abi: Abi
  tid?: number | undefined
  comm?: string | undefined
  /** The call with its arguments and result, as a byte string; a call in flight has no result. */
  text?: string | undefined
  /** When it was entered, since the start of the profile. */
  atNs?: number | undefined
}

export interface SlowCall extends SeenCall {
  durationNs: number
}

/** A call still running when the profile ended. */
export interface InFlightCall extends SeenCall {
  /** How long it had been running. */
  ageNs?: number | undefined
}

export type ProfileBackend = 'bpftrace' | 'syscount' | 'strace' | 'perf' | 'strace-log' | 'strace-summary'

export interface ProfileMeta {
  backend: ProfileBackend
  /** Version of the tool that measured, as it prints it. */
  toolVersion?: string | undefined
  /** Argument array of the traced command. */
  command?: string[] | undefined
  /** Pids attached to. */
  pids?: number[] | undefined
  /** ISO 8601, UTC. */
  startedAt?: string | undefined
  /** How long it was watched; 0 is unknown and absent. */
  durationNs?: number | undefined
  /** How the traced command ended. */
  exit?: { code?: number | undefined; signal?: string | undefined } | undefined
  host?: string | undefined
  kernel?: string | undefined
  arch?: string | undefined
  /** What the calls cost by being measured, as one phrase: `about 5 times slower`. */
  overhead?: string | undefined
  /** Which calls were looked at, where not all: the words of `-e trace=`. */
  filter?: string | undefined
}

/** Lines of an input that were not understood, by reason. */
export interface RejectedLines {
  reason: string
  lines: number
  /** The first of them: number (1-based) and text (byte string, cut). */
  firstLine: number
  quote: string
  /** Which input, where there are several. */
  source?: string | undefined
}

/** Where one run, or several added up, spent its system calls: what every source fills and every view shows. */
export interface SyscallProfile {
  meta: ProfileMeta
  /** Per system call, over all threads; any order. */
  syscalls: SyscallStats[]
  /** Absent where the source does not split by thread. */
  threads?: ThreadProfile[] | undefined
  files?: FileStats[] | undefined
  /** Files looked up by path and opened, asked about or not found, where {@link files} was not asked for. */
  lookups?: FileStats[] | undefined
  peers?: PeerStats[] | undefined
  failedConnects?: FailedConnect[] | undefined
  /** Reads and writes of a thread right behind an lseek of its own; absent where the source does not tell. */
  seeksThenMoves?: number | undefined
  stacks?: StackWeight[] | undefined
  /** Longest first. */
  slowest?: SlowCall[] | undefined
  /** Absent where the source cannot know. */
  inFlight?: InFlightCall[] | undefined
  /** Calls that never return (exit, exit_group, a call its thread was killed in): name → calls. */
  neverReturned?: Record<string, number> | undefined
  /** Of calls a log splits in two: halves whose other half is not there. Only second halves count as calls. */
  halves?: { first: number; second: number } | undefined
  rejected: RejectedLines[]
  /** Events, keys or calls the tracer dropped, at least. */
  lost?: number | undefined
  warnings: Warning[]
}

/** `read`, or `getpid (32)` for a call of another table than the machine's own. */
export function syscallLabel(name: string, abi: Abi): string {
  return abi === 'native' ? name : `${name} (${abi})`
}
