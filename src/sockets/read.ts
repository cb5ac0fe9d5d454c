import { dualStackListeners } from './rules/dual-stack.ts'
import { explainOwnerless, ListenerIndex, type OwnerSearch } from './rules/ownerless.ts'
import { isSelected, type SocketSelection } from './rules/selection.ts'
import { unverifiedUnixRows } from './rules/unix-forgery.ts'
import type { InetRow } from './tables/inet-row.ts'
import type { UnixRow } from './tables/other-rows.ts'
import type { Socket } from './model.ts'
import { isInetRow, type SocketRow, type TableName } from './tables/socket-row.ts'
import { parseUnixTable } from './tables/unix.ts'
import { parseScmFds } from '../processes/pid-fdinfo.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { byteOrderOf } from './tables/endianness.ts'
import { startOwnerThread } from '../processes/fast/owner-thread.ts'
import { readProcView, type ProcView } from '../processes/proc-view.ts'
import type { FactLevel } from '../processes/read-process-facts.ts'
import { processNames, scanOwners, scanLatecomers, scanThreads, type OwnerScan } from '../processes/socket-owners.ts'
import { OwnerNames } from '../processes/owner-names.ts'
import { ALL_TABLES, readSocketTables, type SocketTables } from './tables/read-tables.ts'

export interface SocketQuery {
  tables: readonly TableName[]
  selection: SocketSelection
  /** Look for owners, and how much to read of each. */
  owners: FactLevel | undefined
  /** Nobody will see why a socket has no owner: reasons that cost a search stay unknown. */
  unexplained?: boolean
  /** Folder of the tables below the proc root, `net` where absent. */
  folder?: string
  /** One read as it is, as netstat does: no duplicates merged, nothing read again. */
  raw?: boolean
  /** Nobody will see users, timers, references or pointers of TCP sockets: rows may lack them. */
  brief?: boolean
}

/** The answer to a {@link SocketQuery}: the sockets and everything that limits how complete they are. */
export interface SocketReport {
  sockets: Socket[]
  tables: Omit<SocketTables, 'rows'>
  littleEndian: boolean
  /** The byte order was neither recorded nor given nor visible: little endian was assumed. */
  byteOrderAssumed: boolean
  /** Undefined where owners were not looked for. */
  search: SearchReport | undefined
}

export interface SearchReport {
  processes: number
  /** errno name → processes whose descriptors were refused. */
  unreadable: Map<string, number>
  /** Those of them that did not even let their descriptors be counted: what netstat warns of. */
  unlistable: number
  /** No process that could be looked into holds any socket. */
  foundNone: boolean
  /** Processes that ended before they could be named. */
  vanished: number
  /** Selected sockets without an owner because something was hidden from us. */
  hiddenSockets: number
  /** Not every thread was searched: there are too many. */
  threadsCut: boolean
  view: ProcView
  /**
   * Sockets that processes hold but no table lists: not bound, of another kind (vsock, xdp …), or of another namespace.
   * Undefined where not every table was read.
   */
  unlisted: { inode: string; pids: number[] }[] | undefined
}

/**
 * Sockets and their owners. Tables first, then descriptors: a socket made in between has an owner without a row, never
 * a row without its owner. What a second thread found before the tables were read counts, what it did not find does not.
 */
export function collectSockets(source: ProcSource, query: SocketQuery): SocketReport {
  const order = byteOrderOf(source)
  // Which of the held sockets no table lists can only be told with all tables read.
  const readsAll = query.owners === 'full' && !query.raw
  const listenersOnly = query.selection.listening && !query.selection.all && !readsAll
  const asked = new Set(query.tables)
  const beginThread = query.owners === undefined ? undefined : startOwnerThread(source)
  // What is held but not listed must not be older than the lists.
  let shared = readsAll ? undefined : beginThread?.(processNames(source))
  const { rows, ...tables } = readSocketTables(source, {
    tables: readsAll ? ALL_TABLES : query.tables,
    littleEndian: order.littleEndian,
    ...(query.folder !== undefined && { folder: query.folder }),
    ...(query.raw && { raw: true }),
    ...(query.brief && { brief: true }),
    listenersOnly,
    onRead() {
      shared ??= beginThread?.(processNames(source))
      shared?.tablesRead()
    },
  })
  const selected = rows.filter(row => asked.has(row.table) && isSelected(row, query.selection))
  const dualStack = query.raw ? new Map<SocketRow, never>() : dualStackListeners(rows.filter(isInetRow))
  const suspicious =
    !query.raw && rows.some(row => row.table === 'unix' && row.mayBeForged) && !isUnixCountExact(rows, tables.counts)
  const wanted = listenersOnly ? new Set(rows.map(row => row.inode)) : undefined
  const scan = query.owners !== undefined || suspicious ? scanOwners(source, wanted, shared) : undefined
  const forged = suspicious
    ? unverifiedUnixRows(rows.filter(isUnixRow), {
        socketCount: undefined,
        isHeld: inode => scan!.byInode.has(inode),
      })
    : new Set<SocketRow>()
  const sockets = selected.map((row): Socket => ({
    row,
    owners: undefined,
    ownerless: undefined,
    dualStack: dualStack.get(row as InetRow),
    unverified: forged.has(row) || undefined,
  }))
  const search =
    query.owners !== undefined
      ? attachOwners(source, sockets, rows, scan!, query.owners, readsAll, query.unexplained)
      : undefined
  tables.missing = tables.missing.filter(({ table }) => asked.has(table))
  return { sockets, tables, ...order, search }
}

