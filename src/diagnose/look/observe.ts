import { setMaxListeners } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { optional, SourceReadError } from '../../errors.ts'
import { parseExeLink } from '../../processes/pid-exe.ts'
import { parsePidStat } from '../../processes/pid-stat.ts'
import { readBootTimeMs } from '../../processes/read-process-facts.ts'
import { parseSockstat } from '../../proc/net/sockstat.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { scanOwners } from '../../processes/socket-owners.ts'
import { withDumps } from '../../sockets/index.ts'
import { RULES } from '../rules/all.ts'
import type {
  CgroupCounters,
  Holder,
  NotLooked,
  ObservedNamespace,
  ObservedProcess,
  Observation,
  ProcessCounters,
} from '../observation.ts'
import { startTracer, type RunningTracer } from '../trace/tracer.ts'
import { mayHang, WAITS } from '../wait-channels.ts'
import { lookAtCgroups, pidsOfCgroup } from './cgroups.ts'
import { lookAtDescriptors, lookAtLimits } from './descriptors.ts'
import { descriptorItWaitsFor } from './describe.ts'
import { askWhichTakeV4 } from './dual-stack.ts'
import { hurry } from './hurry.ts'
import { diskDifferences, lookAtMachine, parseDiskstats, parseLocks, processorCount } from './machine.ts'
import { lookAtMounts } from './mounts.ts'
import { lookAtNetwork, lookupsOf } from './network.ts'
import { joinLater, lookAtProcesses, readProcess, threadTimes, waitChannel } from './processes.ts'
import { findHangingThreads, hasTimer, sampleHanging, sleepsIn, taskFolder, voluntarySwitches } from './threads.ts'
import { unixPeersOf } from './unix-peers.ts'
import { filesWritten, fileWrittenAtOnce, grownFiles } from './writers.ts'

/** How long starting the tracer goes before the first look. */
const HEAD_START_MS = 300
/** When the second glance chooses who is looked at closely, and how often those are looked at then. */
const GLANCE_MS = 900
const SAMPLE_MS = 400
/** The tracer has to have counted so long, and is waited for so long beyond the time asked for. */
const LEAST_TRACED_MS = 2000
const LATEST_MS = 1600
/** Share of a processor from which on the threads of a process are looked at; who competes with many gets little. */
const BUSY_SHARE = 0.02
const MOST_THREADS = 1000
/** Bytes a second from which on the files that a process writes are looked at. */
const WRITES_MUCH = 500_000
/** Resident pages in a second from which on a process is watched growing. */
const GROWS_PAGES = 1000
const MOST_NAMESPACES_SAMPLED = 8
/** Share of the time from which on a disk is worth the question who waits for it. */
const DISK_BUSY = 0.4
const MOST_DISK_USERS = 60
/** Writes a second from which on it is asked whether each waits for the disk. */
const WRITES_OFTEN = 40

export interface ObserveOptions {
  durationMs: number
  tracing: boolean
  /** Says how it goes, for a terminal. */
  progress?: ((text: string) => void) | undefined
  /** Ends the looking early. */
  stop?: AbortSignal | undefined
}

/** Looks twice at the machine, and at what is conspicuous in between. */
export async function observe(source: ProcSource, options: ObserveOptions): Promise<Observation> {
  hurry()
  const notLooked: NotLooked[] = []
  // Every wait listens to it.
  if (options.stop) setMaxListeners(0, options.stop)
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  // It takes a second to attach its probes, in which the first look is taken.
  const starting = options.tracing ? beginTracing(source, notLooked) : Promise.resolve(undefined)
  await Promise.race([starting, sleep(HEAD_START_MS)])
  const first = await lookFirst(source, notLooked)
  const tracer = await Promise.race([starting, sleep(Math.max(0, GLANCE_MS - elapsed()), 'late' as const)])
  const wait = (untilMs: number) =>
    sleep(Math.max(0, untilMs - elapsed()), undefined, { signal: options.stop }).catch(() => {})

  await wait(GLANCE_MS)
  const glanceAt = elapsed()
  const close = glance(source, first, glanceAt)
  for (let next = glanceAt + SAMPLE_MS; next < options.durationMs - SAMPLE_MS / 2; next += SAMPLE_MS) {
    await wait(next)
    if (options.stop?.aborted) break
    sample(source, first, close)
  }
  await wait(options.durationMs - SAMPLE_MS)
  if (tracer === 'late') {
    notLooked.push(notAttached)
    void starting.then(late => late?.end())
  } else if (tracer !== undefined) await untilCounted(tracer, elapsed, options, notLooked)
  const running = tracer === 'late' ? undefined : tracer
  const trace = running?.trace()
  const durationMs = elapsed()
  const ports = new Set(
    (trace?.failures ?? []).flatMap(({ examples }) => examples.flatMap(({ address }) => address?.port ?? [])),
  )
  // The kernel is asked for unix sockets only where somebody hangs in one.
  const waitsInUnix = close.hanging.some(({ samples }) => WAITS.unixPeer.test(samples?.at(-1)?.[1] ?? ''))
  const asked = waitsInUnix ? await withDumps(source) : source
  const observation = lookAgain(source, first, close, { durationMs, notLooked, ports, asked })
  running?.end()
  await askWhichTakeV4(source, observation.namespaces)
  return {
    ...observation,
    trace,
    observers: [process.pid, process.ppid, ...(running === undefined ? [] : [running.pid])],
  }
}

