import { errnoOf } from '../../errors.ts'
import { INET_TABLES, type InetRow, type InetTable } from './inet-row.ts'
import type { SocketRow, TableName } from './socket-row.ts'
import type { BogusLine } from '../../proc/bogus-line.ts'
import { parseNetlinkTable } from './netlink.ts'
import { parsePacketTable } from './packet.ts'
import { parseProtocols } from './protocols.ts'
import { parseSctpAssociations, parseSctpEndpoints } from './sctp.ts'
import { parseInetDiag } from '../fast/inet-diag.ts'
import { isPastListeners, parseInetTable } from './inet.ts'
import { parseSockstat } from '../../proc/sockstat.ts'
import { parseUnixTable } from './unix.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { mergeReads, RepeatedReads } from './merge-reads.ts'
import { dumpTcpTable } from '../fast/with-tcp-dump.ts'

/** What reading the tables gave. */
export interface SocketTables {
  /** In the order of the tables asked for, within a table as the kernel printed them. */
  rows: SocketRow[]
  bogus: BogusLine[]
  /** Lines that continued a unix name; netstat calls them bogus. */
  unixContinuations: number
  /** Tables that could not be read, with the errno name. A kernel without the protocol has no file: ENOENT. */
  missing: { table: TableName; code: string }[]
  /** Rows that stood twice in one read because the table changed meanwhile; merged. */
  duplicates: number
  /** Rows the first read missed and a later one found. */
  recovered: number
  /** Exact counts of /proc/net/protocols; empty where there is none. */
  counts: Map<string, number>
}

export interface TableRequest {
  tables: readonly TableName[]
  littleEndian: boolean
  /** Folder of the tables below the proc root: `net`, or `1234/net` for the namespace of a process. */
  folder?: string
  /** Only listening TCP sockets will be shown. */
  listenersOnly?: boolean
  /** Called when all tables are read and before they are parsed. */
  onRead?: () => void
  /** Rows exactly as one read gives them, duplicates and gaps included. */
  raw?: boolean
  /** Nobody will see users, timers, references or pointers of TCP sockets: rows may lack them. */
  brief?: boolean
}

/** The kernel finds its place in these by counting from the start at every read(), so a change makes it skip rows. */
const LOSSY: ReadonlySet<InetTable> = new Set(['udp', 'udp6', 'udplite', 'udplite6'])

/** A read() hands out at most a page; up to so many rows (128 bytes each) come in one piece and cannot be torn. */
const ROWS_IN_ONE_READ = 31

/** A lossy table is read until two reads in a row bring nothing new, at most so often. */
const MAX_READS = 12

/** Reads the tables of one network namespace. A table that is not there is reported, never an error. */
export function readSocketTables(source: ProcSource, request: TableRequest): SocketTables {
  const folder = request.folder ?? 'net'
  const result: SocketTables = {
    rows: [],
    bogus: [],
    unixContinuations: 0,
    missing: [],
    duplicates: 0,
    recovered: 0,
    counts: new Map(),
  }
  const attempt = <T>(table: TableName, read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      result.missing.push({ table, code: errnoOf(error) })
      return undefined
    }
  }
  try {
    result.counts = parseProtocols(source.readFile(`${folder}/protocols`))
  } catch {
    // An old recording: completeness is then judged by the owners alone.
  }
  const parts = request.tables.map(table => {
    const read = (file: string, parse: (bytes: Buffer) => TablePart): Unparsed =>
      attempt(table, () => {
        const bytes = source.readFile(`${folder}/${file}`)
        return () => parse(bytes)
      })
    switch (table) {
      case 'unix':
        return [read('unix', bytes => unixPart(bytes, request, result))]
      case 'packet':
        return [read('packet', parsePacketTable)]
      case 'netlink':
        return [read('netlink', parseNetlinkTable)]
      case 'sctp':
        return [read('sctp/eps', parseSctpEndpoints), read('sctp/assocs', parseSctpAssociations)]
      default:
        // Walking an empty table costs as much as reading ten thousand rows.
        if (table === 'tcp6' && isTcp6Empty(source, folder, request)) return [() => ({ rows: [], bogus: [] })]
        return [attempt(table, () => readInetTable(source, `${folder}/${table}`, table, request, result))]
    }
  })
  request.onRead?.()
  for (const parse of parts.flat()) {
    const part = parse?.()
    if (part === undefined) continue
    for (const row of part.rows) result.rows.push(row)
    result.bogus.push(...part.bogus)
  }
  return result
}

