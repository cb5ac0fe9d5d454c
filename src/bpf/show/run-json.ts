import { safeJson, startLine, type Facts } from '../../terminal/json.ts'
import type { BpfEvent, BpfRunFacts, BpfRunState, BpfSnapshot } from '../model.ts'
import { histogramTotal, largestFirst } from '../run/output/histogram.ts'
import { cellJson, jsonText, type CellContext } from './cell.ts'
import type {
  BpfCountsLine,
  BpfEventLine,
  BpfHistogramLine,
  BpfReadyLine,
  BpfRunLine,
  BpfStacksLine,
  BpfStartLine,
} from './documents.ts'
import { cellContext, rowJson } from './rows.ts'
import { scriptMapJson, scriptValueJson } from './script-map.ts'
import type { Warning } from '../../warnings.ts'
import type { BpfSubject, BpfView } from './subject.ts'

export interface RunJsonOptions {
  readonly everyInterval: boolean
  readonly top: number
  /** `live`, or the path of the recording. */
  readonly source: string
}

/** A run as JSON, one object a line. */
export function jsonView(subject: BpfSubject, { everyInterval, top, source }: RunJsonOptions): BpfView {
  const results = (run: BpfRunState, timeNs?: number) => {
    const snapshot = run.snapshot()
    return snapshot === undefined
      ? ''
      : resultLines(subject, snapshot, cellContext(run), top, timeNs).map(line).join('')
  }
  return {
    event(event, run) {
      if (event.type === 'start') return startOf(run.header, subject, source)
      if (event.type === 'tick') return everyInterval ? results(run, event.timeNs) : ''
      const object = eventLine(subject, event, cellContext(run))
      return object === undefined ? '' : line(object)
    },
    end: run => results(run),
  }
}

/** The last line of a run. The first one has the envelope. */
export function summaryLine(run: BpfRunState, warnings: readonly Warning[]): string {
  const {
    faults,
    fullMaps,
    skippedProbes,
    mapsWithAlikeKeys,
    tracerWarnings: _,
    mapsWithJoinedKeys: _j,
    mapsWithTextKeys: _t,
    childrenLeft: _c,
    ...counts
  } = run.summary()
  return line({
    type: 'summary',
    ...counts,
    faults: faults.map(({ message, count }) => ({ message: jsonText(message), count })),
    fullMaps: fullMaps.map(jsonText),
    skippedProbes: skippedProbes.map(jsonText),
    mapsWithAlikeKeys: mapsWithAlikeKeys.map(jsonText),
    warnings,
    unreadable: {},
  })
}

const line = (object: BpfRunLine) => `${safeJson(object)}\n`

function eventLine(subject: BpfSubject, event: BpfEvent, context: CellContext): BpfRunLine | undefined {
  switch (event.type) {
    case 'row':
      return { type: 'event', ...rowJson(subject.fields, event.row, context) } satisfies BpfEventLine
    case 'ready':
      return { type: 'ready', time: timeOf(event.timeNs, context) } satisfies BpfReadyLine
    case 'text':
      return { type: 'text', text: jsonText(event.text) }
    case 'value':
      return { type: 'value', value: scriptValueJson(event.value) }
    case 'map':
      return scriptMapJson(event.map)
    default:
      return undefined
  }
}

function resultLines(
  { fields, key: keyField, unit }: BpfSubject,
  snapshot: BpfSnapshot,
  context: CellContext,
  top: number,
  timeNs: number | undefined,
): (BpfCountsLine | BpfStacksLine | BpfHistogramLine)[] {
  const when = { time: timeNs === undefined ? undefined : timeOf(timeNs, context), final: timeNs === undefined }
  if (snapshot.shape === 'counts') {
    const rows = snapshot.rows.slice(0, top).map(row => rowJson(fields, row, context))
    return [{ type: 'counts', ...when, rows }]
  }
  if (snapshot.shape === 'stacks') {
    const stacks = snapshot.stacks.slice(0, top).map(({ comm, user, kernel, pid, weight }) => ({
      pid,
      comm: jsonText(comm),
      user: user.map(jsonText),
      kernel: kernel.map(jsonText),
      weight,
    }))
    return [{ type: 'stacks', ...when, unit, stacks }]
  }
  return largestFirst(snapshot.histograms)
    .slice(0, top)
    .map(({ key, buckets }) => ({
      type: 'histogram',
      ...when,
      ...(keyField !== undefined && { [keyField.key]: cellJson(keyField.kind, key, context) }),
      unit,
      total: histogramTotal(buckets),
      buckets,
    }))
}

const timeOf = (timeNs: number, context: CellContext) => cellJson('time', timeNs, context) as string | undefined

function startOf(header: BpfRunFacts, { name, shape }: BpfSubject, source: string): string {
  const { host, takenAt, kernel, tool, toolVersion, script, filter } = header
  const comm = filter.comm === undefined ? undefined : jsonText(filter.comm)
  const facts: Facts<BpfStartLine> = {
    kernel,
    tool,
    toolVersion,
    job: script === undefined ? name : undefined,
    script,
    shape,
    filter: { ...filter, comm },
  }
  return startLine({ what: 'bpf-run', origin: { host, takenAt, source }, facts })
}
