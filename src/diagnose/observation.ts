/**
 * What a diagnosis saw, before anything is concluded from it: two looks, the samples between them, and what the tracer
 * counted. The rules are pure functions of it, and `--record` writes it as it is: a recording gives the same findings.
 *
 * Texts of the kernel are byte strings. Times are milliseconds since the first look. What could not be read is absent.
 */
export interface Observation {
  host?: string | undefined
  kernel?: string | undefined
  arch?: string | undefined
  /** ISO 8601, UTC: the first look. */
  takenAt?: string | undefined
  /** Effective user who looked. */
  uid?: number | undefined
  userHz: number
  processors: number
  /** When the machine started, milliseconds since the epoch. */
  bootedAtMs?: number | undefined
  /** From the first look to the second; 0 where there was one look only. */
  durationMs: number
  /** Pids that are never accused: this program, its tracer, and their children. */
  observers: number[]
  processes: ObservedProcess[]
  namespaces: ObservedNamespace[]
  /** Processes that serve a filesystem in user space: who has /dev/fuse open. */
  fuseDaemons: Holder[]
  /** Locks by the file they are of, where the pid that /proc/locks names holds nothing any more: who really does. */
  lockHolders: Record<string, Holder[]>
  /** Inode of a socket of interest → who holds it. */
  socketOwners: Record<string, Holder[]>
  /** Descriptors of pipes that a blocked writer waits for: inode → who reads them. */
  pipeReaders: Record<string, Holder[]>
  /** Unix sockets whose peer does not read: inode of the waiting socket → who holds the other end. */
  unixPeers: Record<string, Holder[]>
  locks: [FileLock[], FileLock[]]
  /** Locks at each sample, where somebody waited for one at the first look. */
  lockSamples?: FileLock[][] | undefined
  machine: [MachineCounters, MachineCounters]
  cgroups: ObservedCgroup[]
  mounts: ObservedMount[]
  disks: ObservedDisk[]
  /** Files that are deleted and still open, on filesystems that are looked at. */
  deletedFiles: DeletedFile[]
  /** Files that grow while a process writes a lot. */
  growingFiles: GrowingFile[]
  trace?: Trace | undefined
  /** What could not be looked at, and which causes cannot be told without it. */
  notLooked: NotLooked[]
  /** errno name → processes whose descriptors were refused. */
  unreadable: Record<string, number>
}

export interface Holder {
  pid: number
  fd: number
}

export interface NotLooked {
  /** `failed calls`, `descriptors of other users` … */
  what: string
  why: string
  /** What mends it. */
  hint?: string | undefined
  causes: string[]
}

/** Counters of a process at one look. */
export interface ProcessCounters {
  state: string
  /** User and system time, ticks. */
  cpuTicks: number
  minorFaults: number
  majorFaults: number
  threads: number
  rssPages: number
  /** Time the task waited for block I/O, ticks. */
  blockIoTicks: number
  readChars?: number
  writtenChars?: number
  readCalls?: number
  writeCalls?: number
  readBytes?: number
  writeBytes?: number
}

export interface ObservedProcess {
  pid: number
  /** Ticks since boot. */
  startTicks: number
  comm: string
  parentPid: number
  nice: number
  isKernelThread: boolean
  /** It has a controlling terminal, and another process group is in the foreground of it. */
  inBackground?: boolean | undefined
  /** Absent where the process came later. */
  a?: ProcessCounters | undefined
  /** Absent where it ended before. */
  b?: ProcessCounters | undefined
  /** `net:[N]`. */
  netns?: string | undefined
  /** `mnt:[N]`. */
  mntns?: string | undefined
  /** Where the process sleeps in the kernel, at the first look. */
  wchan?: string | undefined
  /** State and wait channel at each sample, of processes that stand still or wait for another. */
  samples?: [state: string, wchan: string][] | undefined
  /** How often a second its threads gave the processor up of their own will, of processes that use some of it. */
  wakeups?: number | undefined
  /** It has a descriptor of a timer; asked of what wakes up often. */
  hasTimer?: boolean | undefined
  /** Where its thread sleeps that wakes up the most, of a process that does so very often. */
  sleepsIn?: string[] | undefined
  /** The thread that hangs, where it is not the main one: `samples` and `waitsFor` are of it. */
  hangingThread?: number | undefined
  /** How often the task that hangs had given the processor up, at the first sample and at the last. */
  hangingSwitches?: [first: number, last: number] | undefined
  /** What it waits for at the end: a pipe or a socket by its inode. */
  waitsFor?: { kind: 'pipe' | 'unix'; inode: string } | undefined
  /** Major faults at the second glance, about a second after the first look. */
  glanceMajorFaults?: number | undefined
  /** State at each sample, of who uses a disk that is busy. */
  diskStates?: string[] | undefined
  /** A file that it has open so that each write waits for the disk; asked of what writes often. */
  syncFile?: string | undefined
  /** Resident pages at each sample, of processes that grew. */
  residentPages?: number[] | undefined
  /** Threads of processes that use a processor. */
  threadRuns?: ThreadRun[] | undefined
  /** Descriptors open, and the soft limit. */
  descriptors?: number | undefined
  descriptorLimit?: number | undefined
  /** Where the most of its descriptors lead, of a process near its limit. */
  descriptorKinds?: [target: string, count: number][] | undefined
  /** The executable is deleted, and a file is at its path again. */
  replacedExecutable?: string | undefined
  described?: Description | undefined
}

