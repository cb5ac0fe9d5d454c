import type { ObservedNamespace } from './observed/sockets.ts'
import type { DeletedFile, GrowingFile, ObservedDisk, ObservedMount } from './observed/storage.ts'
import type { ObservedProcess } from './observed/task.ts'
import type { MachineCounters, ObservedCgroup } from './observed/totals.ts'
import type { Trace } from './observed/traced.ts'

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

export interface FileLock {
  id: number
  /** POSIX, FLOCK, OFDLCK, LEASE. */
  kind: string
  pid: number
  /** `08:01:1234`: device and inode. */
  file: string
  waiting: boolean
}