const TRACED_CAUSES = RULES.filter(({ needs }) => needs.includes('trace')).map(({ cause }) => cause)

async function beginTracing(source: ProcSource, notLooked: NotLooked[]): Promise<RunningTracer | undefined> {
  const own = optional(() => source.readLink('self/ns/pid'))
  const number = /^pid:\[(\d+)\]$/.exec(own ?? '')?.[1]
  const tracer = await startTracer(number === FIRST_PID_NAMESPACE ? undefined : number).catch((error: Error) => ({
    obstacle: error.message,
    hint: undefined,
  }))
  if (!('obstacle' in tracer)) return tracer
  notLooked.push({ what: 'system calls that fail', why: tracer.obstacle, hint: tracer.hint, causes: TRACED_CAUSES })
  return undefined
}

/** PROC_PID_INIT_INO of the kernel: the same on every machine. */
const FIRST_PID_NAMESPACE = '4026531836'

/** Waits for the totals that are nearest to the end. */
async function untilCounted(
  tracer: RunningTracer,
  elapsed: () => number,
  { durationMs, stop }: ObserveOptions,
  notLooked: NotLooked[],
): Promise<void> {
  const latest = durationMs + LATEST_MS
  const late = () =>
    sleep(Math.max(0, latest - elapsed()), 'late' as const, { signal: stop }).catch(() => 'late' as const)
  for (;;) {
    const outcome = await Promise.race([tracer.nextTotals(), late()])
    const traced = tracer.trace()?.durationMs ?? 0
    if (outcome === 'late' || (elapsed() >= durationMs - 300 && traced >= LEAST_TRACED_MS)) break
    if (elapsed() >= latest) break
  }
  if (tracer.trace() !== undefined) return
  const failure = tracer.failure()
  notLooked.push(
    failure === undefined ? notAttached : { ...notAttached, why: `bpftrace failed: ${failure}`, hint: undefined },
  )
}

const notAttached: NotLooked = {
  what: 'system calls that fail',
  why: 'the tracer was not attached in time',
  hint: 'look longer: --duration 10s',
  causes: TRACED_CAUSES,
}

interface FirstLook {
  processes: Map<number, ObservedProcess>
  namespaces: ObservedNamespace[]
  mountPids: number[]
  cgroups: Map<string, CgroupCounters>
  locks: Observation['locks'][0]
  machine: Observation['machine'][0]
  disks: ReturnType<typeof parseDiskstats>
}

const breathe = () => new Promise<void>(resolve => setImmediate(resolve))

