import { optional } from '../../errors.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { parsePidStatus } from '../../processes/pid-status.ts'
import { readBootTimeMs } from '../../processes/read-process-facts.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { NotLooked, Observation } from '../observation.ts'
import type { ObservedNamespace } from '../observed/sockets.ts'
import type { ObservedProcess } from '../observed/task.ts'
import { WAITS } from '../wait-channels.ts'
import { cgroupCounters, pidsOfCgroup } from './cgroups.ts'
import { descriptorItWaitsFor } from './describe.ts'
import { lookAtDescriptors, lookAtLimits, refusedDescriptors } from './descriptors.ts'
import { locksOf, networkOf, readInside, type FirstLook } from './first-look.ts'
import { diskBytes, type CloseLook } from './glance.ts'
import { diskDifferences, lookAtMachine, parseDiskstats, processorCount } from './machine.ts'
import { spaceOf, unaskedMounts } from './files/mounts.ts'
import { findReplacedExecutables } from './files/replaced-executables.ts'
import { joinLater, lookAtProcesses, threadTimes } from './processes.ts'
import { hasTimer, lockWaiters, sleepsIn, taskFolder, voluntarySwitches } from './threads.ts'
import { lookAtBound, type RefusedAddresses } from './sockets/bound.ts'
import { unixPeersOf } from './sockets/unix-peers.ts'
import { filesWritten, fileWrittenAtOnce, grownFiles } from './files/writers.ts'

/** Writes a second from which on it is asked whether each waits for the disk. */
const WRITES_OFTEN = 40

interface LastLookOptions {
  durationMs: number
  notLooked: NotLooked[]
  ports: ReadonlySet<number>
  /** Addresses that a program could not bind. */
  refused: RefusedAddresses
}

/** Looks at everything again, and at what the samples were of. */
export function lookAgain(
  source: ProcSource,
  first: FirstLook,
  close: CloseLook,
  { durationMs, notLooked, ports, refused }: LastLookOptions,
): Omit<Observation, 'trace' | 'observers'> {
  const { processes, namespaces } = first
  joinLater(processes, lookAtProcesses(source, processes))
  for (const place of namespaces) place.b = readInside(place, processes, pid => networkOf(source, pid, ports))
  lookAtBound(source, namespaces, refused)
  const locks = locksOf(source)
  const machine = lookAtMachine(source)
  const cgroups = cgroupCounters(first.cgroupFolders)
  const disks = diskDifferences(
    first.disks,
    parseDiskstats(optional(() => source.readFile('diskstats')) ?? Buffer.alloc(0)),
  )
  for (const [pid, before] of close.busy) joinThreads(source, processes.get(pid)!, before)
  for (const [pid, before] of close.locked) {
    const now = before.size === 0 ? before : lockWaiters(source, pid)
    const still = [...before].filter(([tid, address]) => now.get(tid) === address).length
    if (still > 0) processes.get(pid)!.lockWaiters = still
  }
  for (const [pid, before] of close.waking) joinWakeups(source, processes.get(pid)!, before)
  lookAtLimits(source, processes.values())
  for (const process of processes.values()) {
    const { a, b, pid } = process
    if (a === undefined || b === undefined) continue
    const writes = (b.writeCalls ?? 0) - (a.writeCalls ?? 0)
    if (writes >= (WRITES_OFTEN * durationMs) / 1000 && diskBytes(b) > diskBytes(a))
      process.syncFile = fileWrittenAtOnce(source, pid)
  }
  notLooked.push(...findReplacedExecutables(source, processes.values()))
  findWhatTheyWaitFor(source, close.hanging)
  const unixPeers = unixPeersOf(source, close.hanging)
  const found = lookAtDescriptors(source, {
    sockets: new Set([...socketsOfInterest(namespaces), ...unixPeers.values()]),
    pipes: new Set(close.hanging.flatMap(({ waitsFor }) => (waitsFor?.kind === 'pipe' ? [waitsFor.inode] : []))),
    locks: locksWithoutHolder(locks, processes),
    local: close.mounts.local,
    without: new Set([...processes.values()].flatMap(({ pid, isKernelThread }) => (isKernelThread ? [pid] : []))),
    kindsOf: new Set(
      [...processes.values()]
        .filter(({ descriptors = 0, descriptorLimit = Infinity }) => descriptors >= descriptorLimit * 0.9)
        .map(({ pid }) => pid),
    ),
  })
  // Two names of one program are no two programs.
  for (const pid of listening(namespaces, found.sockets)) {
    const process = processes.get(pid)
    if (process !== undefined) process.executable = optional(() => source.readLink(`${pid}/exe`))
  }
  for (const [pid, kinds] of found.kinds) processes.get(pid)!.descriptorKinds = kinds
  for (const [pid, inotify] of found.inotify) {
    const process = processes.get(pid)
    if (process !== undefined) process.inotify = { ...inotify, uid: userOf(source, pid) }
  }
  notLooked.push(...unaskedMounts(close.mounts), ...refusedDescriptors(found.unreadable, source.meta.uid))
  const { meta } = source
  return {
    host: meta.host,
    kernel: meta.kernel,
    arch: meta.arch,
    takenAt: meta.takenAt,
    uid: meta.uid,
    userHz: meta.userHz ?? 100,
    processors: processorCount(),
    bootedAtMs: readBootTimeMs(source),
    durationMs,
    processes: [...processes.values()],
    namespaces,
    socketOwners: { ...close.lookupOwners, ...found.sockets },
    pipeReaders: found.pipeReaders,
    fuseDaemons: found.fuseDaemons,
    lockHolders: found.lockHolders,
    unixPeers: Object.fromEntries([...unixPeers].map(([inode, peer]) => [inode, found.sockets[peer] ?? []])),
    locks: [first.locks, locks],
    ...(close.lockSamples.length > 0 && { lockSamples: close.lockSamples }),
    machine: [first.machine, machine],
    cgroups: [...cgroups].map(([path, b]) => ({
      path,
      pids: pidsOfCgroup(path),
      a: first.cgroups.get(path) ?? b,
      b,
    })),
    mounts: spaceOf(close.mounts),
    disks,
    deletedFiles: found.deleted,
    growingFiles: grownFiles(close.written, filesWritten(source, close.writers, close.mounts.local)),
    notLooked,
    unreadable: found.unreadable,
  }
}

