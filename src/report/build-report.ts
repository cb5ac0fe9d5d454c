import type { InputParts } from './inputs/parts.ts'
import { REPORT_SCHEMA, type ReportData, type ReportInput } from './model.ts'
import { inOrder } from './views/findings.ts'
import { socketTable } from './views/socket-table.ts'

export interface ReportFacts {
  /** ISO 8601, UTC. */
  madeAt: string
  version: string
  redacted: boolean
}

/** As long as a diagnosis and a snapshot, one after the other, are of the same trouble. */
const SAME_TIME_MS = 60_000

/** Everything the page shows, of one recording or of several. */
export function buildReport(parts: readonly InputParts[], { madeAt, version, redacted }: ReportFacts): ReportData {
  const all = <Item>(pick: (part: InputParts) => readonly Item[] | undefined): Item[] =>
    parts.flatMap(part => pick(part) ?? [])
  const machines = parts.flatMap(({ input, sockets }) =>
    sockets === undefined ? [] : [{ host: ownerOf(input), sockets }],
  )
  /** Whether a diagnosis of the same machine and time says better what one look says. */
  const isSeenLonger = ({ kind, host, takenAt = '' }: ReportInput) =>
    kind === 'snapshot' &&
    host !== undefined &&
    parts.some(
      ({ input }) =>
        input.kind === 'diagnosis' &&
        input.host === host &&
        Math.abs(Date.parse(input.takenAt ?? '') - Date.parse(takenAt)) < SAME_TIME_MS,
    )
  return {
    schema: REPORT_SCHEMA,
    madeAt,
    version,
    redacted,
    inputs: parts.map(({ input }) => input),
    findings: inOrder(
      parts.flatMap(({ input, findings = [] }) =>
        findings
          .filter(({ by }) => by !== 'diagnose' || !isSeenLonger(input))
          .map(finding => ({ ...finding, host: ownerOf(input) })),
      ),
    ),
    notLooked: parts
      .flatMap(({ input, notLooked = [] }) => (isSeenLonger(input) ? [] : notLooked))
      .map(({ what, why }) => ({ what, why })),
    timeWait: parts.flatMap(({ input, timeWait = [] }) => timeWait.map(view => ({ ...view, host: ownerOf(input) }))),
    heatmaps: all(({ heatmaps }) => heatmaps),
    flames: all(({ flames }) => flames),
    tables: all(({ tables }) => tables),
    peers: parts
      .flatMap(({ input, peers = [] }) => peers.map(peer => ({ ...peer, host: ownerOf(input) })))
      .toSorted((a, b) => b.connections - a.connections),
    sockets: machines.length === 0 ? undefined : socketTable(machines),
    warnings: all(({ warnings }) => warnings).map(({ message, hint }) => ({ message, hint })),
  }
}

/** The machine of a recording; its file where it does not tell. */
const ownerOf = ({ host, name }: ReportInput): string => host ?? name