/** One thread, from the middle to the end of the look. */
export interface ThreadRun {
  tid: number
  comm: string
  /** Time on a processor and time it waited for one, nanoseconds. */
  runNs: number
  waitNs: number
  durationMs: number
}

/** What is read only of processes that a finding names. */
export interface Description {
  args?: string[] | undefined
  unit?: string | undefined
  container?: string | undefined
  /** Path of its control group. */
  cgroup?: string | undefined
  /** ISO 8601, UTC. */
  startedAt?: string | undefined
  uid?: number | undefined
  tracerPid?: number | undefined
  /** Kernel stack of the main thread, innermost first; root only. */
  stack?: string[] | undefined
  /** The system call the main thread is in. */
  syscall?: string | undefined
}

export interface ObservedNamespace {
  /** `net:[N]`. */
  netns: string
  /** A process in it. */
  pid: number
  a: NetworkLook
  b?: NetworkLook | undefined
  /** UDP sockets to port 53 at each sample: `inode remote`. */
  lookups?: string[][] | undefined
}

export interface NetworkLook {
  tcp: TcpLook[]
  udp: UdpLook[]
  /** How many TCP sockets there are of each state, by number. */
  states: Record<string, number>
  /** TCP sockets by destination, the most first: `address port`, how many, how many of them in TIME_WAIT. */
  destinations: [destination: string, sockets: number, timeWait: number][]
  /** `ListenOverflows` of net/netstat, `RetransSegs` of net/snmp …: name → value. */
  counters: Record<string, number>
}

/** A TCP socket that something may be wrong with; the others are only counted. */
export interface TcpLook {
  local: string
  localPort: number
  remote: string
  remotePort: number
  state: number
  rxQueue: number
  txQueue: number
  /** Of a listener, where the kernel told. */
  limit?: number | undefined
  timer: number
  retransmits: number
  inode: string
  uid: number
  /** Of a listener of IPv6, where the kernel was asked: false where it takes IPv4 too. */
  v6only?: boolean | undefined
}

export interface UdpLook {
  local: string
  localPort: number
  remote: string
  remotePort: number
  rxQueue: number
  drops: number
  inode: string
}

export interface FileLock {
  id: number
  /** POSIX, FLOCK, OFDLCK, LEASE. */
  kind: string
  pid: number
  /** `08:01:1234`: device and inode. */
  file: string
  waiting: boolean
}

/** Totals since boot, of the whole machine. */
export interface MachineCounters {
  oomKills?: number | undefined
  forks?: number | undefined
  memoryAvailableKb?: number | undefined
  memoryTotalKb?: number | undefined
  swapFreeKb?: number | undefined
  /** `some avg10` of /proc/pressure, percent. */
  pressure?: Record<string, number> | undefined
}

export interface ObservedCgroup {
  path: string
  pids: number[]
  a: CgroupCounters
  b?: CgroupCounters | undefined
}

export interface CgroupCounters {
  periods?: number | undefined
  throttled?: number | undefined
  throttledUs?: number | undefined
  /** Processors it may use, 0.5 for half of one. */
  quota?: number | undefined
  /** How often the memory limit was hit. */
  memoryFailures?: number | undefined
  memoryLimit?: number | undefined
  oomKills?: number | undefined
  pidsRefused?: number | undefined
  pidsLimit?: number | undefined
  pidsCurrent?: number | undefined
  frozen?: boolean | undefined
}

export interface ObservedMount {
  /** As the process sees it. */
  path: string
  /** `8:1`. */
  device: string
  type: string
  /** A process that sees it. */
  pid: number
  bytes: number
  /** For users other than root. */
  freeBytes: number
  inodes: number
  freeInodes: number
}

export interface ObservedDisk {
  name: string
  /** Milliseconds it was busy, and sum of the milliseconds of its requests, between the looks. */
  busyMs: number
  queueMs: number
  readBytes: number
  writtenBytes: number
}

export interface DeletedFile {
  pid: number
  fd: number
  path: string
  device: string
  bytes: number
}

export interface GrowingFile {
  pid: number
  fd: number
  path: string
  bytesPerSecond: number
  /** Only ever written at its end. */
  appended: boolean
  /** Opened to be appended to, as logs are. */
  appendOnly: boolean
}

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
  /** Files looked for that were there. */
  found?: Record<string, Halves>
  /** Sleeps for a time, by nanosleep and clock_nanosleep. */
  sleeps?: Record<string, Halves>
  /** Processes started, by parent. */
  forks: Record<string, Halves>
  deaths: Death[]
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

export interface Death {
  pid: number
  comm: string
  signal: string
  parentPid: number
  parentComm: string
}

export interface OomVictim {
  pid: number
  comm: string
  parentPid?: number | undefined
  parentComm?: string | undefined
}
