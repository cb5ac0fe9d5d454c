import { optional } from '../../errors.ts'
import { parsePidStat } from '../../processes/pid-stat.ts'
import { scanOwners } from '../../processes/socket-owners.ts'
import { IN_ONE_PIECE, type ProcSource } from '../../proc/proc-source.ts'
import type { Holder, Observation } from '../observation.ts'
import type { ObservedNamespace } from '../observed/sockets.ts'
import type { ObservedProcess, ProcessCounters } from '../observed/task.ts'
import { mayHang } from '../wait-channels.ts'
import { locksOf, readInside, type FirstLook } from './first-look.ts'
import { diskDifferences, parseDiskstats } from './machine.ts'
import { lookAtMounts } from './files/mounts.ts'
import { lookupsOf } from './sockets/network.ts'
import { lookAtProcesses, readProcess, threadTimes } from './processes.ts'
import { findHangingThreads, lockWaiters, sampleHanging, voluntarySwitches } from './threads.ts'
import { filesWritten } from './files/writers.ts'

/** Share of a processor from which on the threads of a process are looked at; who competes with many gets little. */
const BUSY_SHARE = 0.02
/** Bytes a second from which on the files that a process writes are looked at. */
const WRITES_MUCH = 500_000
/** Resident pages in a second from which on a process is watched growing. */
const GROWS_PAGES = 1000
const MOST_NAMESPACES_SAMPLED = 8
/** Share of the time from which on a disk is worth the question who waits for it. */
const DISK_BUSY = 0.4
const MOST_DISK_USERS = 60

/** Who is looked at closely. */
export interface CloseLook {
  atMs: number
  /** Stand still, or wait for another process. */
  hanging: ObservedProcess[]
  /** Use a processor: thread times at the glance. */
  busy: Map<number, ReturnType<typeof threadTimes>>
  /** Switches at the glance, of processes that use some of a processor. */
  waking: Map<number, { atMs: number; sum: number; byThread: Map<string, number> }>
  /** Threads that wait for a lock, of the same processes. */
  locked: Map<number, Map<string, string>>
  growing: ObservedProcess[]
  /** Who reads or writes a disk that is busy. */
  diskUsers: ObservedProcess[]
  lockSamples: Observation['locks'][0][]
  mounts: ReturnType<typeof lookAtMounts>
  written: ReturnType<typeof filesWritten>
  writers: number[]
  lookupPlaces: ObservedNamespace[]
  /** Who holds the sockets of lookups: they may be closed at the end. */
  lookupOwners: Record<string, Holder[]>
  ownerSearches: number
}

/** A second glance at all processes chooses those that are looked at closely. */
export function glance(source: ProcSource, first: FirstLook, atMs: number): CloseLook {
  const now = lookAtProcesses(source, first.processes)
  const seconds = atMs / 1000
  const userHz = source.meta.userHz ?? 100
  const close: CloseLook = {
    atMs,
    hanging: [],
    busy: new Map(),
    waking: new Map(),
    locked: new Map(),
    growing: [],
    diskUsers: [],
    lockSamples: [],
    mounts: lookAtMounts(source, first.mountPids),
    written: [],
    writers: [],
    lookupPlaces: first.namespaces,
    lookupOwners: {},
    ownerSearches: 0,
  }
  const disks = diskDifferences(
    first.disks,
    parseDiskstats(optional(() => source.readFile('diskstats')) ?? Buffer.alloc(0)),
  )
  const diskIsBusy = disks.some(({ busyMs }) => busyMs >= DISK_BUSY * atMs)
  for (const process of first.processes.values()) {
    const { a, pid } = process
    const b = now.get(pid)?.startTicks === process.startTicks ? now.get(pid)!.a : undefined
    if (a === undefined || b === undefined || process.isKernelThread) continue
    const stands = 'DTt'.includes(b.state) && 'DTt'.includes(a.state)
    const mayBeHanging = stands || (b.cpuTicks - a.cpuTicks <= 1 && mayHang(process.wchan))
    if (mayBeHanging) close.hanging.push(process)
    const runs = a.state === 'R' && b.state === 'R'
    if (runs || (b.cpuTicks - a.cpuTicks) / userHz >= BUSY_SHARE * seconds) {
      close.busy.set(pid, threadTimes(source, pid))
      if (b.threads > 1) close.locked.set(pid, lockWaiters(source, pid))
      close.waking.set(pid, { atMs: performance.now(), ...voluntarySwitches(source, pid) })
    }
    process.glanceMajorFaults = b.majorFaults
    if (diskIsBusy && diskBytes(b) > diskBytes(a) && close.diskUsers.length < MOST_DISK_USERS)
      close.diskUsers.push(process)
    if (b.rssPages - a.rssPages >= GROWS_PAGES * seconds) close.growing.push(process)
    if ((b.writtenChars ?? 0) - (a.writtenChars ?? 0) >= WRITES_MUCH * seconds) close.writers.push(pid)
  }
  const asleep = [...first.processes.values()].filter(
    process => !process.isKernelThread && !close.hanging.includes(process),
  )
  close.hanging.push(...findHangingThreads(source, asleep))
  close.written = filesWritten(source, close.writers, close.mounts.local)
  if (first.namespaces.length > MOST_NAMESPACES_SAMPLED)
    close.lookupPlaces = first.namespaces.filter(
      ({ pid }) => (optional(() => lookupsOf(source, `${pid}/net`)) ?? []).length > 0,
    )
  sample(source, first, close)
  return close
}

