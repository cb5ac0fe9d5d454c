import { fixed } from '../words.ts'
import type { WatchCounts } from '../model.ts'
import type { TimeWaitJson } from './json.ts'
import type { Warning } from '../../warnings.ts'
import { safeJson } from '../../terminal/json.ts'
import { Screen } from '../../terminal/screen.ts'
import { sparkline } from '../../terminal/sparkline.ts'
import { wrap } from '../../terminal/wrap.ts'

/** One line of `tw-stats --watch --json`. */
export type TimeWaitLine = TimeWaitCountersLine | TimeWaitRowsLine | TimeWaitSummaryLine

/** The counters at one time. */
export interface TimeWaitCountersLine extends TickCounts {
  type: 'counters'
}

/** The counters, and what the tables hold: read as often as 1 % of a CPU allows. */
export interface TimeWaitRowsLine extends TickCounts, TimeWaitJson {
  type: 'rows'
}

interface TickCounts extends Omit<WatchCounts, 'atMs'> {
  /** ISO 8601, UTC. */
  at: string
}

/** The last line. */
export interface TimeWaitSummaryLine {
  type: 'summary'
  /** Lines before this one. */
  ticks: number
  /** Arrivals in TIME_WAIT per second, of all lines. */
  bornPerS: { mean: number | undefined; peak: number | undefined }
  warnings: readonly Warning[]
}

/** Ticks the sparkline shows. */
const SHOWN_TICKS = 60

/** Columns and lines of the terminal. */
export interface ScreenSize {
  columns: number
  lines: number
}

/** A watch from its first tick to its summary, as a screen that is drawn again, as lines, or as JSON lines. */
export class Session {
  readonly #form: 'screen' | 'lines' | 'json'
  readonly #warnings: readonly Warning[]
  readonly #bornPerS: number[] = []
  #below = ''
  #rowsAtMs = 0
  readonly #screen = new Screen()
  ticks = 0

  constructor(form: 'screen' | 'lines' | 'json', warnings: readonly Warning[]) {
    this.#form = form
    this.#warnings = warnings
  }

  /** `rowsText` and `rowsJson` are the report in the form that is shown, where the rows were read. */
  tick(
    counts: WatchCounts,
    rowsText: string | undefined,
    rowsJson: TimeWaitJson | undefined,
    size: ScreenSize = { columns: Infinity, lines: Infinity },
  ): string {
    const { atMs, bornPerS, ...rest } = counts
    this.ticks += 1
    if (bornPerS !== undefined) this.#bornPerS.push(bornPerS)
    if (rowsText !== undefined) {
      this.#below = rowsText
      this.#rowsAtMs = atMs
    }
    const at = new Date(atMs).toISOString()
    if (this.#form === 'json') {
      const shown = { at, bornPerS, ...rest }
      return jsonLine(rowsJson ? { type: 'rows', ...shown, ...rowsJson } : { type: 'counters', ...shown })
    }
    const line = tickLine(at.slice(11, 19), counts)
    if (this.#form === 'lines') return line
    const ageS = (atMs - this.#rowsAtMs) / 1000
    const age = this.#below === '' ? '' : `rows read ${ageS < 0.05 ? 'now' : `${fixed(ageS)} s ago`}\n`
    const head = wrap(line.trimEnd(), size.columns, 2)
    return this.#screen.draw(`${head}\n${this.#sessionLine(size.columns)}${age}\n${this.#below}`, size.lines)
  }

  /** What gives the terminal back as it was; with the rows that were read last, which would be gone with the screen. */
  leave(): string {
    return this.#screen.leave(this.#below)
  }

  summary(): string {
    if (this.#form !== 'json') return this.#sessionLine()
    const born = this.#bornPerS
    const mean = born.length === 0 ? undefined : born.reduce((sum, value) => sum + value, 0) / born.length
    const peak = born.length === 0 ? undefined : Math.max(...born)
    return jsonLine({ type: 'summary', ticks: this.ticks, bornPerS: { mean, peak }, warnings: this.#warnings })
  }

  #sessionLine(columns = Infinity): string {
    const all = this.#bornPerS.slice(-SHOWN_TICKS)
    if (all.length === 0) return ''
    const peak = ` peak ${fixed(Math.max(...all))}`
    const label = columns < LABELLED ? '' : 'created per second, this session: '
    const shown = all.slice(-Math.max(1, Math.min(all.length, columns - label.length - peak.length)))
    return `${label}${sparkline(shown)}${peak}\n`
  }
}

/** Columns from which on there is room for words before the sparkline. */
const LABELLED = 60

function jsonLine(line: TimeWaitLine): string {
  return `${safeJson(line)}\n`
}

function tickLine(time: string, counts: WatchCounts): string {
  const rate = (value: number | undefined) => (value === undefined ? '-' : fixed(value))
  return `${time} tw ${counts.tw ?? '?'}  created/s ${rate(counts.bornPerS)}  reused/s ${rate(counts.recycledPerS)}  over the limit/s ${rate(counts.overflowedPerS)}\n`
}
