import { optional, SourceReadError } from '../../errors.ts'
import { parseSockstat } from '../../proc/net/sockstat.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { NotLooked, Observation } from '../observation.ts'
import type { ObservedNamespace } from '../observed/sockets.ts'
import type { ObservedProcess } from '../observed/task.ts'
import type { CgroupCounters } from '../observed/totals.ts'
import { lookAtCgroups } from './cgroups.ts'
import { lookAtMachine, parseDiskstats, parseLocks } from './machine.ts'
import { lookAtNetwork } from './sockets/network.ts'
import { lookAtProcesses, waitChannel } from './processes.ts'

/** What the first look found. */
export interface FirstLook {
  processes: Map<number, ObservedProcess>
  namespaces: ObservedNamespace[]
  mountPids: number[]
  cgroups: Map<string, CgroupCounters>
  /** Every control group, with its files. */
  cgroupFolders: ReadonlyMap<string, ReadonlySet<string>>
  locks: Observation['locks'][0]
  machine: Observation['machine'][0]
  disks: ReturnType<typeof parseDiskstats>
}

const breathe = () => new Promise<void>(resolve => setImmediate(resolve))

/** Looks at everything once. */
export async function lookFirst(source: ProcSource, notLooked: NotLooked[]): Promise<FirstLook> {
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
  return {
    processes,
    namespaces,
    mountPids: [...mounts.values()],
    cgroups: cgroups.groups,
    cgroupFolders: cgroups.folders,
    locks,
    machine,
    disks,
  }
}

export const locksOf = (source: ProcSource) => optional(() => parseLocks(source.readFile('locks'))) ?? []

/** Reads something of a namespace by a process in it; where that one has ended, by another one. */
export function readInside<T>(
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
export function networkOf(source: ProcSource, pid: number, ports?: ReadonlySet<number>) {
  const folder = `${pid}/net`
  const tcp = optional(() => parseSockstat(source.readFile(`${folder}/sockstat`)).get('TCP'))
  const tcp6 = optional(() => parseSockstat(source.readFile(`${folder}/sockstat6`)).get('TCP6'))
  const isIdle = tcp !== undefined && tcp.get('inuse') === 0 && tcp.get('tw') === 0 && (tcp6?.get('inuse') ?? 0) === 0
  const look = lookAtNetwork(source, folder, { tcp: !isIdle, ...(ports && { ports }) })
  // Tables of a process that has ended are empty; its counters are absent.
  if (Object.keys(look.counters).length === 0) throw new SourceReadError('ESRCH', folder)
  return look
}
