import type { MissingTable, SocketReport, UnlistedSocket } from '../model.ts'
import { namespaceFactsJson, type NamespaceFactsJson } from '../../namespaces/show/namespace-json.ts'
import { safeJson, type Document, type Envelope, type Origin, type Remarks } from '../../terminal/json.ts'
import type { Warning } from '../../warnings.ts'
import type { FailOnJson } from '../group/show/fail-on-json.ts'
import { socketJson, type SocketJson } from './socket-json.ts'

/** Document of `mynetstat`: the sockets that were asked for. */
export interface SocketsDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/sockets/1'
  sockets: SocketJson[]
  /** The filter as it was read, and how many sockets it could not be answered for: those are left out. */
  filter?: FilterJson | undefined
  /** The answer to each `--fail-on`. */
  failOn?: FailOnJson[] | undefined
  /** With `--all-netns` or `--netns`: the network namespaces that were read. */
  namespaces?: NamespaceJson[] | undefined
  /**
   * How many sockets processes hold that no table lists: not bound, of another kind (vsock, xdp …) or namespace. With
   * `--all-netns` only where `--unlisted` asks for it.
   */
  unlistedSockets?: number | undefined
  /** Which they are; with `--unlisted` only: they may be very many. */
  unlisted?: UnlistedSocket[] | undefined
  /** Socket tables that could not be read. */
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

/** A network namespace that was read. */
export interface NamespaceJson extends NamespaceFactsJson {
  /** How many of the sockets are its. */
  sockets: number
}

/** One line of `mynetstat -c --json`: a round, or the last line. */
export type SocketsLine = SocketsRoundLine | SocketsSummaryLine

/** The sockets of one round. */
export interface SocketsRoundLine extends SocketsDocument {
  type: 'sockets'
}

/** The last line. */
export interface SocketsSummaryLine {
  type: 'summary'
  /** Lines before this one. */
  rounds: number
  warnings: readonly Warning[]
}

/** A filter as it was read, and how many sockets it could not be answered for. */
export interface FilterJson {
  expression: string
  unknownSockets: number
}

export const filterJson = ({ filtered }: SocketReport): FilterJson | undefined =>
  filtered && { expression: filtered.filter, unknownSockets: filtered.unknown }

/** The document `linsight/sockets/1`. */
export function socketsDocument(
  origin: Origin,
  report: SocketReport,
  userHz: number,
  failOn?: FailOnJson[],
): Document<SocketsDocument, 'sockets'> {
  const { search, tables } = report
  return {
    what: 'sockets',
    origin,
    lists: { sockets: socketsOf(report, userHz) },
    facts: {
      filter: filterJson(report),
      failOn,
      namespaces: namespacesOf(report),
      unlistedSockets: search?.unlistedSockets,
      unlisted: search?.unlisted,
      missingTables: tables.missing,
      duplicateRows: tables.duplicates,
      recoveredRows: tables.recovered,
      processes: search?.processes,
    },
    unreadable: Object.fromEntries(search?.unreadable ?? []),
  }
}

export const socketsSummaryLine = (rounds: number, warnings: readonly Warning[]): string =>
  `${safeJson({ type: 'summary', rounds, warnings } satisfies SocketsSummaryLine)}\n`

function namespacesOf({ namespaces, sockets }: SocketReport): NamespaceJson[] | undefined {
  const counts = new Map<string | undefined, number>()
  if (namespaces === undefined) return undefined
  for (const { netns } of sockets) counts.set(netns?.netns, (counts.get(netns?.netns) ?? 0) + 1)
  return namespaces.map(namespace => ({ ...namespaceFactsJson(namespace), sockets: counts.get(namespace.name) ?? 0 }))
}

/** Made one by one: there may be very many. */
function* socketsOf({ sockets }: SocketReport, userHz: number): Generator<SocketJson> {
  for (const socket of sockets) yield socketJson(socket, userHz)
}
