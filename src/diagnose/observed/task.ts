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
  /** Resident pages without those of files at each sample, of processes that grew. */
  residentPages?: number[] | undefined
  /** Threads of processes that use a processor. */
  threadRuns?: ThreadRun[] | undefined
  /** Threads that waited for the same lock at the second glance and at the end, of a process that uses a processor. */
  lockWaiters?: number | undefined
  /** Descriptors open, and the soft limit. */
  descriptors?: number | undefined
  descriptorLimit?: number | undefined
  /** Where the most of its descriptors lead, of a process near its limit. */
  descriptorKinds?: [target: string, count: number][] | undefined
  /** What it has of inotify, which is limited by user; of all its descriptors. */
  inotify?: { instances: number; watches: number; uid?: number | undefined } | undefined
  /** Its executable, of a process that listens. */
  executable?: string | undefined
  /** The executable is deleted, and a file is at its path again. */
  replacedExecutable?: string | undefined
  described?: Description | undefined
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
