import { fixed } from '../words.ts'
import type { WatchCounts } from '../model.ts'
import type { TimeWaitJson } from './json.ts'
import type { Warning } from '../../warnings.ts'
import { safeJson } from '../../terminal/json.ts'
import { sparkline } from '../../terminal/sparkline.ts'

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
const TOP_LEFT_AND_CLEAR = '\x1b[H\x1b[J'

/** A watch from its first tick to its summary, as a screen that is drawn again, as lines, or as JSON lines. */
export class Session {
  readonly #form: 'screen' | 'lines' | 'json'
  readonly #warnings: readonly Warning[]
  readonly #bornPerS: number[] = []
  #below = ''
  ticks = 0

  constructor(form: 'screen' | 'lines' | 'json', warnings: readonly Warning[]) {
    this.#form = form
    this.#warnings = warnings
  }

  /** `rowsText` and `rowsJson` are the report in the form that is shown, where the rows were read. */
  tick(counts: WatchCounts, rowsText: string | undefined, rowsJson: TimeWaitJson | undefined): string {
    const { atMs, bornPerS, ...rest } = counts
    this.ticks += 1
    if (bornPerS !== undefined) this.#bornPerS.push(bornPerS)
    this.#below = rowsText ?? this.#below
    const at = new Date(atMs).toISOString()
    if (this.#form === 'json') {
      const shown = { at, bornPerS, ...rest }
      return jsonLine(rowsJson ? { type: 'rows', ...shown, ...rowsJson } : { type: 'counters', ...shown })
    }
    const line = tickLine(at.slice(11, 19), counts)
    return this.#form === 'lines' ? line : `${TOP_LEFT_AND_CLEAR}${line}${this.#sessionLine()}\n${this.#below}`
  }

  summary(): string {
    if (this.#form !== 'json') return this.#sessionLine()
    const born = this.#bornPerS
    const mean = born.length === 0 ? undefined : born.reduce((sum, value) => sum + value, 0) / born.length
    const peak = born.length === 0 ? undefined : Math.max(...born)
    return jsonLine({ type: 'summary', ticks: this.ticks, bornPerS: { mean, peak }, warnings: this.#warnings })
  }

  #sessionLine(): string {
    const shown = this.#bornPerS.slice(-SHOWN_TICKS)
    if (shown.length === 0) return ''
    return `created per second, this session: ${sparkline(shown)} peak ${fixed(Math.max(...shown))}\n`
  }
}

function jsonLine(line: TimeWaitLine): string {
  return `${safeJson(line)}\n`
}

function tickLine(time: string, counts: WatchCounts): string {
  const rate = (value: number | undefined) => (value === undefined ? '-' : fixed(value))
  return `${time} tw ${counts.tw ?? '?'}  created/s ${rate(counts.bornPerS)}  reused/s ${rate(counts.recycledPerS)}  over the limit/s ${rate(counts.overflowedPerS)}\n`
}
