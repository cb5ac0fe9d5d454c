import { statSync } from 'node:fs'
import { errnoOf, optional } from '../../errors.ts'
import { processNames, readLinks, socketInode } from '../../processes/socket-owners.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Holder, NotLooked } from '../observation.ts'
import type { DeletedFile } from '../observed/storage.ts'
import type { ObservedProcess } from '../observed/task.ts'
import { RULES } from '../rules/all.ts'

/** What one pass over all descriptors is to find. */
export interface DescriptorWish {
  sockets: ReadonlySet<string>
  pipes: ReadonlySet<string>
  /** Mounts that answer at once: id → device. */
  local: ReadonlyMap<number, string>
  /** Processes whose descriptors are summed up by where they lead. */
  kindsOf: ReadonlySet<number>
  /** Files of locks whose holder is not known: `08:01:1234`. */
  locks: ReadonlySet<string>
  /** Processes that have none. */
  without?: ReadonlySet<number> | undefined
}

export interface DescriptorLook {
  sockets: Record<string, Holder[]>
  pipeReaders: Record<string, Holder[]>
  deleted: DeletedFile[]
  kinds: Map<number, [target: string, count: number][]>
  unreadable: Record<string, number>
  fuseDaemons: Holder[]
  lockHolders: Record<string, Holder[]>
  /** Instances of inotify by process, and how many files these watch. */
  inotify: Map<number, { instances: number; watches: number }>
}

const DELETED = ' (deleted)'
/** Files without a name from the start: memory that is shared through a descriptor. */
const NAMELESS = /^\/(?:memfd:|SYSV|dev\/zero|dev\/shm\/|i915|drm |\[aio\])/

/** One pass over the descriptors of every process. */
export function lookAtDescriptors(source: ProcSource, wish: DescriptorWish): DescriptorLook {
  const look: DescriptorLook = {
    sockets: {},
    pipeReaders: {},
    deleted: [],
    kinds: new Map(),
    unreadable: {},
    fuseDaemons: [],
    lockHolders: {},
    inotify: new Map(),
  }
  for (const name of processNames(source)) {
    const pid = Number(name)
    if (wish.without?.has(pid)) continue
    const kinds = wish.kindsOf.has(pid) ? new Map<string, number>() : undefined
    try {
      readLinks(source, `${name}/fd`, (fd, link) => takeLink(source, pid, Number(fd), link, wish, look, kinds))
    } catch (error) {
      const code = errnoOf(error)
      if (code !== 'ENOENT' && code !== 'ESRCH') look.unreadable[code] = (look.unreadable[code] ?? 0) + 1
    }
    if (kinds !== undefined) look.kinds.set(pid, [...kinds].sort((a, b) => b[1] - a[1]).slice(0, 3))
  }
  return look
}

