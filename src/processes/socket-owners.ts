import { errnoOf, isVanished, optional, SourceReadError } from '../errors.ts'
import { parseIoUringSockets } from './pid-fdinfo.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import type { ProcessShare, SharedScan } from './fast/owner-thread.ts'
import { OwnersByInode } from './fast/owners-by-inode.ts'

export interface OwnerScan {
  byInode: OwnersByInode
  /** Owners of every socket were kept, not only of those wanted. */
  isWhole: boolean
  /** Descriptors of sockets seen, wanted or not. */
  descriptors: number
  /** Processes whose descriptors were read. */
  processes: number
  /** Processes whose descriptors were refused: errno name → how many. */
  unreadable: Map<string, number>
  /** Which they are, as /proc names them. */
  refused: Set<string>
  /** Those of them that did not even let their descriptors be counted. */
  unlistable: number
  /** Processes that were read after the tables; undefined where all were. */
  late: Set<string> | undefined
}

/**
 * Which process holds which socket, from the descriptors of every process: links `socket:[2221543]` in /proc/PID/fd.
 * A process that ends meanwhile is skipped. With `wanted` only those inodes are kept; `shared`
 * is what a second thread has begun.
 */
export function scanOwners(source: ProcSource, wanted?: ReadonlySet<string>, shared?: SharedScan): OwnerScan {
  const scan = emptyScan(wanted, shared && new Set())
  const names = shared?.names ?? processNames(source)
  let next = 0
  for (; next < names.length && shared?.claim(next) !== false; next += 1) scanProcess(source, names[next]!, scan)
  const shares = shared?.finish()
  if (shares === undefined) for (; next < names.length; next += 1) scanProcess(source, names[next]!, scan)
  else for (const share of shares) takeShare(source, share, scan)
  return scan
}

function emptyScan(wanted: ReadonlySet<string> | undefined, late: Set<string> | undefined): OwnerScan {
  return {
    byInode: new OwnersByInode(wanted),
    isWhole: wanted === undefined,
    descriptors: 0,
    processes: 0,
    unreadable: new Map(),
    refused: new Set(),
    unlistable: 0,
    late,
  }
}

/**
 * Searches owners of `inodes` in every process that was not read since the tables were: a row may be younger than the
 * first reading.
 */
export function scanLatecomers(source: ProcSource, inodes: ReadonlySet<string>, scan: OwnerScan): void {
  if (scan.late === undefined || inodes.size === 0) return
  const again = emptyScan(inodes, undefined)
  for (const name of processNames(source)) if (!scan.late.has(name)) scanProcess(source, name, again)
  for (const inode of again.byInode.inodes())
    for (const { pid, fd, ...unusual } of again.byInode.of(inode)) scan.byInode.add(inode, pid, fd, unusual)
}

function scanProcess(source: ProcSource, name: string, scan: OwnerScan): void {
  const folder = `${name}/fd`
  scan.late?.add(name)
  try {
    readLinks(source, folder, (fd, link) => takeLink(source, Number(name), fd, link, scan))
    scan.processes += 1
  } catch (error) {
    noteFailure(scan, name, errnoOf(error), error instanceof SourceReadError && error.path === folder)
  }
}

function takeShare(source: ProcSource, share: ProcessShare, scan: OwnerScan): void {
  const { name, sockets, others, failure } = share
  if (!share.early) scan.late?.add(name)
  const pid = Number(name)
  scan.descriptors += sockets.length / 2
  for (let i = 0; i < sockets.length; i += 2) scan.byInode.add(sockets[i + 1]!, pid, sockets[i]!)
  for (let i = 0; i < others.length; i += 2) takeLink(source, pid, others[i]!, others[i + 1]!, scan)
  if (failure === undefined) scan.processes += 1
  else noteFailure(scan, name, failure.code, failure.ofFolder)
}

function noteFailure(scan: OwnerScan, name: string, code: string, ofFolder: boolean): void {
  if (isVanished({ code })) return
  scan.refused.add(name)
  scan.unreadable.set(code, (scan.unreadable.get(code) ?? 0) + 1)
  if (code === 'EACCES' && ofFolder) scan.unlistable += 1
}

