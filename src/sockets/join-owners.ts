import type { ProcSource } from '../proc/proc-source.ts'
import { optional } from '../errors.ts'
import { OwnerNames } from '../processes/owner-names.ts'
import { parseScmFds } from '../processes/pid-fdinfo.ts'
import { readProcView } from '../processes/proc-view.ts'
import { scanOwners, scanLatecomers, scanThreads, type OwnerScan } from '../processes/socket-owners.ts'
import type { Ownerless, SearchReport, Socket, TableName, UnlistedSocket } from './model.ts'
import type { OwnerPlan } from './plan.ts'
import { listeningOf } from './rules/listening.ts'
import { explainOwnerless, isKernelSocket, unixListeners, type OwnerSearch } from './rules/ownerless.ts'
import { isInetRow, isUnixRow, type SocketRow } from './tables/socket-row.ts'
import { parseUnixTable } from './tables/unix.ts'

/** What was read of one network namespace. */
export interface NamespaceRows {
  /** The sockets to find owners for; their `owners` and `ownerless` are filled in. */
  sockets: readonly Socket[]
  /** All rows that were read. */
  rows: readonly SocketRow[]
  /** The rows of these tables as they are now. */
  readAgain: (tables: ReadonlySet<TableName>) => readonly SocketRow[]
}

interface OwnerJoin extends NamespaceRows {
  scan: OwnerScan
  plan: OwnerPlan
  /** Further namespaces: processes are searched once for all. */
  others?: readonly NamespaceRows[]
}

/** Names the owners of sockets, searches again for those without one, and explains what is left. */
export function joinOwners(source: ProcSource, join: OwnerJoin): SearchReport {
  const { scan, plan, others = [] } = join
  const parts: readonly NamespaceRows[] = [join, ...others]
  const sockets = others.length === 0 ? join.sockets : parts.flatMap(part => part.sockets)
  const names = new OwnerNames(source, scan, plan.level, plan)
  for (const socket of sockets) socket.owners = socket.row.inode === '0' ? [] : names.of(socket.row.inode)
  const ownerless = sockets.filter(lacksOwner)
  const threadsCut = !searchAgain(source, ownerless, scan)
  for (const socket of ownerless) socket.owners = names.of(socket.row.inode)
  const view = readProcView(source)
  const unheld = ownerless.filter(lacksOwner)
  const gone = goneMeanwhile(source, unheld, parts, plan)
  const hiddenSockets = explain(source, parts, join, {
    hidden: view.hidepid || scan.unreadable.size > 0,
    inPidNamespace: view.inPidNamespace,
    unheld: unheld.length - gone.size,
    isGone: inode => gone.has(inode),
    reader: { uid: source.meta.uid, isCapable: view.isCapable, sawItTwice: source.mayChange && !plan.asListed },
  })
  return {
    processes: scan.processes,
    unreadable: scan.unreadable,
    unlistable: scan.unlistable,
    foundNone: scan.descriptors === 0,
    vanished: names.vanished,
    hiddenSockets,
    threadsCut,
    view,
    ...(plan.countUnlisted
      ? unlistedSockets(source, parts, scan, plan)
      : { unlistedSockets: undefined, unlisted: undefined }),
  }
}

function lacksOwner({ row, owners, unverified }: Socket): boolean {
  return owners?.length === 0 && row.inode !== '0' && !unverified
}

/** Looks where the first search could not: in processes that came later, and in single threads. False where there are too many threads. */
function searchAgain(source: ProcSource, ownerless: readonly Socket[], scan: OwnerScan): boolean {
  const inodes = new Set(ownerless.map(({ row }) => row.inode))
  scanLatecomers(source, inodes, scan)
  const unheld = new Set([...inodes].filter(inode => !scan.byInode.has(inode)))
  return unheld.size === 0 || scanThreads(source, unheld, scan)
}

/** Those of these sockets that no table holds any more: processes close sockets, and end, while they are looked at. */
function goneMeanwhile(
  source: ProcSource,
  unheld: readonly Socket[],
  parts: readonly NamespaceRows[],
  plan: OwnerPlan,
): Set<string> {
  if (!source.mayChange || plan.asListed || unheld.length === 0) return new Set()
  const still = new Set<string>()
  const open = new Set(unheld)
  for (const { sockets, readAgain } of parts) {
    const tables = new Set(sockets.flatMap(socket => (open.has(socket) ? [socket.row.table] : [])))
    if (tables.size > 0) for (const row of readAgain(tables)) still.add(row.inode)
  }
  return new Set(unheld.map(({ row }) => row.inode).filter(inode => !still.has(inode)))
}

