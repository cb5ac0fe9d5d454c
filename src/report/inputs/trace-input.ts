import {
  bucketLabel,
  cellText,
  flameFrames,
  recordHeat,
  replayRecording,
  scriptSubject,
  withGaps,
  type BpfSubject,
  type HeatColumn,
} from '../../bpf/index.ts'
import type { BpfEvent, BpfRunState, BpfSession } from '../../bpf/model.ts'
import type { RecordedLines } from '../../proc/line-file.ts'
import type { HeatmapView, TableView } from '../model.ts'
import { flameView } from '../views/flame.ts'
import { grouped } from '../views/grouped.ts'
import type { InputParts } from './parts.ts'

/** Rows of a stream of events that are shown. */
const MOST_ROWS = 500

/** What a recorded bpf run adds: its histograms over time, stacks, or rows. */
export async function traceInput(lines: RecordedLines, bytes: Buffer, name: string): Promise<InputParts> {
  const heat = recordHeat()
  const rows: string[][] = []
  let seen = 0
  const { session, subject } = await replayRecording(lines, (header, job) => {
    const subject: BpfSubject = job ?? scriptSubject(header.script)
    return { subject, onEvent: (event: BpfEvent, run: BpfRunState) => take(event, run, subject) }
  })
  const { header } = session
  const title = `${subject.name} on ${header.host ?? 'an unknown host'}`
  const flame = flameView(
    session.stacks().map(stack => ({ frames: flameFrames(stack), weight: stack.weight })),
    { title: `Stacks of ${title}`, unit: subject.unit ?? 'times' },
  )
  const heatmap = heatmapOf(heat.columns, session, subject, title)
  const table = tableOf(session, subject, title)
  const { durationMs, events } = session.summary()
  return {
    input: {
      name,
      kind: 'trace',
      host: header.host,
      takenAt: header.takenAt,
      about: [
        subject.name,
        events > 0 ? `${grouped(events)} events` : '',
        durationMs === undefined ? '' : `${(durationMs / 1000).toFixed(1)} s`,
      ]
        .filter(Boolean)
        .join(', '),
    },
    heatmaps: heatmap === undefined ? [] : [heatmap],
    flames: flame === undefined ? [] : [flame],
    tables: table === undefined ? [] : [table],
    warnings: session.warnings(),
    recording: { kind: 'trace', bytes: [bytes] },
  }

  function take(event: BpfEvent, run: BpfRunState, subject: BpfSubject): void {
    if (event.type === 'tick') {
      const snapshot = run.snapshot()
      if (snapshot?.shape === 'histogram') heat.add(snapshot.histograms, run.wallMs(event.timeNs))
    } else if (event.type === 'row') {
      seen += 1
      if (rows.length < MOST_ROWS)
        rows.push(subject.fields.map(field => cellText(field, event.row[field.key], cells(run))))
    }
  }

  /** Rows of a stream of events, or the counts at the end. */
  function tableOf(run: BpfSession, { fields }: BpfSubject, title: string): TableView | undefined {
    const snapshot = run.snapshot()
    const counts = snapshot?.shape === 'counts' ? snapshot.rows : []
    const shown = counts
      .slice(0, MOST_ROWS)
      .map(row => fields.map(field => cellText(field, row[field.key], cells(run))))
    const all = rows.length > 0 ? rows : shown
    if (all.length === 0) return undefined
    return {
      title,
      columns: fields.map(({ header, kind }) => ({ title: header, isNumber: NUMBERS.has(kind) })),
      rows: all,
      more: Math.max(0, (rows.length > 0 ? seen : counts.length) - MOST_ROWS),
    }
  }
}

const NUMBERS: ReadonlySet<string> = new Set(['pid', 'integer', 'bytes', 'durationNs', 'port'])

const cells = (run: BpfRunState) => ({
  wallMs: (timeNs: number) => run.wallMs(timeNs),
  machine: run.header.machine,
  clock: (wallMs: number) => new Date(wallMs).toISOString().slice(11, 23),
})

/** Histograms over time where there were several looks, else each histogram as a row. */
function heatmapOf(
  columns: readonly HeatColumn[],
  session: BpfSession,
  { unit = '' }: BpfSubject,
  title: string,
): HeatmapView | undefined {
  const timed = columns.filter(({ buckets }) => buckets.length > 0)
  if (timed.length > 1) {
    const rows = withGaps(mergedBuckets(columns)).toReversed()
    return {
      title: unit === '' ? `Latency of ${title}` : `Latency of ${title}, in ${unit}`,
      unit: 'times',
      rowTitle: unit,
      columnTitle: 'UTC',
      rows: rows.map(bucketLabel),
      columns: columns.map(({ time }) => time),
      cells: rows.map(row => columns.map(({ buckets }) => countIn(buckets, row))),
      rowsAreFrames: false,
    }
  }
  const snapshot = session.snapshot()
  if (snapshot?.shape !== 'histogram' || snapshot.histograms.length === 0) return undefined
  const steps = withGaps(mergedBuckets(snapshot.histograms))
  return {
    title: unit === '' ? `Latency of ${title}` : `Latency of ${title}, in ${unit}`,
    unit: 'times',
    rowTitle: 'of',
    columnTitle: unit,
    rows: snapshot.histograms.map(({ key }) => (key === undefined ? 'all' : String(key))),
    columns: steps.map(bucketLabel),
    cells: snapshot.histograms.map(({ buckets }) => steps.map(step => countIn(buckets, step))),
    rowsAreFrames: false,
  }
}

type Buckets = HeatColumn['buckets']

function mergedBuckets(columns: readonly { buckets: Buckets }[]): Buckets[number][] {
  const all = new Map<string, Buckets[number]>()
  for (const { buckets } of columns)
    for (const bucket of buckets) all.set(`${bucket.min},${bucket.max}`, { ...bucket, count: 0 })
  return [...all.values()]
}

const countIn = (buckets: Buckets, { min, max }: Buckets[number]) =>
  buckets.find(bucket => bucket.min === min && bucket.max === max)?.count ?? 0