/** No pid has more digits; the limit is 2^22. Source: Linux include/linux/threads.h, PID_MAX_LIMIT. */
const PID = /^[1-9]\d{0,6}$/

/** Folders of /proc that are processes, in the order the kernel lists them. */
export function processNames(source: Pick<ProcSource, 'list'>): string[] {
  return source.list('').filter(name => PID.test(name))
}

function takeLink(source: ProcSource, pid: number, fd: string, link: string, scan: OwnerScan): void {
  const inode = socketInode(link)
  if (inode !== undefined) {
    scan.descriptors += 1
    scan.byInode.add(inode, pid, Number(fd))
  } else if (link === IO_URING) {
    for (const registered of ioUringSockets(source, pid, fd))
      scan.byInode.add(registered, pid, Number(fd), { heldBy: 'io_uring' })
  }
}

/** Every link of a folder that did not vanish meanwhile; a refusal is an error. */
export function readLinks(source: ProcSource, folder: string, visit: (name: string, target: string) => void): void {
  if (source.readLinks) return source.readLinks(folder, visit)
  for (const name of source.list(folder)) {
    let target: string
    try {
      target = source.readLink(`${folder}/${name}`)
    } catch (error) {
      if (isVanished(error)) continue
      throw error
    }
    visit(name, target)
  }
}

const IO_URING = 'anon_inode:[io_uring]'
const SOCKET = 'socket:['

/** `socket:[2221543]` → `2221543`, a string because an inode may exceed 2^53; undefined for any other link. */
export function socketInode(link: string): string | undefined {
  return link.startsWith(SOCKET) ? link.slice(SOCKET.length, -1) : undefined
}

function ioUringSockets(source: ProcSource, pid: number, fd: string): string[] {
  try {
    return parseIoUringSockets(source.readFile(`${pid}/fdinfo/${fd}`))
  } catch {
    return []
  }
}

/** Links read in search of threads with a table of their own; a search past it gives up and says so. */
const THREAD_LINK_BUDGET = 250_000

/** Descriptors compared to tell whether a thread shares the table of its process. */
const COMPARED_LINKS = 3

/**
 * Looks for `inodes` in the descriptor tables of single threads (unshare(CLONE_FILES)): such a descriptor stands in
 * /proc/PID/task/TID/fd only. Adds what it finds to `scan` and returns whether it could look everywhere.
 *
 * A thread with the same numbers open as its process, and the same files behind the highest of them, is taken to share
 * the table: new files get the lowest free number, so tables that parted differ at the end first.
 */
export function scanThreads(source: ProcSource, inodes: ReadonlySet<string>, scan: OwnerScan): boolean {
  const open = new Set(inodes)
  let budget = THREAD_LINK_BUDGET
  for (const name of processNames(source)) {
    // What is refused for a process is refused for its threads.
    if (scan.refused.has(name)) continue
    const tids = namesIn(source, `${name}/task`).filter(tid => tid !== name)
    if (tids.length === 0) continue
    const shared = namesIn(source, `${name}/fd`)
    const sharedEnd = shared.slice(-COMPARED_LINKS).map(fd => optionalLink(source, `${name}/fd/${fd}`))
    for (const tid of tids) {
      const folder = `${name}/task/${tid}/fd`
      const own = namesIn(source, folder)
      if (
        own.join() === shared.join() &&
        own.slice(-COMPARED_LINKS).every((fd, i) => optionalLink(source, `${folder}/${fd}`) === sharedEnd[i])
      )
        continue
      for (const fd of own) {
        if (open.size === 0) return true
        if ((budget -= 1) < 0) return false
        const link = optionalLink(source, `${folder}/${fd}`)
        const inode = link === undefined ? undefined : socketInode(link)
        if (inode === undefined || !inodes.has(inode)) continue
        open.delete(inode)
        scan.byInode.add(inode, Number(name), Number(fd), { heldBy: 'thread', tid: Number(tid) })
      }
    }
  }
  return true
}

function optionalLink(source: ProcSource, path: string): string | undefined {
  return optional(() => source.readLink(path))
}

function namesIn(source: ProcSource, folder: string): string[] {
  return optional(() => source.list(folder)) ?? []
}