async function lookFirst(source: ProcSource, notLooked: NotLooked[]): Promise<FirstLook> {
  const processes = lookAtProcesses(source)
  const machine = lookAtMachine(source)
  const cgroups = lookAtCgroups()
  const locks = locksOf(source)
  const disks = parseDiskstats(optional(() => source.readFile('diskstats')) ?? Buffer.alloc(0))
  await breathe()
  const places = new Map<string, number>()
  const mounts = new Map<string, number>()
  // The eldest stands for its namespaces: it will be there at the last look too.
  for (const process of [...processes.values()].toSorted((x, y) => x.startTicks - y.startTicks)) {
    if (process.isKernelThread) continue
    process.netns = optional(() => source.readLink(`${process.pid}/ns/net`))
    process.mntns = optional(() => source.readLink(`${process.pid}/ns/mnt`))
    process.wchan = waitChannel(source, process.pid)
    if (process.netns !== undefined && !places.has(process.netns)) places.set(process.netns, process.pid)
    if (process.mntns !== undefined && !mounts.has(process.mntns)) mounts.set(process.mntns, process.pid)
  }
  // Without the right to see namespaces there is our own.
  if (places.size === 0)
    places.set(source.meta.netns ?? 'net:[0]', Number(optional(() => source.readLink('self')) ?? 1))
  if (mounts.size === 0) mounts.set('mnt:[0]', process.pid)
  const namespaces: ObservedNamespace[] = []
  for (const [netns, pid] of places) {
    await breathe()
    const place = { netns, pid }
    const a = readInside(place, processes, member => networkOf(source, member))
    if (a !== undefined) namespaces.push({ ...place, a })
  }
  if (cgroups.cut) notLooked.push({ what: 'control groups beyond 3000', why: 'there are too many', causes: [] })
  return { processes, namespaces, mountPids: [...mounts.values()], cgroups: cgroups.groups, locks, machine, disks }
}

const locksOf = (source: ProcSource) => optional(() => parseLocks(source.readFile('locks'))) ?? []

/** Reads something of a namespace by a process in it; where that one has ended, by another one. */
function readInside<T>(
  place: { netns: string; pid: number },
  processes: ReadonlyMap<number, ObservedProcess>,
  read: (pid: number) => T,
): T | undefined {
  const first = optional(() => read(place.pid))
  if (first !== undefined) return first
  for (const { pid, netns } of processes.values()) {
    const found = netns === place.netns && pid !== place.pid ? optional(() => read(pid)) : undefined
    if (found === undefined) continue
    place.pid = pid
    return found
  }
  return undefined
}

/** Reading net/tcp walks the table of all namespaces, so it is left out where the kernel counts no socket. */
function networkOf(source: ProcSource, pid: number, ports?: ReadonlySet<number>) {
  const folder = `${pid}/net`
  const tcp = optional(() => parseSockstat(source.readFile(`${folder}/sockstat`)).get('TCP'))
  const tcp6 = optional(() => parseSockstat(source.readFile(`${folder}/sockstat6`)).get('TCP6'))
  const isIdle = tcp !== undefined && tcp.get('inuse') === 0 && tcp.get('tw') === 0 && (tcp6?.get('inuse') ?? 0) === 0
  const look = lookAtNetwork(source, folder, { tcp: !isIdle, ...(ports && { ports }) })
  // Tables of a process that has ended are empty; its counters are absent.
  if (Object.keys(look.counters).length === 0) throw new SourceReadError('ESRCH', folder)
  return look
}

