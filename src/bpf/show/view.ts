import type { BpfListener, BpfSession } from '../run/session.ts'
import type { BpfRow, Field } from '../run/output/row.ts'
import type { BpfSnapshot, KeyedHistogram } from '../model.ts'
import { histogramDifference, histogramTotal } from '../run/output/histogram.ts'
import { cellJson, cellText, jsonText, jsonValue, plainText, type CellContext } from './cell.ts'
import { heatmapLines, type HeatColumn } from './heatmap.ts'
import { histogramLines } from './histogram-text.ts'
import { rowColumns, rowJson, rowLines } from './rows.ts'
import { scriptMapJson, scriptMapLines } from './script-map.ts'
import { stackLines } from './stacks.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { SteadyOut } from '../../cli/async-stdout.ts'
import type { Terminal } from '../../cli/terminal.ts'

/** What is shown: the part of a job that its view needs. A user's script has no fields. */
export interface BpfSubject {
  readonly name: string
  readonly shape: 'events' | 'histogram' | 'counts' | 'stacks' | 'script'
  readonly fields: readonly Field[]
  /** What keys the histograms. */
  readonly key?: Field | undefined
  /** Of the values of histograms, or of the weights of stacks. */
  readonly unit?: string | undefined
}

/** A user's script as something to show. */
export function scriptSubject(file = 'script'): BpfSubject {
  return { name: file, shape: 'script', fields: [] }
}

export interface BpfViewOptions {
  readonly json: boolean
  readonly terminal: Terminal
  /** Lines of the terminal. */
  readonly height: number
  /** Print every interval, not only the end. */
  readonly everyInterval: boolean
  readonly top: number
  readonly heatmap: boolean
  /** For JSON: `live`, or the path of the recording. */
  readonly source: string
}

/** Rows are written in batches: often enough for the eye, seldom enough for the reader of the tracer. */
const BATCH_MS = 50
const BATCH_ROWS = 4096

export interface BpfView {
  listen(session: BpfSession): BpfListener
  /** Writes the final results. */
  finish(session: BpfSession): void
}

