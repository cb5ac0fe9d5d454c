import type { SocketReport } from '../read.ts'
import type { Warning } from '../../warnings.ts'
import { jsonDocument } from '../../terminal/json.ts'
import { socketJson } from './socket-json.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/**
 * The document `linsight/sockets/1` in pieces. With `stream` it is one line with a `type`, as each listing of -c is.
 */
export function socketsDocument(
  source: ProcSource,
  report: SocketReport,
  warnings: readonly Warning[],
  stream: boolean,
): Iterable<string> {
  const { search, tables } = report
  const userHz = source.meta.userHz ?? 100
  const envelope = {
    schema: 'linsight/sockets/1',
    host: source.meta.host,
    takenAt: source.kind === 'live' ? new Date().toISOString() : source.meta.takenAt,
    source: source.label,
  }
  const tail = {
    unlistedSockets: search?.unlisted,
    missingTables: tables.missing,
    duplicateRows: tables.duplicates,
    recoveredRows: tables.recovered,
    processes: search?.processes,
    warnings,
    unreadable: Object.fromEntries(search?.unreadable ?? []),
  }
  if (stream) {
    const sockets = report.sockets.map(socket => socketJson(socket, userHz))
    return [`${JSON.stringify({ type: 'sockets', ...envelope, sockets, ...tail })}\n`]
  }
  const sockets = (function* () {
    for (const socket of report.sockets) yield socketJson(socket, userHz)
  })()
  return jsonDocument(envelope, { sockets }, tail)
}