export const diskBytes = ({ readBytes = 0, writeBytes = 0 }: ProcessCounters) => readBytes + writeBytes

/** Resident pages without those of files. Source: proc_pid_status(5), `RssAnon:\t    5496 kB`, `RssShmem:`. */
function ownPages(status: Buffer): number | undefined {
  const text = status.toString('latin1')
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? NaN)
  const own = kb('RssAnon') + kb('RssShmem')
  return Number.isNaN(own) ? undefined : Math.round(own / 4)
}

/** One more sample of what is looked at closely. */
export function sample(source: ProcSource, first: FirstLook, close: CloseLook): void {
  if (first.locks.some(({ waiting }) => waiting)) close.lockSamples.push(locksOf(source))
  for (const process of close.hanging) sampleHanging(source, process)
  for (const process of close.growing) {
    const pages = optional(() => ownPages(source.readFile(`${process.pid}/status`)))
    if (pages !== undefined) (process.residentPages ??= []).push(pages)
  }
  for (const process of close.diskUsers) {
    const state = optional(() => parsePidStat(source.readFile(`${process.pid}/stat`, IN_ONE_PIECE))?.state)
    if (state !== undefined) (process.diskStates ??= []).push(state)
  }
  for (const place of close.lookupPlaces)
    (place.lookups ??= []).push(readInside(place, first.processes, pid => lookupsIn(source, pid)) ?? [])
  findLookupOwners(source, first, close)
}

/** As {@link lookupsOf}; a process that has ended has no table, which is not the same as an empty one. */
function lookupsIn(source: ProcSource, pid: number): string[] {
  source.readLink(`${pid}/ns/net`)
  return lookupsOf(source, `${pid}/net`)
}

/** Searching the owners of sockets looks through the descriptors of all processes. */
const MOST_SEARCHES = 3

/** Who waits for an answer is looked up while it waits. */
function findLookupOwners(source: ProcSource, { processes }: FirstLook, close: CloseLook): void {
  const waiting = new Set<string>()
  for (const { lookups = [] } of close.lookupPlaces) {
    const before = new Set(lookups.at(-2))
    for (const line of lookups.at(-1) ?? []) if (before.has(line)) waiting.add(line.split(' ')[0]!)
  }
  for (const inode of Object.keys(close.lookupOwners)) waiting.delete(inode)
  waiting.delete('0')
  if (waiting.size === 0 || close.ownerSearches >= MOST_SEARCHES) return
  close.ownerSearches += 1
  const { byInode } = scanOwners(source, waiting)
  for (const inode of waiting) {
    const holders = byInode.of(inode).map(({ pid, fd }) => ({ pid, fd }))
    close.lookupOwners[inode] = holders
    // Who came after the first look may be gone before the last.
    for (const { pid } of holders) {
      const late = processes.has(pid) ? undefined : optional(() => readProcess(source, pid))
      if (late !== undefined) processes.set(pid, { ...late, a: undefined })
    }
  }
}