/** Shows a run while it lasts and when it is over; the same for a live run and a recorded one. */
export function bpfView(subject: BpfSubject, options: BpfViewOptions, out: SteadyOut): BpfView {
  const { json, terminal } = options
  const redraws = terminal.interactive && !json && subject.shape !== 'events' && subject.shape !== 'script'
  const heat: HeatColumn[] = []
  let before = new Map<string, KeyedHistogram>()
  let drawnLines = 0
  let rows: BpfRow[] = []
  let headed = false
  let timer: NodeJS.Timeout | undefined

  const contextOf = (session: BpfSession): CellContext => ({
    wallMs: timeNs => session.wallMs(timeNs),
    machine: session.header.machine,
    clock: timeOfDay,
  })

  function flushRows(session: BpfSession): void {
    clearTimeout(timer)
    timer = undefined
    if (rows.length === 0 && headed) return
    const context = contextOf(session)
    if (json)
      out.write(
        rows.map(row => `${JSON.stringify({ type: 'event', ...rowJson(subject.fields, row, context) })}\n`).join(''),
      )
    else out.write([...rowLines(rowColumns(subject.fields, context), rows, !headed)].join(''))
    headed = true
    rows = []
  }

  /** What an interval added to all histograms together: a column of the heat map. */
  function addHeat(session: BpfSession, timeNs: number): void {
    const snapshot = session.snapshot()
    if (snapshot?.shape !== 'histogram') return
    const added = snapshot.histograms.flatMap(now =>
      histogramDifference(now.buckets, before.get(String(Number(now.key)))?.buckets ?? []),
    )
    before = new Map(snapshot.histograms.map(now => [String(Number(now.key)), now]))
    const wall = session.wallMs(timeNs)
    heat.push({ time: wall === undefined ? '' : timeOfDay(wall).slice(0, 8), buckets: merged(added) })
  }

  function snapshotText(session: BpfSession, snapshot: BpfSnapshot, top: number): string {
    const context = contextOf(session)
    if (snapshot.shape === 'counts') {
      return [...rowLines(rowColumns(subject.fields, context), snapshot.rows.slice(0, top), true)].join('')
    }
    if (snapshot.shape === 'stacks') return [...stackLines(snapshot.stacks.slice(0, top), subject.unit ?? '')].join('')
    if (options.heatmap) return [...heatmapLines(heat, Number.isFinite(terminal.width) ? terminal.width : 100)].join('')
    return bySize(snapshot.histograms)
      .slice(0, top)
      .map(({ key, buckets }) => {
        const title =
          key === undefined || subject.key === undefined
            ? ''
            : `${subject.key.key} = ${cellText(subject.key, key, context)}, `
        return `${title}${subject.unit ?? ''}\n${[...histogramLines(buckets)].join('')}`
      })
      .join('\n')
  }

  function snapshotJson(session: BpfSession, snapshot: BpfSnapshot, timeNs: number | undefined): string {
    const context = contextOf(session)
    const time = cellJson('time', timeNs, context)
    const common = { time, final: timeNs === undefined }
    if (snapshot.shape === 'counts') {
      const list = snapshot.rows.slice(0, options.top).map(row => rowJson(subject.fields, row, context))
      return `${JSON.stringify({ type: 'counts', ...common, rows: list })}\n`
    }
    if (snapshot.shape === 'stacks') {
      const stacks = snapshot.stacks.slice(0, options.top).map(({ comm, user, kernel, pid, weight }) => ({
        pid,
        comm: jsonText(comm),
        user: user.map(jsonText),
        kernel: kernel.map(jsonText),
        weight,
      }))
      return `${JSON.stringify({ type: 'stacks', ...common, unit: subject.unit, stacks })}\n`
    }
    return bySize(snapshot.histograms)
      .slice(0, options.top)
      .map(({ key, buckets }) => {
        const named = subject.key === undefined ? {} : { [subject.key.key]: cellJson(subject.key.kind, key, context) }
        const total = histogramTotal(buckets)
        return `${JSON.stringify({ type: 'histogram', ...common, ...named, unit: subject.unit, total, buckets })}\n`
      })
      .join('')
  }

  function tick(session: BpfSession, timeNs: number): void {
    if (options.heatmap) addHeat(session, timeNs)
    const snapshot = session.snapshot()
    if (snapshot === undefined) return
    if (redraws) {
      const top = Math.min(options.top, Math.max(3, options.height - 4))
      const text = snapshotText(session, snapshot, top)
        .split('\n')
        .slice(0, options.height - 2)
        .join('\n')
      out.write(`${drawnLines > 0 ? `\x1b[${drawnLines}A\x1b[J` : ''}${text}\n`)
      drawnLines = text.split('\n').length
    } else if (options.everyInterval) {
      const wall = session.wallMs(timeNs)
      out.write(
        json
          ? snapshotJson(session, snapshot, timeNs)
          : `${wall === undefined ? '' : timeOfDay(wall)}\n${snapshotText(session, snapshot, options.top)}\n`,
      )
    }
  }

  return {
    listen(session) {
      if (json) out.write(`${JSON.stringify(startOf(session, subject, options.source))}\n`)
      return {
        row(row) {
          rows.push(row)
          if (rows.length >= BATCH_ROWS) flushRows(session)
          else timer ??= setTimeout(() => flushRows(session), BATCH_MS)
        },
        ready(timeNs) {
          if (json)
            out.write(`${JSON.stringify({ type: 'ready', time: cellJson('time', timeNs, contextOf(session)) })}\n`)
          else if (subject.shape === 'events') flushRows(session)
        },
        tick: timeNs => tick(session, timeNs),
        text: text => out.write(json ? `${JSON.stringify({ type: 'text', text: jsonText(text) })}\n` : safeLines(text)),
        value: value =>
          out.write(json ? `${JSON.stringify({ type: 'value', value: jsonValue(value) })}\n` : `${plainText(value)}\n`),
        map: map => out.write(json ? `${JSON.stringify(scriptMapJson(map))}\n` : [...scriptMapLines(map)].join('')),
      }
    },
    finish(session) {
      if (rows.length > 0) flushRows(session)
      const snapshot = session.snapshot()
      if (snapshot === undefined) return
      if (drawnLines > 0) out.write(`\x1b[${drawnLines}A\x1b[J`)
      out.write(json ? snapshotJson(session, snapshot, undefined) : snapshotText(session, snapshot, options.top))
    },
  }
}

function startOf({ header }: BpfSession, { name, shape }: BpfSubject, source: string): object {
  const { host, takenAt, kernel, tool, toolVersion, script, filter } = header
  const comm = filter.comm === undefined ? undefined : jsonText(filter.comm)
  return {
    type: 'start',
    schema: 'linsight/bpf-run/1',
    host,
    takenAt,
    source,
    kernel,
    tool,
    toolVersion,
    job: script === undefined ? name : undefined,
    script,
    shape,
    filter: { ...filter, comm },
  }
}

function merged(buckets: KeyedHistogram['buckets']): KeyedHistogram['buckets'] {
  const sums = new Map<string, KeyedHistogram['buckets'][number]>()
  for (const bucket of buckets) {
    const key = `${bucket.min},${bucket.max}`
    sums.set(key, Object.assign({}, bucket, { count: bucket.count + (sums.get(key)?.count ?? 0) }))
  }
  return [...sums.values()]
}

const bySize = (histograms: readonly KeyedHistogram[]) =>
  histograms.toSorted((a, b) => histogramTotal(b.buckets) - histogramTotal(a.buckets))

/** Text of a script keeps its lines; everything else that could move the cursor is escaped. */
const safeLines = (text: string) => text.split('\n').map(escapeBytes).join('\n')

/** `14:03:05.123456`, in the zone of whoever looks. */
function timeOfDay(wallMs: number): string {
  const date = new Date(wallMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const micros = Math.floor((wallMs % 1000) * 1000)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(micros).padStart(6, '0')}`
}
