import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { processNames } from '../../processes/socket-owners.ts'
import { attempt, holdersOf, type HolderSearch } from './found.ts'
import { groupRefused } from './refused.ts'
import { parseNamespaceMounts } from './nsfs-mounts.ts'

/** Links of threads and of descriptors that are read at most; a search past it gives up and says so. */
const THREAD_BUDGET = 100_000
const DESCRIPTOR_BUDGET = 250_000

/** Where to look for namespaces that no process is in. All are looked at where absent. */
export interface HolderOptions {
  threads?: boolean
  mounts?: boolean
  descriptors?: boolean
}

/** Every network namespace that a process, thread, mount or descriptor holds. One that only a socket holds shows nowhere. */
export function searchHolders(source: ProcSource, options: HolderOptions = {}): HolderSearch {
  const { threads = true, mounts = true, descriptors = true } = options
  const pids = processNames(source).map(Number)
  const search: HolderSearch = {
    found: new Map(),
    processes: pids.length,
    hidden: [],
    refused: new Set(),
    threadsCut: false,
    descriptorsCut: false,
  }
  const namespaceOf = new Map<number, string>()
  for (const pid of pids) {
    const name = attempt(search, pid, () => source.readLink(`${pid}/ns/net`))
    if (name === undefined) continue
    namespaceOf.set(pid, name)
    holdersOf(search, name).processes.push(pid)
  }
  groupRefused(source, search)
  if (threads) searchThreads(source, pids, namespaceOf, search)
  if (mounts) searchMounts(source, pids, search)
  if (descriptors) searchDescriptors(source, pids, search)
  return search
}

/** A thread that called unshare(CLONE_NEWNET) or setns(). */
function searchThreads(
  source: ProcSource,
  pids: readonly number[],
  namespaceOf: ReadonlyMap<number, string>,
  search: HolderSearch,
): void {
  let budget = THREAD_BUDGET
  for (const pid of pids) {
    // What is refused for a process is refused for its threads.
    if (search.refused.has(pid)) continue
    const tids = optional(() => source.list(`${pid}/task`)) ?? []
    if (tids.length === 0 || (tids.length === 1 && tids[0] === String(pid))) continue
    if ((budget -= tids.length) < 0) {
      search.threadsCut = true
      return
    }
    // The first thread may have ended: then its process shows no namespace, and the others still are in one.
    const own = namespaceOf.get(pid)
    for (const tid of tids) {
      if (tid === String(pid)) continue
      const name = optional(() => source.readLink(`${pid}/task/${tid}/ns/net`))
      if (name !== undefined && name !== own) holdersOf(search, name).threads.push({ pid, tid: Number(tid) })
    }
  }
}

/** The mounts of the reader's own mount namespace, then those of every other one, each place once. */
function searchMounts(source: ProcSource, pids: readonly number[], search: HolderSearch): void {
  const seen = new Set<string | undefined>()
  const visit = (pid: number | undefined, read: (path: string) => Buffer | undefined) => {
    const bytes = read(`${pid ?? 'self'}/mountinfo`)
    for (const { name, place } of bytes === undefined ? [] : parseNamespaceMounts(bytes)) {
      const { mounts: known } = holdersOf(search, name)
      if (!known.some(mount => mount.place === place)) known.push({ pid, place })
    }
  }
  seen.add(optional(() => source.readLink('self/ns/mnt')))
  visit(undefined, path => optional(() => source.readFile(path)))
  for (const pid of pids) {
    if (search.refused.has(pid)) continue
    const name = attempt(search, pid, () => source.readLink(`${pid}/ns/mnt`))
    if (name === undefined || seen.has(name)) continue
    seen.add(name)
    visit(pid, path => attempt(search, pid, () => source.readFile(path)))
  }
}

const NAMESPACE = /^net:\[\d+\]$/

/** Open files of a namespace: `/proc/PID/fd/5` reads `net:[4026532208]`. */
function searchDescriptors(source: ProcSource, pids: readonly number[], search: HolderSearch): void {
  let budget = DESCRIPTOR_BUDGET
  for (const pid of pids) {
    if (budget < 0) {
      search.descriptorsCut = true
      return
    }
    if (search.refused.has(pid)) continue
    attempt(search, pid, () =>
      readLinks(source, `${pid}/fd`, (fd, link) => {
        budget -= 1
        if (link.startsWith('net:[') && NAMESPACE.test(link))
          holdersOf(search, link).descriptors.push({ pid, fd: Number(fd) })
      }),
    )
  }
}

function readLinks(source: ProcSource, folder: string, visit: (name: string, target: string) => void): void {
  if (source.readLinks) return source.readLinks(folder, visit)
  for (const name of source.list(folder)) {
    const target = optional(() => source.readLink(`${folder}/${name}`))
    if (target !== undefined) visit(name, target)
  }
}