/** Who is looked at closely. */
interface CloseLook {
  atMs: number
  /** Stand still, or wait for another process. */
  hanging: ObservedProcess[]
  /** Use a processor: thread times at the glance. */
  busy: Map<number, ReturnType<typeof threadTimes>>
  /** Switches at the glance, of processes that use some of a processor. */
  waking: Map<number, { atMs: number; sum: number; byThread: Map<string, number> }>
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
function glance(source: ProcSource, first: FirstLook, atMs: number): CloseLook {
  const now = lookAtProcesses(source)
  const seconds = atMs / 1000
  const userHz = source.meta.userHz ?? 100
  const close: CloseLook = {
    atMs,
    hanging: [],
    busy: new Map(),
    waking: new Map(),
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
      close.busy.set(pid, threadTimes(source, pid, MOST_THREADS))
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

const diskBytes = ({ readBytes = 0, writeBytes = 0 }: ProcessCounters) => readBytes + writeBytes

function sample(source: ProcSource, first: FirstLook, close: CloseLook): void {
  if (first.locks.some(({ waiting }) => waiting)) close.lockSamples.push(locksOf(source))
  for (const process of close.hanging) sampleHanging(source, process)
  for (const process of close.growing) {
    const pages = optional(() => parsePidStat(source.readFile(`${process.pid}/stat`))?.rssPages)
    if (pages !== undefined) (process.residentPages ??= []).push(pages)
  }
  for (const process of close.diskUsers) {
    const state = optional(() => parsePidStat(source.readFile(`${process.pid}/stat`))?.state)
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

function lookAgain(
  source: ProcSource,
  first: FirstLook,
  close: CloseLook,
  {
    durationMs,
    notLooked,
    ports,
    asked,
  }: { durationMs: number; notLooked: NotLooked[]; ports: ReadonlySet<number>; asked: ProcSource },
): Omit<Observation, 'trace' | 'observers'> {
  const { processes, namespaces } = first
  joinLater(processes, lookAtProcesses(source))
  for (const place of namespaces) place.b = readInside(place, processes, pid => networkOf(source, pid, ports))
  const locks = locksOf(source)
  const machine = lookAtMachine(source)
  const cgroups = lookAtCgroups().groups
  const disks = diskDifferences(
    first.disks,
    parseDiskstats(optional(() => source.readFile('diskstats')) ?? Buffer.alloc(0)),
  )
  for (const [pid, before] of close.busy) joinThreads(source, processes.get(pid)!, before)
  for (const [pid, before] of close.waking) joinWakeups(source, processes.get(pid)!, before)
  lookAtLimits(source, processes.values())
  for (const process of processes.values()) {
    const { a, b, pid } = process
    if (a === undefined || b === undefined) continue
    const writes = (b.writeCalls ?? 0) - (a.writeCalls ?? 0)
    if (writes >= (WRITES_OFTEN * durationMs) / 1000 && diskBytes(b) > diskBytes(a))
      process.syncFile = fileWrittenAtOnce(source, pid)
  }
  for (const process of processes.values()) {
    if (process.isKernelThread) continue
    const link = optional(() => source.readLink(`${process.pid}/exe`))
    if (link?.endsWith(' (deleted)')) process.replacedExecutable = replacedBy(source, process.pid, link)
  }
  findWhatTheyWaitFor(source, close.hanging)
  const unixPeers = unixPeersOf(asked, close.hanging)
  const found = lookAtDescriptors(source, {
    sockets: new Set([...socketsOfInterest(namespaces), ...unixPeers.values()]),
    pipes: new Set(close.hanging.flatMap(({ waitsFor }) => (waitsFor?.kind === 'pipe' ? [waitsFor.inode] : []))),
    locks: locksWithoutHolder(locks, processes),
    local: close.mounts.local,
    kindsOf: new Set(
      [...processes.values()]
        .filter(({ descriptors = 0, descriptorLimit = Infinity }) => descriptors >= descriptorLimit * 0.9)
        .map(({ pid }) => pid),
    ),
  })
  for (const [pid, kinds] of found.kinds) processes.get(pid)!.descriptorKinds = kinds
  if (close.mounts.skipped.size > 0)
    notLooked.push({
      what: `filesystems of type ${[...close.mounts.skipped].join(', ')}`,
      why: 'they may not answer',
      causes: ['disk-full', 'inodes-exhausted'],
    })
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
    mounts: lookAtMounts(source, first.mountPids).mounts,
    disks,
    deletedFiles: found.deleted,
    growingFiles: grownFiles(close.written, filesWritten(source, close.writers, close.mounts.local)),
    notLooked,
    unreadable: found.unreadable,
  }
}

function joinThreads(source: ProcSource, process: ObservedProcess, before: ReturnType<typeof threadTimes>): void {
  const after = threadTimes(source, process.pid, MOST_THREADS)
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

function replacedBy(source: ProcSource, pid: number, link: string): string | undefined {
  if (!parseExeLink(link, source.isSameFile?.(`${pid}/exe`, link)).deleted) return undefined
  const path = link.slice(0, -' (deleted)'.length)
  // A program that deletes itself is no upgrade.
  return existsSync(Buffer.from(`/proc/${pid}/root${path}`, 'latin1')) ? path : undefined
}

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

function socketsOfInterest(namespaces: readonly ObservedNamespace[]): Set<string> {
  const inodes = new Set<string>()
  for (const { a, b, lookups = [] } of namespaces) {
    for (const look of [a, b]) for (const { inode } of [...(look?.tcp ?? []), ...(look?.udp ?? [])]) inodes.add(inode)
    for (const line of lookups.flat()) inodes.add(line.split(' ')[0]!)
  }
  inodes.delete('0')
  return inodes
}