function joinThreads(source: ProcSource, process: ObservedProcess, before: ReturnType<typeof threadTimes>): void {
  const after = threadTimes(source, process.pid)
  const durationMs = after.atMs - before.atMs
  process.threadRuns = [...after.times].flatMap(([tid, { runNs, waitNs }]) => {
    const earlier = before.times.get(tid)
    if (earlier === undefined) return []
    const used = runNs - earlier.runNs
    // Names are read of threads that did something, or wanted to.
    if (used + waitNs - earlier.waitNs < durationMs * 1e4) return []
    const comm = optional(() =>
      source.readFile(`${process.pid}/task/${tid}/comm`).toString('latin1').replace(/\n$/, ''),
    )
    return [{ tid, comm: comm ?? '', runNs: used, waitNs: waitNs - earlier.waitNs, durationMs }]
  })
}

/** Wake-ups a second from which on it is asked what a process waits for. */
const WAKES_OFTEN = 3000

/** How often a process woke up since the glance, and by what where that is very often. */
function joinWakeups(
  source: ProcSource,
  process: ObservedProcess,
  before: { atMs: number; sum: number; byThread: Map<string, number> },
): void {
  const { sum, byThread } = voluntarySwitches(source, process.pid)
  process.wakeups = ((sum - before.sum) / (performance.now() - before.atMs)) * 1000
  if (process.wakeups < WAKES_OFTEN) return
  const [most] = [...byThread].toSorted(
    ([x, a], [y, b]) => b - (before.byThread.get(y) ?? 0) - (a - (before.byThread.get(x) ?? 0)),
  )
  process.sleepsIn = most && sleepsIn(source, process.pid, most[0])
  process.hasTimer = hasTimer(source, process.pid)
}

const userOf = (source: ProcSource, pid: number) =>
  optional(() => parsePidStatus(source.readFile(`${pid}/status`)))?.uids?.[1]

/** Finds the pipe or socket that tasks wait for which hang in it. */
function findWhatTheyWaitFor(source: ProcSource, hanging: readonly ObservedProcess[]): void {
  for (const process of hanging) {
    const { pid, samples = [] } = process
    const waits = (pattern: RegExp) => samples.length > 0 && samples.every(([, channel]) => pattern.test(channel))
    const kind = waits(WAITS.pipe) ? 'pipe' : waits(WAITS.unixPeer) ? 'unix' : undefined
    const fd = kind && descriptorItWaitsFor(source, taskFolder(process))
    const link = fd === undefined ? undefined : optional(() => source.readLink(`${pid}/fd/${fd}`))
    // A pipe with a name is known by it.
    const inode = /\[(\d+)\]$/.exec(link ?? '')?.[1] ?? (kind === 'pipe' ? link : undefined)
    if (kind !== undefined && inode !== undefined) process.waitsFor = { kind, inode }
  }
}

/** Files that somebody waits to lock while the process named as holder is gone, or none is named (OFD locks). */
function locksWithoutHolder(
  locks: Observation['locks'][0],
  processes: ReadonlyMap<number, ObservedProcess>,
): Set<string> {
  const waiting = new Set(locks.filter(({ waiting }) => waiting).map(({ file }) => file))
  const isGone = (pid: number) => processes.get(pid)?.b === undefined
  return new Set(
    locks.filter(lock => !lock.waiting && waiting.has(lock.file) && isGone(lock.pid)).map(({ file }) => file),
  )
}

/** Who holds a socket that listens. */
function listening(namespaces: readonly ObservedNamespace[], owners: Observation['socketOwners']): Set<number> {
  const listeners = namespaces.flatMap(({ b }) => b?.tcp.filter(({ state }) => state === TCP_STATE.listen) ?? [])
  return new Set(listeners.flatMap(({ inode }) => (owners[inode] ?? []).map(({ pid }) => pid)))
}

function socketsOfInterest(namespaces: readonly ObservedNamespace[]): Set<string> {
  const inodes = new Set<string>()
  for (const { a, b, lookups = [] } of namespaces) {
    for (const look of [a, b])
      for (const { inode } of [...(look?.tcp ?? []), ...(look?.udp ?? []), ...(look?.unix ?? [])]) inodes.add(inode)
    for (const line of lookups.flat()) inodes.add(line.split(' ')[0]!)
  }
  inodes.delete('0')
  return inodes
}
