import { escapeBytes } from '../../terminal/escape.ts'
import type { BpfEvent, BpfRunState, BpfSnapshot } from '../model.ts'
import { largestFirst } from '../run/output/histogram.ts'
import { cellText, timeOfDay, type CellContext } from './cell.ts'
import { recordHeat, heatmapLines } from './heatmap.ts'
import { histogramLines } from './histogram-text.ts'
import { cellContext, leftOut, rowColumns, rowLines } from './rows.ts'
import { scriptMapLines, scriptValueText } from './script-map.ts'
import { stackLines } from './stacks.ts'
import type { BpfSubject, BpfView } from './subject.ts'

export interface RunTextOptions {
  /** A person looks at it: results are drawn again in place at every interval. */
  readonly interactive: boolean
  /** Columns and lines of the terminal. */
  readonly width: number
  readonly height: number
  /** Print results at every interval, not only at the end. */
  readonly everyInterval: boolean
  /** Histograms over time instead of their sum. */
  readonly heatmap: boolean
  readonly top: number
}

/** Width of a heat map where the output is no terminal. */
const HEATMAP_WIDTH = 100

/** A run as text for people. */
export function textView(subject: BpfSubject, options: RunTextOptions): BpfView {
  const redraws = options.interactive && subject.shape !== 'events' && subject.shape !== 'script'
  const heat = recordHeat()
  const screen = drawingScreen()
  const layout = { width: options.width, fields: subject.fields }
  let headed = false

  const heatmap = () =>
    [...heatmapLines(heat.columns, Number.isFinite(options.width) ? options.width : HEATMAP_WIDTH)].join('')
  const results = (snapshot: BpfSnapshot, run: BpfRunState, top: number) =>
    snapshot.shape === 'histogram' && options.heatmap
      ? heatmap()
      : snapshotText(subject, snapshot, cellContext(run), top, options.width)

  function rows(run: BpfRunState, event?: Extract<BpfEvent, { type: 'row' }>): string {
    const header = !headed
    headed = true
    return [
      ...rowLines(rowColumns(subject.fields, cellContext(run)), event === undefined ? [] : [event.row], header, layout),
    ].join('')
  }

  function tick(run: BpfRunState, timeNs: number): string {
    const wallMs = run.wallMs(timeNs)
    const snapshot = run.snapshot()
    if (snapshot === undefined) return ''
    if (options.heatmap && snapshot.shape === 'histogram') heat.add(snapshot.histograms, wallMs)
    if (redraws) {
      const top = Math.min(options.top, Math.max(3, options.height - 4))
      return screen.draw(results(snapshot, run, top), options.height - 2)
    }
    if (!options.everyInterval) return ''
    return `${wallMs === undefined ? '' : timeOfDay(wallMs)}\n${results(snapshot, run, options.top)}\n`
  }

  return {
    event(event, run) {
      switch (event.type) {
        case 'row':
          return rows(run, event)
        case 'ready':
          return subject.shape === 'events' && !headed ? rows(run) : ''
        case 'tick':
          return tick(run, event.timeNs)
        case 'text':
          return safeLines(event.text)
        case 'value':
          return `${scriptValueText(event.value, options.width)}\n`
        case 'map':
          return [...scriptMapLines(event.map, options.width)].join('')
        default:
          return ''
      }
    },
    end(run) {
      const snapshot = run.snapshot()
      if (subject.shape === 'events') return headed ? leftOut(rowColumns(subject.fields, cellContext(run)), layout) : ''
      return snapshot === undefined ? '' : `${screen.clear()}${results(snapshot, run, options.top)}`
    },
  }
}

function snapshotText(
  subject: BpfSubject,
  snapshot: BpfSnapshot,
  context: CellContext,
  top: number,
  width: number,
): string {
  if (snapshot.shape === 'counts') {
    const columns = rowColumns(subject.fields, context)
    const layout = { width, fields: subject.fields }
    return [...rowLines(columns, snapshot.rows.slice(0, top), true, layout), leftOut(columns, layout)].join('')
  }
  if (snapshot.shape === 'stacks')
    return [...stackLines(snapshot.stacks.slice(0, top), subject.unit ?? '', width)].join('')
  return largestFirst(snapshot.histograms)
    .slice(0, top)
    .map(({ key, buckets }) => {
      const title =
        key === undefined || subject.key === undefined
          ? ''
          : `${subject.key.key} = ${cellText(subject.key, key, context)}, `
      return `${title}${subject.unit ?? ''}\n${[...histogramLines(buckets, width)].join('')}`
    })
    .join('\n')
}

/** Text that replaces the text drawn before it. */
function drawingScreen() {
  let drawnLines = 0
  const clear = () => (drawnLines > 0 ? `\x1b[${drawnLines}A\x1b[J` : '')
  return {
    clear,
    draw(text: string, maxLines: number): string {
      const lines = text.split('\n').slice(0, maxLines)
      const drawn = `${clear()}${lines.join('\n')}\n`
      drawnLines = lines.length
      return drawn
    },
  }
}

/** Text of a script keeps its lines; everything else that could move the cursor is escaped. */
const safeLines = (text: string) => text.split('\n').map(escapeBytes).join('\n')
