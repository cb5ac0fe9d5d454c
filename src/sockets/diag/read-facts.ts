import { errnoOf } from '../../errors.ts'
import type { DumpChoice, DumpFamily, ProcSource } from '../../proc/proc-source.ts'
import type { KernelFacts } from '../kernel-facts.ts'
import type { DumpsReport } from '../model.ts'
import { isInetRow, type SocketRow, type TableName } from '../tables/socket-row.ts'
import { isDumpFamily } from './families.ts'
import type { DumpedSockets } from './decode/inet-sockets.ts'
import type { SocketDump } from './decode/socket-dump.ts'
import { readDump } from './read-dump.ts'
import { socketsOfDump } from './decode/sockets-of-dump.ts'

/** How much only the kernel knows is wanted: what costs nothing, memory and congestion control, or tcp_info besides. */
export type FactsWanted = 'plain' | NonNullable<DumpChoice['facts']>

export interface FactsRequest {
  folder: string
  /** Undefined: only what comes without being asked for. */
  facts?: FactsWanted | undefined
  /** Of TCP and unix sockets only those that listen will be shown. */
  listenersOnly?: boolean | undefined
  /** Also TCP sockets that are only bound. */
  bound?: boolean | undefined
}

export function noDumps(wanted: boolean): DumpsReport {
  return { wanted, answered: [], refused: [], cut: [], changed: [] }
}

/** The dump of a table; undefined where the kernel was not asked or refused, which is noted in the report. */
export function tryDump(
  source: ProcSource,
  table: TableName,
  { folder, facts, listenersOnly, bound }: FactsRequest,
  report: DumpsReport,
): SocketDump | undefined {
  if (!isDumpFamily(table)) return undefined
  const choice: DumpChoice = {
    listenersOnly: listenersOnly && LISTENING.has(table),
    facts: facts === 'plain' ? undefined : facts,
    ...(bound && { bound }),
  }
  try {
    const dump = readDump(source, table, choice, folder)
    report.answered.push(table)
    return dump
  } catch (error) {
    report.refused.push({ family: table, code: errnoOf(error) })
    return undefined
  }
}

/** Families whose listeners have a state of their own. */
const LISTENING: ReadonlySet<DumpFamily> = new Set(['tcp', 'tcp6', 'mptcp', 'mptcp6', 'unix'])

/** Rows and facts of a dump; what it lacks goes into the report. */
export function parseDump(dump: SocketDump, report: DumpsReport): DumpedSockets<SocketRow> {
  const dumped = socketsOfDump(dump)
  if (!dumped.whole) report.cut.push(dump.family)
  if (dumped.interrupted) report.changed.push(dump.family)
  return dumped
}

/**
 * Adds to rows of /proc what the kernel answered about the same sockets: by their inode, without one by both addresses.
 * A socket that came or went between the two readings has no facts.
 */
export function joinFacts(
  rows: readonly SocketRow[],
  dumped: DumpedSockets<SocketRow>,
  facts: Map<SocketRow, KernelFacts>,
): void {
  const places = new Map<string, number>()
  dumped.rows.forEach((row, place) => places.set(keyOf(row), place))
  for (const row of rows) {
    const place = places.get(keyOf(row))
    if (place === undefined || isForged(row, dumped.rows[place]!)) continue
    facts.set(row, dumped.facts[place]!)
    addQueues(row, dumped.rows[place]!)
  }
}

/**
 * A row that a name may have forged with the inode of another socket: the kernel's answer has the name of that one. A name
 * that forges has lines, of which the row of its own socket has the first ones.
 */
function isForged(row: SocketRow, named: SocketRow): boolean {
  if (row.table !== 'unix' || !row.mayBeForged || named.table !== 'unix') return false
  return !`${named.path ?? ''}\n`.startsWith(`${row.path ?? ''}\n`)
}

function keyOf(row: SocketRow): string {
  if (row.table === 'netlink') return `${row.protocol} ${row.portId} ${row.inode}`
  if (row.inode !== '0' || !isInetRow(row)) return row.inode
  return `${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort}`
}

/** Numbers that a row of /proc has no place for. */
function addQueues(row: SocketRow, from: SocketRow): void {
  if (isInetRow(row) && isInetRow(from)) row.acceptQueueLimit = from.acceptQueueLimit
  if (row.table !== 'unix' || from.table !== 'unix') return
  row.rxQueueBytes = from.rxQueueBytes
  row.txQueueBytes = from.txQueueBytes
  row.acceptQueueLimit = from.acceptQueueLimit
}

/** What holds both. */
export function moreFacts(one: FactsWanted | undefined, other: FactsWanted | undefined): FactsWanted | undefined {
  if (one === undefined || one === 'plain') return other ?? one
  if (other === undefined || other === 'plain' || other === one) return one
  return 'all'
}
