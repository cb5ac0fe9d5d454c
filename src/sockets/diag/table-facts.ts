import type { ProcSource } from '../../proc/proc-source.ts'
import type { KernelFacts } from '../kernel-facts.ts'
import type { TablesReport } from '../model.ts'
import type { InetRow, InetTable } from '../tables/inet-row.ts'
import { mergeReads } from '../tables/merge-reads.ts'
import type { SocketRow, TableName } from '../tables/socket-row.ts'
import type { TablePart, TableReader, TableRequest } from '../table-request.ts'
import { joinFacts, parseDump, tryDump, type FactsRequest } from './read-facts.ts'
import type { SocketDump } from './decode/socket-dump.ts'

/** What the kernel answers for a table, with the facts that are wanted. */
export function dumpOf(
  source: ProcSource,
  table: TableName,
  { folder = 'net', facts, bound }: TableRequest,
  report: TablesReport,
  listenersOnly = false,
) {
  return tryDump(source, table, { folder, facts, listenersOnly, bound }, report.dumps)
}

/** Rows and facts of the kernel's answer alone. */
export function dumpPart(dump: SocketDump, report: TablesReport): TablePart {
  const { rows, facts } = parseDump(dump, report.dumps)
  return { rows, bogus: [], facts: new Map(rows.map((row, place) => [row, facts[place]!])) }
}

/** The rows of a reader, with what the kernel says of them. */
export function withFacts(
  source: ProcSource,
  table: TableName,
  request: TableRequest,
  report: TablesReport,
  read: TableReader,
): TableReader {
  return () => {
    const parse = read()
    const choice = factsOf(source, table, request)
    const dump = choice && tryDump(source, table, choice, report.dumps)
    if (dump === undefined) return parse
    return () => {
      const part = parse()
      const facts = new Map<SocketRow, KernelFacts>()
      joinFacts(part.rows, parseDump(dump, report.dumps), facts)
      return { ...part, facts }
    }
  }
}

/**
 * What the kernel is asked about rows that /proc gave: what was wanted; unasked what costs next to nothing, of UDP sockets
 * and TCP listeners; and whatever a recording holds.
 */
function factsOf(source: ProcSource, table: TableName, request: TableRequest): FactsRequest | undefined {
  const { folder = 'net', facts, shownTables, singleRead } = request
  if (singleRead || !(shownTables?.has(table) ?? true)) return undefined
  const listenersOnly = request.listenersOnly || request.factListenersOnly
  if (facts !== undefined || !source.isThisMachine) return { folder, facts, listenersOnly }
  if (source.dumpSockets === undefined || !/^(tcp|udp)/.test(table)) return undefined
  return { folder, listenersOnly: true }
}

/** Whether no table of /proc has these rows. */
const isOfKernelAlone = (table: TableName) => table.startsWith('mptcp')

/** Whether the rows of a TCP table may be the kernel's answer: faster, but it lacks some columns. */
export function rowsComeFromKernel(source: ProcSource, table: TableName, request: TableRequest): boolean {
  if (source.dumpSockets === undefined || request.singleRead) return false
  if (isOfKernelAlone(table)) return true
  if (!(table === 'tcp' || table === 'tcp6')) return false
  return request.skipDetails === true || (request.listenersOnly === true && request.skipListenerDetails === true)
}

/** Undefined where the kernel refuses. */
export function readFromKernel(source: ProcSource, table: InetTable, request: TableRequest, report: TablesReport) {
  const dump = dumpOf(source, table, request, report, request.listenersOnly)
  if (dump === undefined) return undefined
  return () => {
    const part = dumpPart(dump, report)
    const { rows, duplicates } = mergeReads(part.rows as InetRow[])
    report.duplicates += duplicates
    return { ...part, rows }
  }
}

/**
 * The listeners of a table where by the gauge (`inUse`) it holds nothing else: to ask for them costs a hundredth of a walk
 * through the connections of all namespaces. Undefined where it holds more, or the kernel cannot be asked.
 */
export function onlyListeners(
  source: ProcSource,
  table: InetTable,
  request: TableRequest,
  report: TablesReport,
  inUse: number | undefined,
): TableReader | undefined {
  if (inUse === undefined || source.dumpSockets === undefined || request.singleRead) return undefined
  const dump = dumpOf(source, table, request, report, true)
  if (dump === undefined) return undefined
  const part = dumpPart(dump, report)
  return part.rows.length === inUse ? () => () => part : undefined
}
