import { errnoOf, optional } from '../../errors.ts'
import type { BogusLine } from '../../proc/bogus-line.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parseProtocols } from '../../proc/net/protocols.ts'
import { isTcp6Empty, tcpRowsByGauge } from '../../proc/net/sockstat.ts'
import { noDumps } from '../diag/read-facts.ts'
import { dumpOf, dumpPart, onlyListeners, readFromKernel, rowsComeFromKernel, withFacts } from '../diag/table-facts.ts'
import type { KernelFacts } from '../kernel-facts.ts'
import type { TablesReport } from '../model.ts'
import { INET_TABLES, type InetRow, type InetTable, type TcpTable } from './inet-row.ts'
import { parseInetTable } from './inet.ts'
import { inetIdentity, LOSSY_TABLES, mayBeTorn, mergeReads, readRepeatedly } from './merge-reads.ts'
import { parseNetlinkTable } from './netlink.ts'
import { parsePacketTable } from './packet.ts'
import { parseSctpAssociations, parseSctpEndpoints } from './sctp.ts'
import type { SocketRow, TableName } from './socket-row.ts'
import type { TablePart, TableReader, TableRequest } from '../table-request.ts'
import { isPastListeners } from './tcp-row.ts'
import { parseUnixTable } from './unix.ts'

/** The tables netstat shows for internet protocols, in its order, then the others. */
export const ALL_TABLES: readonly TableName[] = [
  ...INET_TABLES.slice(0, 2),
  'sctp',
  ...INET_TABLES.slice(2),
  'unix',
  'packet',
  'netlink',
]

export type { TableRequest } from '../table-request.ts'

export interface ParsedTables extends TablesReport {
  /** What the kernel told of rows, where it was asked. */
  facts: Map<SocketRow, KernelFacts>
  /** In the order of the tables asked for, within a table as the kernel printed them. */
  rows: SocketRow[]
}

/** The rows of one network namespace. A table that is not there is reported, never an error. */
export function readSocketTables(source: ProcSource, request: TableRequest): ParsedTables {
  return parseTables(readTableBytes(source, request))
}

/** What was read of the tables and is not parsed yet: parsing waits until nothing more has to be read. */
export interface TableBytes {
  parts: (() => TablePart)[]
  report: TablesReport
}

export function readTableBytes(source: ProcSource, request: TableRequest): TableBytes {
  const { folder = 'net' } = request
  const report: TablesReport = {
    bogus: [],
    unixContinuations: 0,
    missing: [],
    duplicates: 0,
    recovered: 0,
    counts: countsOf(source, request),
    countsAfter: new Map(),
    dumps: noDumps(request.factsAsked ?? false),
  }
  const parts: (() => TablePart)[] = []
  for (const table of request.tables) {
    for (const read of readersOf(source, table, { ...request, folder }, report)) {
      try {
        parts.push(read())
      } catch (error) {
        const code = errnoOf(error)
        // A recording may hold the kernel's own answer alone.
        const dump = code === 'ENOENT' && !source.isThisMachine ? dumpOf(source, table, request, report) : undefined
        if (dump !== undefined) parts.push(() => dumpPart(dump, report))
        else report.missing.push({ table, code })
      }
    }
  }
  report.countsAfter = source.mayChange && !request.singleRead ? countsOf(source, request) : report.counts
  return { parts, report }
}

export function parseTables({ parts, report }: TableBytes): ParsedTables {
  const rows: SocketRow[] = []
  let facts = new Map<SocketRow, KernelFacts>()
  for (const parse of parts) {
    const part = parse()
    for (const row of part.rows) rows.push(row)
    report.bogus.push(...part.bogus)
    if (facts.size === 0) facts = part.facts ?? facts
    else for (const [row, fact] of part.facts ?? []) facts.set(row, fact)
  }
  return { rows, facts, ...report }
}

/**
 * Empty for an old recording: completeness is then judged by the owners alone. Of TCP tables that are read as far as the
 * listeners the counts tell nothing.
 */
function countsOf(source: ProcSource, { folder = 'net', tables, listenersOnly }: TableRequest): Map<string, number> {
  if (listenersOnly && tables.every(table => table === 'tcp' || table === 'tcp6')) return new Map()
  try {
    return parseProtocols(source.readFile(`${folder}/protocols`))
  } catch {
    return new Map()
  }
}

