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
import { formatDurationNs } from '../../terminal/units.ts'
import { flameView } from '../views/flame.ts'
import { grouped } from '../views/grouped.ts'
import { nanosecondsOf } from '../views/time-units.ts'
import type { InputParts } from './parts.ts'

/** Rows of a stream of events that are shown. */
const MOST_ROWS = 500

/** What a recorded bpf run adds: its histograms over time, stacks, or rows. */
export async function traceInput(lines: RecordedLines, bytes: Buffer, name: string): Promise<InputParts> {
  const heat = recordHeat(utcTime)
  const rows: Extract<BpfEvent, { type: 'row' }>['row'][] = []
  let seen = 0
  const { session, subject } = await replayRecording(lines, (header, job) => {
    const subject: BpfSubject = job ?? scriptSubject(header.script)
    return { subject, onEvent: (event: BpfEvent, run: BpfRunState) => take(event, run) }
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

  function take(event: BpfEvent, run: BpfRunState): void {
    if (event.type === 'tick') {
      const snapshot = run.snapshot()
      if (snapshot?.shape === 'histogram') heat.add(snapshot.histograms, run.wallMs(event.timeNs))
    } else if (event.type === 'row') {
      seen += 1
      if (rows.length < MOST_ROWS) rows.push(event.row)
    }
  }

  /** Rows of a stream of events, or the counts at the end. */
  function tableOf(run: BpfSession, { fields }: BpfSubject, title: string): TableView | undefined {
    const snapshot = run.snapshot()
    const all = rows.length > 0 ? rows : snapshot?.shape === 'counts' ? snapshot.rows : []
    if (all.length === 0) return undefined
    // Only at the end it is known what time the first of them had.
    const context = cells(run)
    const shown = all.slice(0, MOST_ROWS).map(row => fields.map(field => cellText(field, row[field.key], context)))
    return {
      title,
      columns: fields.map(({ header, kind }) => ({ title: header, isNumber: NUMBERS.has(kind) })),
      rows: shown,
      more: Math.max(0, (rows.length > 0 ? seen : all.length) - MOST_ROWS),
    }
  }
}

const NUMBERS: ReadonlySet<string> = new Set(['pid', 'integer', 'bytes', 'durationNs', 'port'])

const utcTime = (wallMs: number) => new Date(wallMs).toISOString().slice(11, 23)

const cells = (run: BpfRunState) => ({
  wallMs: (timeNs: number) => run.wallMs(timeNs),
  machine: run.header.machine,
  clock: utcTime,
})

/** Histograms over time where there were several looks, else each histogram as a row. */
function heatmapOf(
  columns: readonly HeatColumn[],
  session: BpfSession,
  { unit = '' }: BpfSubject,
  name: string,
): HeatmapView | undefined {
  const nanoseconds = nanosecondsOf(unit)
  const title = nanoseconds === undefined ? `Histogram of ${name}${unit && `, in ${unit}`}` : `Latency of ${name}`
  const bucketTitle = nanoseconds === undefined ? unit || 'value' : 'took at least'
  const label = (bucket: Buckets[number]) =>
    nanoseconds === undefined || bucket.min === undefined
      ? bucketLabel(bucket)
      : formatDurationNs(bucket.min * nanoseconds)
  if (columns.filter(({ buckets }) => buckets.length > 0).length > 1) {
    const rows = withGaps(mergedBuckets(columns)).toReversed()
    return {
      title,
      unit: 'times',
      rowTitle: bucketTitle,
      columnTitle: 'UTC',
      rows: rows.map(label),
      columns: columns.map(({ time }) => time),
      cells: rows.map(row => columns.map(({ buckets }) => countIn(buckets, row))),
      rowsAreFrames: false,
    }
  }
  const snapshot = session.snapshot()
  if (snapshot?.shape !== 'histogram' || snapshot.histograms.length === 0) return undefined
  const steps = withGaps(mergedBuckets(snapshot.histograms))
  return {
    title,
    unit: 'times',
    rowTitle: 'of',
    columnTitle: bucketTitle,
    rows: snapshot.histograms.map(({ key }) => (key === undefined ? 'all' : String(key))),
    columns: steps.map(label),
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