function takeLink(
  source: ProcSource,
  pid: number,
  fd: number,
  link: string,
  wish: DescriptorWish,
  look: DescriptorLook,
  kinds: Map<string, number> | undefined,
): void {
  const socket = socketInode(link)
  if (kinds !== undefined) {
    const kind = link.replace(/:?\[\d+\]$/, '')
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  if (socket !== undefined) {
    if (wish.sockets.has(socket)) (look.sockets[socket] ??= []).push({ pid, fd })
  } else if (link.startsWith('pipe:[')) {
    const pipe = link.slice(6, -1)
    if (wish.pipes.has(pipe) && (descriptorFacts(source, pid, fd)?.flags ?? 1) % 4 === 0)
      (look.pipeReaders[pipe] ??= []).push({ pid, fd })
  } else if (wish.pipes.has(link)) {
    // A pipe with a name: who reads has it open for reading, or for both.
    if ((descriptorFacts(source, pid, fd)?.flags ?? 1) % 4 !== 1) (look.pipeReaders[link] ??= []).push({ pid, fd })
  } else if (link === 'anon_inode:inotify') {
    const { instances, watches } = look.inotify.get(pid) ?? { instances: 0, watches: 0 }
    look.inotify.set(pid, { instances: instances + 1, watches: watches + watchesOf(source, pid, fd) })
  } else if (link === '/dev/fuse') look.fuseDaemons.push({ pid, fd })
  else if (link.startsWith('/') && wish.locks.size > 0 && !link.startsWith('/dev/')) {
    for (const file of locksOf(source, pid, fd))
      if (wish.locks.has(file)) (look.lockHolders[file] ??= []).push({ pid, fd })
  }
  if (link.endsWith(DELETED) && link.startsWith('/') && !NAMELESS.test(link)) {
    const mount = descriptorFacts(source, pid, fd)?.mount
    const device = mount === undefined ? undefined : wish.local.get(mount)
    if (device === undefined) return
    const file = optional(() => statSync(`/proc/${pid}/fd/${fd}`))
    if (file?.isFile()) {
      const path = link.slice(0, -DELETED.length)
      look.deleted.push({ pid, fd, path, device, bytes: file.blocks * 512 })
    }
  }
}

/** Files that a descriptor holds a lock of: `lock:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF`. */
function locksOf(source: ProcSource, pid: number, fd: number): string[] {
  const text = optional(() => source.readFile(`${pid}/fdinfo/${fd}`).toString('latin1')) ?? ''
  return [...text.matchAll(/^lock:\t.* ([0-9a-f]+:[0-9a-f]+:\d+) /gm)].map(([, file]) => file!)
}

/** `inotify wd:1 ino:… ` is a line for each file that is watched. */
function watchesOf(source: ProcSource, pid: number, fd: number): number {
  const text = optional(() => source.readFile(`${pid}/fdinfo/${fd}`).toString('latin1')) ?? ''
  return text.split('\ninotify wd:').length - 1
}

export interface DescriptorFacts {
  position: number
  /** Of open(2): 0 reads, 1 writes, 2 both. */
  flags: number
  mount: number | undefined
}

/** /proc/PID/fdinfo/FD. Source: proc_pid_fdinfo(5). `pos:\t0`, `flags:\t0100002` (octal), `mnt_id:\t29`. */
export function descriptorFacts(source: ProcSource, pid: number, fd: number): DescriptorFacts | undefined {
  const text = optional(() => source.readFile(`${pid}/fdinfo/${fd}`).toString('latin1'))
  if (text === undefined) return undefined
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1]
  const mount = field('mnt_id')
  return {
    position: Number(field('pos') ?? 0),
    flags: Number.parseInt(field('flags') ?? '0', 8),
    mount: mount === undefined ? undefined : Number(mount),
  }
}

/** How many descriptors a process has open: the size of the folder, since Linux 6.2; otherwise they are counted. */
export function descriptorCount(source: ProcSource, pid: number): number | undefined {
  const size = optional(() => statSync(`/proc/${pid}/fd`).size)
  if (size === undefined || size > 0) return size
  return optional(() => source.list(`${pid}/fd`).length)
}

/** The soft limit of descriptors. Source: proc_pid_limits(5), `Max open files            1024                 524288`. */
export function descriptorLimit(source: ProcSource, pid: number): number | undefined {
  const text = optional(() => source.readFile(`${pid}/limits`).toString('latin1'))
  const digits = /^Max open files\s+(\d+)/m.exec(text ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Descriptors from which on a limit is asked for: below, no limit that a program can live with is near. */
const FEW = 40

export function lookAtLimits(source: ProcSource, processes: Iterable<ObservedProcess>): void {
  for (const process of processes) {
    if (process.isKernelThread || process.b === undefined) continue
    const count = descriptorCount(source, process.pid)
    if (count === undefined || count < FEW) continue
    process.descriptors = count
    process.descriptorLimit = descriptorLimit(source, process.pid)
  }
}

/** What is to be said of processes whose descriptors were refused, by errno name. */
export function refusedDescriptors(unreadable: Readonly<Record<string, number>>, uid: number | undefined): NotLooked[] {
  const count = Object.values(unreadable).reduce((sum, refused) => sum + refused, 0)
  if (count === 0) return []
  return [
    {
      what: `the descriptors of ${count} process${count === 1 ? '' : 'es'}`,
      why: Object.keys(unreadable).join(', '),
      // From root they are protected by a capability or a security module.
      hint: uid === 0 ? undefined : 'run it as root (sudo)',
      causes: RULES.filter(({ needs }) => needs.includes('root')).map(({ cause }) => cause),
    },
  ]
}
