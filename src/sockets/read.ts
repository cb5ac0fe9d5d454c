import type { ProcSource } from '../proc/proc-source.ts'
import { startOwnerThread, type SharedScan } from '../processes/fast/owner-thread.ts'
import { processNames, scanOwners } from '../processes/socket-owners.ts'
import { joinOwners } from './join-owners.ts'
import { printFilter } from './filter/language/print-filter.ts'
import { mayBeSelected, selectSockets, withUnixPaths } from './filter/socket-filter.ts'
import type { KernelFacts, ShortTable, Socket, SocketReport, TablesReport } from './model.ts'
import { interfaceIndexOf } from './rules/interface-index.ts'
import { interfaceNames } from './names/interface-names.ts'
import { planRead, type ReadPlan, type SocketRequest } from './plan.ts'
import { dualStackListeners } from './rules/dual-stack.ts'
import { isSelected } from './rules/selection.ts'
import { shortTables } from './rules/short-tables.ts'
import { unverifiedUnixRows } from './rules/unix-forgery.ts'
import { byteOrderOf } from './tables/guess-endianness.ts'
import type { InetRow } from './tables/inet-row.ts'
import { parseTables, readTableBytes } from './tables/read-tables.ts'
import { isInetRow, isUnixRow, type SocketRow } from './tables/socket-row.ts'

/** Sockets and their owners. */
export function collectSockets(source: ProcSource, request: SocketRequest): SocketReport {
  return readSockets(source, planRead(request))
}

/**
 * Carries out a plan: read → parse → join owners → explain. Tables are read first, then descriptors: a socket made in
 * between has an owner without a row, never a row without its owner. What a second thread found before the tables were
 * read counts; what it did not find then does not.
 */
export function readSockets(source: ProcSource, plan: ReadPlan): SocketReport {
  const order = byteOrderOf(source)
  const thread = startOwnerSearch(source, plan)
  const bytes = readTableBytes(source, { ...plan, littleEndian: order.littleEndian })
  const shared = thread?.tablesRead()
  const { rows, facts, ...tables } = parseTables(bytes)
  tables.missing = tables.missing.filter(({ table }) => plan.shownTables.has(table))

  const doubtsUnixRows = !plan.singleRead && mayHoldForgedRows(rows, tables.counts)
  const wanted = plan.listenersOnly ? new Set(rows.map(row => row.inode)) : undefined
  const scan = plan.owners !== undefined || doubtsUnixRows ? scanOwners(source, wanted, shared) : undefined
  const unverified =
    doubtsUnixRows && scan !== undefined
      ? unverifiedUnixRows(rows.filter(isUnixRow), {
          socketCount: undefined,
          isHeld: inode => scan.byInode.has(inode),
        })
      : undefined
  const filter = plan.filter && withUnixPaths(plan.filter, rows)
  const sockets = socketsOf(rows, facts, plan, unverified).filter(socket => !filter || mayBeSelected(filter, socket))
  nameInterfaces(source, sockets, plan)
  const search =
    plan.owners !== undefined && scan !== undefined
      ? joinOwners(source, {
          sockets,
          rows,
          scan,
          plan: plan.owners,
          readAgain: again =>
            parseTables(readTableBytes(source, { ...plan, tables: [...again], littleEndian: order.littleEndian })).rows,
        })
      : undefined
  const short = shortOf(rows, tables, plan)
  if (filter === undefined) return { sockets, tables, short, ...order, search }
  const { sockets: selected, tally } = selectSockets(filter, sockets)
  return {
    sockets: selected,
    tables,
    short,
    ...order,
    search,
    filtered: { ...tally, filter: printFilter(filter.tree) },
  }
}

/** netstat reads once and asks no further; of a table that is read as far as the listeners nothing is known. */
function shortOf(rows: readonly SocketRow[], tables: TablesReport, plan: ReadPlan): ShortTable[] {
  if (plan.singleRead) return []
  const whole = plan.tables.filter(table => !(plan.listenersOnly && table.startsWith('tcp')))
  return shortTables(whole, rows, tables.counts, tables.countsAfter)
}

/**
 * Starts the second thread, which searches from now on, or from `tablesRead` on where what is held but not listed must
 * not be older than the tables.
 */
function startOwnerSearch(source: ProcSource, { owners }: ReadPlan): { tablesRead: () => SharedScan } | undefined {
  const begin = owners && startOwnerThread(source)
  if (begin === undefined) return undefined
  const early = owners?.countUnlisted ? undefined : begin(processNames(source))
  return {
    tablesRead() {
      const shared = early ?? begin(processNames(source))
      shared.tablesRead()
      return shared
    },
  }
}

function socketsOf(
  rows: readonly SocketRow[],
  facts: ReadonlyMap<SocketRow, KernelFacts>,
  { shownTables, selection, singleRead }: ReadPlan,
  unverified: ReadonlySet<SocketRow> | undefined,
): Socket[] {
  const dualStack = singleRead ? undefined : dualStackListeners(rows.filter(isInetRow), facts)
  return rows
    .filter(row => shownTables.has(row.table) && isSelected(row, selection))
    .map(row => ({
      row,
      owners: undefined,
      ownerless: undefined,
      kernel: facts.get(row),
      dualStack: dualStack?.get(row as InetRow),
      unverified: unverified?.has(row) || undefined,
    }))
}

function nameInterfaces(source: ProcSource, sockets: readonly Socket[], { folder, singleRead }: ReadPlan): void {
  if (singleRead) return
  let names: Map<number, string> | undefined
  for (const socket of sockets) {
    const index = interfaceIndexOf(socket)
    if (index === undefined) continue
    names ??= interfaceNames(source, folder)
    socket.interfaceName = names.get(index)
  }
}

/** Some unix row may be forged, and the kernel's own count of unix sockets does not equal the rows. */
function mayHoldForgedRows(rows: readonly SocketRow[], counts: ReadonlyMap<string, number>): boolean {
  const unix = rows.filter(isUnixRow)
  const counted = (counts.get('UNIX') ?? 0) + (counts.get('UNIX-STREAM') ?? 0)
  return counted !== unix.length && unix.some(row => row.mayBeForged)
}
