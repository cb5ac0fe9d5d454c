/** What the tracer counted while it was attached. */
export interface Trace {
  durationMs: number
  /** Calls that failed: pid, call, errno name, how often. */
  failures: FailedCall[]
  /** ENOENT by pid, with some of the paths. */
  notFound: { pid: number; halves: Halves; paths: string[] }[]
  /** Connections that could not be made. */
  connects: FailedConnect[]
  /** accept() that gave a connection: pid, descriptor, how often. */
  accepts: { pid: number; fd: number; count: number }[]
  /** What looks like the answer of a name server, as it was received: pid, descriptor, how often. */
  answers?: { pid: number; fd: number; count: number }[]
  /** Sockets that were connected to a name server; `count` of all, the rest of the first. */
  questions?: Question[]
  /** By pid. */
  emptyPolls: Record<string, Halves>
  /** Polls that had something to say. */
  readyPolls?: Record<string, Halves>
  futexCalls: Record<string, Halves>
  syncCalls: Record<string, Halves>
  notExisting: Record<string, Halves>
  /** recv that asked for at most 16 bytes, which /proc/PID/io does not count. */
  tinyMessages?: Record<string, Halves>
  /** Futex calls that ended because their time was over. */
  futexTimeouts?: Record<string, Halves>
  /** Futex calls that wait for a lock, not for a condition. */
  lockWaits?: Record<string, Halves>
  /** Files looked for that were there. */
  found?: Record<string, Halves>
  /** Sleeps for a time, by nanosleep and clock_nanosleep. */
  sleeps?: Record<string, Halves>
  /** Processes started, by parent. */
  forks: Record<string, Halves>
  deaths: Death[]
  /** Processes that ended, up to 40 of each parent. */
  ends?: End[]
  oomVictims: OomVictim[]
  retransmits: { state: number; localPort: number; remotePort: number; count: number }[]
}

/** How often in the first and in the second half of the time that was traced: a burst is no rate. */
export type Halves = [first: number, second: number]

export interface FailedCall {
  pid: number
  call: string
  /** `EMFILE`. */
  error: string
  count: number
  /** Of them in the first half of the time. */
  early: number
  /** The first of them, with what it was about. */
  examples: CallExample[]
}

export interface CallExample {
  comm: string
  parentPid: number
  parentComm: string
  /** `net:[N]`. */
  netns: string
  /** First argument, where it is a descriptor. */
  fd?: number | undefined
  /** What bind or connect named. */
  address?: SocketAddress | undefined
}

export interface SocketAddress {
  family: 'inet' | 'inet6' | 'unix' | 'other'
  address: string
  port?: number | undefined
}

export interface FailedConnect {
  pid: number
  comm: string
  parentPid?: number
  parentComm?: string
  /** errno name; absent where the program gave up waiting. */
  error?: string | undefined
  address: string
  port: number
  netns: string
  count: number
}

export interface Question {
  pid: number
  comm: string
  parentPid: number
  parentComm: string
  netns: string
  /** Address of the name server. */
  server: string
  count: number
}

export interface Death {
  pid: number
  comm: string
  signal: string
  parentPid: number
  parentComm: string
}

/** A process that ended by itself or by a signal. */
export interface End {
  pid: number
  comm: string
  status: number
  signal?: string | undefined
  /** Length of its arguments, and the end of them; undefined where it was forked and did not start a program meanwhile. */
  program?: string
  /** From its start on. */
  lifeMs: number
  /** When, on the clock of the tracer. */
  endedAtMs?: number
  parentPid: number
  parentComm: string
  /** In the first half of the time. */
  early: boolean
}

export interface OomVictim {
  pid: number
  comm: string
  parentPid?: number | undefined
  parentComm?: string | undefined
}
