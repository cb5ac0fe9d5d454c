import type { MissingTable, SocketReport, UnlistedSocket } from '../model.ts'
import type { Document, Origin } from '../../terminal/json.ts'
import { socketJson, type SocketJson } from './socket-json.ts'

/** The facts of the document `linsight/sockets/1` beside its envelope. */
export interface SocketsJson {
  sockets: SocketJson[]
  /** Sockets that processes hold but no table lists. Absent where owners were not looked for. */
  unlistedSockets?: UnlistedSocket[] | undefined
  missingTables: MissingTable[]
  /** Rows that stood twice in one read and were merged. */
  duplicateRows: number
  /** Rows that the first read missed and a later one found. */
  recoveredRows: number
  /** Processes whose descriptors were read. */
  processes?: number | undefined
  /** errno name → processes whose descriptors were refused. */
  unreadable: Record<string, number>
}

/** The document `linsight/sockets/1`. */
export function socketsDocument(origin: Origin, report: SocketReport, userHz: number): Document {
  const { search, tables } = report
  const facts: Omit<SocketsJson, 'sockets' | 'unreadable'> = {
    unlistedSockets: search?.unlisted,
    missingTables: tables.missing,
    duplicateRows: tables.duplicates,
    recoveredRows: tables.recovered,
    processes: search?.processes,
  }
  const unreadable: SocketsJson['unreadable'] = Object.fromEntries(search?.unreadable ?? [])
  return { what: 'sockets', origin, lists: { sockets: socketsOf(report, userHz) }, facts, unreadable }
}

/** Made one by one: there may be very many. */
function* socketsOf({ sockets }: SocketReport, userHz: number): Generator<SocketJson> {
  for (const socket of sockets) yield socketJson(socket, userHz)
}
