import type { ProcSource } from '../proc/proc-source.ts'
import { startOwnerThread, type SharedScan } from '../processes/fast/owner-thread.ts'
import { printFilter } from './filter/language/print-filter.ts'
import { mayBeSelected, selectSockets, withUnixPaths } from './filter/socket-filter.ts'
import { processNames, scanOwners, type OwnerScan } from '../processes/socket-owners.ts'
import type { NamespaceRef } from '../namespaces/model.ts'
import { joinOwners, type NamespaceRows } from './join-owners.ts'
import { joinReports } from './join-reports.ts'
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

/** A namespace to read, with the source as it is read there. */
export interface NamespaceSource {
  source: ProcSource
  /** Undefined where only one is shown. */
  netns: NamespaceRef | undefined
  /** Enters the namespace once for all that is read of it. */
  within?: <T>(read: () => T) => T
}

/** Sockets and their owners. */
export function collectSockets(source: ProcSource, request: SocketRequest): SocketReport {
  return readSockets(source, planRead(request), [{ source, netns: undefined }])
}

/** The same of several network namespaces: processes, which are those of `source`, are searched once for all. */
export function collectNamespaces(
  source: ProcSource,
  request: SocketRequest,
  namespaces: readonly NamespaceSource[],
  onRead?: (done: number) => void,
): SocketReport {
  return readSockets(source, planRead(request), namespaces, onRead)
}

/**
 * Carries out a plan: read → parse → join owners → explain. Tables are read first, then descriptors: a socket made in
 * between has an owner without a row, never a row without its owner. What a second thread found before the tables were
 * read counts; what it did not find then does not.
 */
function readSockets(
  source: ProcSource,
  plan: ReadPlan,
  namespaces: readonly NamespaceSource[],
  onRead?: (done: number) => void,
): SocketReport {
  const thread = startOwnerSearch(source, plan)
  const bytes = namespaces.map((namespace, at) => {
    const read = readTablesOf(namespace, plan)
    onRead?.(at + 1)
    return read
  })
  const shared = thread?.tablesRead()
  const tables = bytes.map(({ parse }) => parse())

  const doubtsUnixRows = !plan.singleRead && tables.some(({ rows, report }) => mayHoldForgedRows(rows, report.counts))
  const wanted = plan.listenersOnly ? new Set(tables.flatMap(({ rows }) => rows.map(row => row.inode))) : undefined
  const scan = plan.owners !== undefined || doubtsUnixRows ? scanOwners(source, wanted, shared) : undefined
  const filter =
    plan.filter &&
    withUnixPaths(
      plan.filter,
      tables.flatMap(({ rows }) => rows),
    )
  const parts = tables.map(read => ({
    ...read,
    sockets: socketsOf(read, plan, doubtsUnixRows ? scan : undefined).filter(
      socket => !filter || mayBeSelected(filter, socket),
    ),
  }))
  const [first, ...others] = parts
  const search =
    first !== undefined && plan.owners !== undefined && scan !== undefined
      ? joinOwners(source, { ...first, scan, plan: plan.owners, others })
      : undefined
  const report: SocketReport = {
    sockets: others.length === 0 ? (first?.sockets ?? []) : parts.flatMap(({ sockets }) => sockets),
    tables: joinReports(parts.map(({ report }) => report)),
    short: parts.flatMap(part => shortOf(part, plan)),
    littleEndian: parts.every(({ littleEndian }) => littleEndian),
    byteOrderAssumed: parts.some(({ byteOrderAssumed }) => byteOrderAssumed),
    search,
  }
  if (filter === undefined) return report
  const { sockets, tally } = selectSockets(filter, report.sockets)
  return { ...report, sockets, filtered: { ...tally, filter: printFilter(filter.tree) } }
}

interface TablesOfNamespace extends NamespaceSource {
  rows: SocketRow[]
  facts: ReadonlyMap<SocketRow, KernelFacts>
  report: TablesReport
  readAgain: NamespaceRows['readAgain']
  littleEndian: boolean
  byteOrderAssumed: boolean
}

/** Reads the tables of a namespace; parsing them waits until nothing more has to be read. */
function readTablesOf(namespace: NamespaceSource, plan: ReadPlan): { parse: () => TablesOfNamespace } {
  const { source } = namespace
  const order = byteOrderOf(source)
  const request = { ...plan, littleEndian: order.littleEndian }
  const bytes = namespace.within?.(() => readTableBytes(source, request)) ?? readTableBytes(source, request)
  return {
    parse() {
      const { rows, facts, ...report } = parseTables(bytes)
      report.missing = report.missing.filter(({ table }) => plan.shownTables.has(table))
      const readAgain: NamespaceRows['readAgain'] = again =>
        parseTables(readTableBytes(source, { ...request, tables: [...again] })).rows
      return { ...namespace, ...order, rows, facts, report, readAgain }
    },
  }
}

/** netstat reads once and asks no further; of a table that is read as far as the listeners nothing is known. */
function shortOf({ rows, report, netns }: TablesOfNamespace, plan: ReadPlan): ShortTable[] {
  if (plan.singleRead) return []
  const whole = plan.tables.filter(table => !(plan.listenersOnly && table.startsWith('tcp')))
  const short = shortTables(whole, rows, report.counts, report.countsAfter)
  return netns === undefined ? short : short.map(table => ({ ...table, netns }))
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

/** The sockets that are shown. `scan` is given where some unix rows may be forged: it tells which sockets are real. */
function socketsOf(read: TablesOfNamespace, plan: ReadPlan, scan: OwnerScan | undefined): Socket[] {
  const { rows, facts, netns } = read
  const { shownTables, selection, singleRead } = plan
  const dualStack = singleRead ? undefined : dualStackListeners(rows.filter(isInetRow), facts)
  const unverified: ReadonlySet<SocketRow> | undefined =
    scan !== undefined && mayHoldForgedRows(rows, read.report.counts)
      ? unverifiedUnixRows(rows.filter(isUnixRow), { socketCount: undefined, isHeld: inode => scan.byInode.has(inode) })
      : undefined
  const sockets = rows
    .filter(row => shownTables.has(row.table) && isSelected(row, selection))
    .map((row): Socket => ({
      row,
      owners: undefined,
      ownerless: undefined,
      kernel: facts.get(row),
      dualStack: dualStack?.get(row as InetRow),
      unverified: unverified?.has(row) || undefined,
      ...(netns && { netns }),
    }))
  nameInterfaces(read.source, sockets, plan)
  return sockets
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