function attachOwners(
  source: ProcSource,
  sockets: Socket[],
  rows: SocketRow[],
  scan: OwnerScan,
  level: FactLevel,
  readsAll: boolean,
  unexplained = false,
): SearchReport {
  const view = readProcView(source)
  const names = new OwnerNames(source, scan, level)
  for (const socket of sockets) socket.owners = socket.row.inode === '0' ? [] : names.of(socket.row.inode)
  const isUnheld = ({ row, owners, unverified }: Socket) => owners!.length === 0 && row.inode !== '0' && !unverified
  const wanted = sockets.filter(isUnheld)
  scanLatecomers(source, new Set(wanted.map(socket => socket.row.inode)), scan)
  const unheld = new Set(wanted.map(socket => socket.row.inode).filter(inode => !scan.byInode.has(inode)))
  const threadsCut = unheld.size > 0 && !scanThreads(source, unheld, scan)
  for (const socket of wanted) socket.owners = names.of(socket.row.inode)
  const refused = [...scan.unreadable.values()].reduce((sum, count) => sum + count, 0)
  const pidsOf = (inode: string) => [...new Set(scan.byInode.of(inode).map(owner => owner.pid))]
  let listeners: ListenerIndex | undefined
  let inFlight: OwnerSearch['inFlight'] | undefined
  const search: OwnerSearch = {
    get listeners() {
      return (listeners ??= new ListenerIndex(rows))
    },
    pidsOf,
    hasDescriptors: scan.processes > 0,
    hidden: refused > 0 || view.hidepid,
    inPidNamespace: view.inPidNamespace,
    unheld: wanted.filter(isUnheld).length,
    get inFlight() {
      return (inFlight ??= unexplained ? NONE_IN_FLIGHT : filesInFlight(source, rows, scan))
    },
  }
  let hiddenSockets = 0
  for (const socket of sockets) {
    if (socket.owners!.length > 0 || (socket.unverified && socket.row.inode !== '0')) continue
    socket.ownerless = explainOwnerless(socket.row, search)
    if (socket.ownerless.reason === 'hidden' || socket.ownerless.reason === 'outside-pid-namespace') hiddenSockets += 1
  }
  return {
    processes: scan.processes,
    unreadable: scan.unreadable,
    unlistable: scan.unlistable,
    foundNone: scan.descriptors === 0,
    vanished: names.vanished,
    hiddenSockets,
    threadsCut,
    view,
    unlisted: readsAll ? unlistedSockets(rows, scan, pidsOf) : undefined,
  }
}

/** Sockets held by processes but in no table. */
function unlistedSockets(
  rows: SocketRow[],
  scan: OwnerScan,
  pidsOf: (inode: string) => number[],
): NonNullable<SearchReport['unlisted']> {
  const listed = new Set(rows.map(row => row.inode))
  const unlisted: NonNullable<SearchReport['unlisted']> = []
  for (const inode of scan.byInode.inodes()) if (!listed.has(inode)) unlisted.push({ inode, pids: pidsOf(inode) })
  return unlisted
}

const NONE_IN_FLIGHT: OwnerSearch['inFlight'] = { files: 0, pids: [] }

/** Files sent over unix sockets that nobody has received yet, and the processes that hold such a socket. */
function filesInFlight(source: ProcSource, rows: SocketRow[], scan: OwnerScan): OwnerSearch['inFlight'] {
  const pids = new Set<number>()
  let files = 0
  const listed = rows.filter(isUnixRow)
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
  return { files, pids: [...pids] }
}

function readUnixRows(source: ProcSource): UnixRow[] {
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
    // Gone meanwhile; or in the table of a thread.
    return 0
  }
}

const isUnixRow = (row: SocketRow): row is UnixRow => row.table === 'unix'

/** The kernel's own count of unix sockets equals the rows: none of them can be forged. */
function isUnixCountExact(rows: SocketRow[], counts: ReadonlyMap<string, number>): boolean {
  return (counts.get('UNIX') ?? 0) + (counts.get('UNIX-STREAM') ?? 0) === rows.filter(isUnixRow).length
}