type Request = TableRequest & { folder: string }

function readersOf(source: ProcSource, table: TableName, request: Request, report: TablesReport): TableReader[] {
  const { folder, singleRead = false } = request
  const file = (name: string, parse: (bytes: Buffer) => TablePart) =>
    withFacts(source, table, request, report, () => {
      const bytes = source.readFile(`${folder}/${name}`)
      return () => parse(bytes)
    })
  switch (table) {
    case 'unix':
      return [file('unix', bytes => unixPart(bytes, singleRead, report))]
    case 'packet':
      return [file('packet', parsePacketTable)]
    case 'netlink':
      return [file('netlink', parseNetlinkTable)]
    case 'sctp':
      return [file('sctp/eps', parseSctpEndpoints), file('sctp/assocs', parseSctpAssociations)]
    default:
      return inetReadersOf(source, table, request, report)
  }
}

function inetReadersOf(source: ProcSource, table: InetTable, request: Request, report: TablesReport): TableReader[] {
  const fromKernel = rowsComeFromKernel(source, table, request)
  if (request.trustGauges && source.mayChange && isTcp(table) && !(fromKernel && request.listenersOnly)) {
    const inUse = tcpRowsByGauge(gaugesOf(source, request), table)
    if (inUse === 0) return []
    const read = onlyListeners(source, table, request, report, inUse)
    if (read !== undefined) return [read]
  }
  // To ask for listeners costs less than to look whether there may be some.
  const mayBeEmpty = table === 'tcp6' && source.mayChange && !(fromKernel && request.listenersOnly)
  if (mayBeEmpty && hasNoTcp6Row(source, request)) return []
  const read = () => readInetTable(source, table, request, report)
  return [
    fromKernel
      ? () => readFromKernel(source, table, request, report) ?? read()
      : withFacts(source, table, request, report, read),
  ]
}

function unixPart(bytes: Buffer, singleRead: boolean, report: TablesReport): TablePart {
  const part = parseUnixTable(bytes, singleRead)
  report.unixContinuations += part.continuations
  return part
}

const isTcp = (table: InetTable): table is TcpTable => table === 'tcp' || table === 'tcp6'

function hasNoTcp6Row(source: ProcSource, request: Request): boolean {
  return isTcp6Empty(gaugesOf(source, request), request.listenersOnly ? undefined : 0)
}

function gaugesOf(source: ProcSource, { folder }: Request) {
  return (file: 'sockstat' | 'sockstat6') => optional(() => source.readFile(`${folder}/${file}`))
}

function readInetTable(source: ProcSource, table: InetTable, request: Request, report: TablesReport): () => TablePart {
  const { folder, littleEndian, listenersOnly = false, singleRead = false } = request
  const path = `${folder}/${table}`
  const parse = (bytes: Buffer) => parseInetTable(bytes, table, littleEndian)
  const merge = ({ rows: repeated, bogus }: { rows: InetRow[]; bogus: BogusLine[] }) => {
    const { rows, duplicates } = mergeReads(repeated)
    report.duplicates += duplicates
    return { rows, bogus }
  }
  if (listenersOnly && table.startsWith('tcp')) {
    const listeners = parse(source.readFile(path, isPastListeners))
    if (singleRead) return () => listeners
    // Whether a listener on :: takes IPv4 too is shown by the connections behind it.
    if (!listeners.rows.some(row => row.table === 'tcp6' && row.localAddress === '::')) return () => merge(listeners)
  }
  const bytes = source.readFile(path)
  if (singleRead) return () => parse(bytes)
  if (!source.mayChange || !LOSSY_TABLES.has(table)) return () => merge(parse(bytes))
  const once = parse(bytes)
  const first = merge(once)
  if (!mayBeTorn(once.rows.length, first.rows.length)) return () => first
  const rows = readRepeatedly(first.rows, () => parse(source.readFile(path)).rows, inetIdentity)
  report.recovered += Math.max(0, rows.length - first.rows.length)
  return () => ({ rows, bogus: first.bogus })
}