/**
 * No row stands in tcp6. Every socket of IPv6 is counted as in use but TIME_WAIT, whose number is that of both families;
 * and what listens is in use.
 */
function isTcp6Empty(source: ProcSource, folder: string, request: TableRequest): boolean {
  if (source.kind !== 'live') return false
  const gauge = (file: string, protocol: string, name: string) => {
    try {
      return parseSockstat(source.readFile(`${folder}/${file}`))
        .get(protocol)
        ?.get(name)
    } catch {
      return undefined
    }
  }
  return gauge('sockstat6', 'TCP6', 'inuse') === 0 && (request.listenersOnly || gauge('sockstat', 'TCP', 'tw') === 0)
}

interface TablePart {
  rows: SocketRow[]
  bogus: BogusLine[]
}

/** A table that was read; undefined where it could not be. */
type Unparsed = (() => TablePart) | undefined

function unixPart(bytes: Buffer, request: TableRequest, tally: SocketTables): TablePart {
  const part = parseUnixTable(bytes, request.raw)
  tally.unixContinuations += part.continuations
  return part
}

function readInetTable(
  source: ProcSource,
  path: string,
  table: InetTable,
  request: TableRequest,
  tally: SocketTables,
): () => TablePart {
  const parse = (bytes: Buffer) => parseInetTable(bytes, table, request.littleEndian)
  const merge = ({ rows: repeated, bogus }: { rows: InetRow[]; bogus: BogusLine[] }) => {
    const { rows, duplicates } = mergeReads(repeated)
    tally.duplicates += duplicates
    return { rows, bogus }
  }
  if (request.listenersOnly && table.startsWith('tcp')) {
    const listeners = parse(source.readFile(path, isPastListeners))
    // Whether a listener on :: takes IPv4 too is told by the connections behind it.
    if (request.raw || !listeners.rows.some(row => row.table === 'tcp6' && row.localAddress === '::'))
      return () => (request.raw ? listeners : merge(listeners))
  }
  if (request.brief && !request.raw && path === `net/${table}` && (table === 'tcp' || table === 'tcp6')) {
    const messages = dumpTcpTable(source, table)
    if (messages !== undefined) return () => merge({ rows: parseInetDiag(messages), bogus: [] })
  }
  const bytes = source.readFile(path)
  if (request.raw) return () => parse(bytes)
  if (source.kind !== 'live' || !LOSSY.has(table)) return () => merge(parse(bytes))
  const once = parse(bytes)
  const first = merge(once)
  if (once.rows.length <= ROWS_IN_ONE_READ) return () => first
  const reads = new RepeatedReads()
  reads.add(first.rows)
  for (let times = 1, quiet = 0; times < MAX_READS && quiet < 2; times += 1)
    quiet = reads.add(parse(source.readFile(path)).rows) === 0 ? quiet + 1 : 0
  const rows = reads.rows()
  tally.recovered += Math.max(0, rows.length - first.rows.length)
  return () => ({ rows, bogus: first.bogus })
}

/** The tables netstat shows for internet protocols, in its order, then the others. */
export const ALL_TABLES: readonly TableName[] = [
  ...INET_TABLES.slice(0, 2),
  'sctp',
  ...INET_TABLES.slice(2),
  'unix',
  'packet',
  'netlink',
]