type SearchFacts = Pick<OwnerSearch, 'hidden' | 'inPidNamespace' | 'unheld' | 'isGone' | 'reader'>

/** Says of every socket without an owner why; returns how many of them were hidden from us. */
function explain(
  source: ProcSource,
  parts: readonly NamespaceRows[],
  { scan, plan }: Pick<OwnerJoin, 'scan' | 'plan'>,
  facts: SearchFacts,
): number {
  const unexplained = parts.map(part => ({ ...part, sockets: part.sockets.filter(needsReason) }))
  const mayBeInFlight =
    !plan.skipReasons &&
    unexplained.some(({ sockets }) => sockets.some(({ row }) => row.inode !== '0' && !isKernelSocket(row)))
  const inFlight = mayBeInFlight ? filesInFlight(source, parts, scan) : { files: 0, pids: [] }
  let hidden = 0
  for (const { sockets, rows } of unexplained) {
    if (sockets.length === 0) continue
    const search: OwnerSearch = {
      ...facts,
      listening: listeningOf(rows.filter(isInetRow)),
      unixListeners: unixListeners(rows),
      pidsOf: inode => pidsOf(scan, inode),
      hasDescriptors: scan.processes > 0,
      inFlight,
    }
    for (const socket of sockets) {
      socket.ownerless = explainOwnerless(socket.row, search)
      if (mayBeHidden(socket.ownerless, search)) hidden += 1
    }
  }
  return hidden
}

function needsReason({ owners, unverified, row }: Socket): boolean {
  return owners?.length === 0 && !(unverified && row.inode !== '0')
}

/** What is perhaps in flight is perhaps hidden instead. */
function mayBeHidden({ reason }: Ownerless, { hidden, inPidNamespace }: OwnerSearch): boolean {
  return (
    reason === 'hidden' || reason === 'outside-pid-namespace' || (reason === 'in-flight' && (hidden || inPidNamespace))
  )
}

function pidsOf(scan: OwnerScan, inode: string): number[] {
  return [...new Set(scan.byInode.of(inode).map(({ pid }) => pid))].sort((a, b) => a - b)
}

/** Sockets held by processes but in no table. */
function unlistedSockets(
  source: ProcSource,
  parts: readonly NamespaceRows[],
  scan: OwnerScan,
  { listUnlisted }: OwnerPlan,
): Pick<SearchReport, 'unlistedSockets' | 'unlisted'> {
  const listed = new Set<string>()
  for (const { rows } of parts) for (const row of rows) listed.add(row.inode)
  const inodes = scan.byInode.inodes().filter(inode => !listed.has(inode))
  return { unlistedSockets: inodes.length, unlisted: listUnlisted ? inodes.map(unlistedSocket) : undefined }

  function unlistedSocket(inode: string): UnlistedSocket {
    const pids = pidsOf(scan, inode)
    return { inode, pids, netns: optional(() => source.readLink(`${pids[0]}/ns/net`)) }
  }
}

/** Files sent over unix sockets and not received yet, and the processes that hold such a socket. */
function filesInFlight(source: ProcSource, parts: readonly NamespaceRows[], scan: OwnerScan): OwnerSearch['inFlight'] {
  const pids = new Set<number>()
  let files = 0
  const listed = parts.flatMap(({ rows }) => rows.filter(isUnixRow))
  const inodes = (listed.length > 0 ? listed : readUnixRows(source)).map(row => row.inode)
  const { byInode } = scan.isWhole ? scan : scanOwners(source, new Set(inodes))
  for (const inode of inodes) {
    const counts = byInode.of(inode).map(({ pid, fd }) => {
      const count = scmFdsOf(source, pid, fd)
      if (count > 0) pids.add(pid)
      return count
    })
    files += Math.max(0, ...counts)
  }
  return { files, pids: [...pids].sort((a, b) => a - b) }
}

function readUnixRows(source: ProcSource) {
  try {
    return parseUnixTable(source.readFile('net/unix')).rows
  } catch {
    return []
  }
}

function scmFdsOf(source: ProcSource, pid: number, fd: number): number {
  try {
    return parseScmFds(source.readFile(`${pid}/fdinfo/${fd}`))
  } catch {
    // Closed meanwhile, or in the table of a thread.
    return 0
  }
}
