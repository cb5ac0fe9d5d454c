import { errnoOf, optional } from '../../errors.ts'
import { readBootTimeMs } from '../../processes/read-process-facts.ts'
import { processNames, readLinks, socketInode } from '../../processes/socket-owners.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { RULES } from '../rules/all.ts'
import type { Observation } from '../observation.ts'
import type { ObservedNamespace } from '../observed/sockets.ts'
import type { ObservedProcess } from '../observed/task.ts'
import { lookAtMachine, parseLocks } from './machine.ts'
import { lookAtNetwork } from './sockets/network.ts'
import { lookAtProcesses } from './processes.ts'
import { descriptorLimit, refusedDescriptors } from './descriptors.ts'

/** What a recording of /proc shows: one look, of which only the rules that need no second one can tell. */
export function observeOnce(source: ProcSource): Observation {
  const processes = lookAtProcesses(source)
  const places = new Map<string, number>()
  for (const process of processes.values()) {
    process.netns = optional(() => source.readLink(`${process.pid}/ns/net`))
    if (process.netns === undefined) continue
    // A recording holds the tables of a namespace under one of its processes.
    const known = places.get(process.netns)
    if (known === undefined || !hasTables(source, known)) places.set(process.netns, process.pid)
  }
  const own = source.meta.netns ?? 'net:[0]'
  const namespaces: ObservedNamespace[] = [{ netns: own, pid: 0, a: lookAtNetwork(source, 'net') }]
  for (const [netns, pid] of places) {
    if (netns === own || !hasTables(source, pid)) continue
    namespaces.push({ netns, pid, a: lookAtNetwork(source, `${pid}/net`) })
  }
  const { holders, unreadable } = socketHolders(source, processes)
  const locks = optional(() => parseLocks(source.readFile('locks'))) ?? []
  const machine = lookAtMachine(source)
  const { meta } = source
  return {
    host: meta.host,
    kernel: meta.kernel,
    arch: meta.arch,
    takenAt: meta.takenAt,
    uid: meta.uid,
    userHz: meta.userHz ?? 100,
    processors: 0,
    bootedAtMs: readBootTimeMs(source),
    durationMs: 0,
    observers: [],
    processes: [...processes.values()],
    namespaces,
    socketOwners: holders,
    pipeReaders: {},
    fuseDaemons: [],
    lockHolders: {},
    unixPeers: {},
    locks: [locks, locks],
    machine: [machine, machine],
    cgroups: [],
    mounts: [],
    disks: [],
    deletedFiles: [],
    growingFiles: [],
    notLooked: [
      {
        what: 'what changes',
        why: 'a recording of /proc is one look',
        hint: 'record a diagnosis instead: linsight diagnose --record FILE',
        causes: RULES.filter(({ looks }) => looks === 2).map(({ cause }) => cause),
      },
      ...refusedDescriptors(unreadable, source.meta.uid),
    ],
    unreadable,
  }
}

const hasTables = (source: ProcSource, pid: number) => optional(() => source.readFile(`${pid}/net/tcp`)) !== undefined

/** Who holds which socket; counts descriptors on the way. */
function socketHolders(source: ProcSource, processes: ReadonlyMap<number, ObservedProcess>) {
  const holders: Observation['socketOwners'] = {}
  const unreadable: Record<string, number> = {}
  for (const name of processNames(source)) {
    let count = 0
    try {
      readLinks(source, `${name}/fd`, (fd, link) => {
        count += 1
        const inode = socketInode(link)
        if (inode !== undefined) (holders[inode] ??= []).push({ pid: Number(name), fd: Number(fd) })
      })
    } catch (error) {
      const code = errnoOf(error)
      unreadable[code] = (unreadable[code] ?? 0) + 1
    }
    const process = processes.get(Number(name))
    const limit = process && descriptorLimit(source, process.pid)
    if (process !== undefined && limit !== undefined)
      Object.assign(process, { descriptors: count, descriptorLimit: limit })
  }
  return { holders, unreadable }
}
