import type { InputParts } from './inputs/parts.ts'
import { REPORT_SCHEMA, type ReportData } from './model.ts'
import { inOrder } from './views/findings.ts'
import { socketTable } from './views/socket-table.ts'

export interface ReportFacts {
  /** ISO 8601, UTC. */
  madeAt: string
  version: string
  redacted: boolean
}

/** Everything the page shows, of one recording or of several. */
export function buildReport(parts: readonly InputParts[], { madeAt, version, redacted }: ReportFacts): ReportData {
  const all = <Item>(pick: (part: InputParts) => readonly Item[] | undefined): Item[] =>
    parts.flatMap(part => pick(part) ?? [])
  const machines = parts.flatMap(({ input, sockets }) => (sockets === undefined ? [] : [{ host: input.host, sockets }]))
  return {
    schema: REPORT_SCHEMA,
    madeAt,
    version,
    redacted,
    inputs: parts.map(({ input }) => input),
    findings: inOrder(all(({ findings }) => findings)),
    notLooked: all(({ notLooked }) => notLooked).map(({ what, why }) => ({ what, why })),
    timeWait: all(({ timeWait }) => timeWait),
    heatmaps: all(({ heatmaps }) => heatmaps),
    flames: all(({ flames }) => flames),
    tables: all(({ tables }) => tables),
    peers: all(({ peers }) => peers),
    sockets: machines.length === 0 ? undefined : socketTable(machines),
    warnings: all(({ warnings }) => warnings).map(({ message, hint }) => ({ message, hint })),
  }
}
