import type { SocketReport } from '../read.ts'
import type { AnyDocument, Origin } from '../../terminal/json.ts'
import { socketJson } from './socket-json.ts'

/** The document `linsight/sockets/1`. */
export function socketsDocument(origin: Origin, report: SocketReport, userHz: number): AnyDocument {
  const { search, tables } = report
  const sockets = (function* () {
    for (const socket of report.sockets) yield socketJson(socket, userHz)
  })()
  return {
    what: 'sockets',
    origin,
    lists: { sockets },
    facts: {
      unlistedSockets: search?.unlisted,
      missingTables: tables.missing,
      duplicateRows: tables.duplicates,
      recoveredRows: tables.recovered,
      processes: search?.processes,
    },
    unreadable: Object.fromEntries(search?.unreadable ?? []),
  }
}
