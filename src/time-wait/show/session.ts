import { fixed } from '../words.ts'
import type { Warning } from '../../warnings.ts'
import type { TimeWaitFacts, TimeWaitLists } from './json.ts'
import { sparkline } from '../../terminal/sparkline.ts'

/** What a tick of `--watch` counts; rates are absent in the first. */
export interface TickCounts {
  /** Milliseconds since the epoch. */
  atMs: number
  /** TCP: tw of sockstat. */
  tw: number | undefined
  bornPerS: number | undefined
  recycledPerS: number | undefined
  overflowedPerS: number | undefined
}

/** What every line but the last has; rates are absent in the first. */
interface TickJson {
  /** ISO 8601, UTC. */
  at: string
  /** Sockets in TIME_WAIT now: TCP tw of sockstat. */
  tw?: number | undefined
  /** Arrivals in TIME_WAIT per second, since the line before. */
  bornPerS?: number | undefined
  /** TIME_WAITs that a connect() took over, per second. */
  recycledPerS?: number | undefined
  /** Connections closed without TIME_WAIT because tcp_max_tw_buckets was reached, per second. */
  overflowedPerS?: number | undefined
}

/** The counters at one time. */
export interface TimeWaitCountersLine extends TickJson {
  type: 'counters'
}

/** The counters, and what the tables hold: read as often as 1 % of a CPU allows. */
export interface TimeWaitRowsLine extends TickJson, TimeWaitLists, TimeWaitFacts {
  type: 'rows'
}

/** The last line. */
export interface TimeWaitSummaryLine {
  type: 'summary'
  /** Lines before this one. */
  ticks: number
  /** Arrivals in TIME_WAIT per second, of all lines. */
  bornPerS: { mean?: number | undefined; peak?: number | undefined }
  warnings: readonly Warning[]
}

/** One line of `tw-stats --watch --json`. */
export type TimeWaitLine = TimeWaitCountersLine | TimeWaitRowsLine | TimeWaitSummaryLine

const jsonLine = (line: TimeWaitLine) => `${JSON.stringify(line)}\n`

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

  /** `rows` is what a read of the tables says, where there was one: as text for the screen, as an object for JSON. */
  tick(
    counts: TickCounts,
    rowsText: string | undefined,
    rowsJson: (TimeWaitLists & TimeWaitFacts) | undefined,
  ): string {
    const { atMs, bornPerS, ...rest } = counts
    this.ticks += 1
    if (bornPerS !== undefined) this.#bornPerS.push(bornPerS)
    this.#below = rowsText ?? this.#below
    const at = new Date(atMs).toISOString()
    if (this.#form === 'json')
      return jsonLine(
        rowsJson ? { type: 'rows', at, bornPerS, ...rest, ...rowsJson } : { type: 'counters', at, bornPerS, ...rest },
      )
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
    return `born per second, this session: ${sparkline(shown)} peak ${fixed(Math.max(...shown))}\n`
  }
}

function tickLine(time: string, counts: TickCounts): string {
  const rate = (value: number | undefined) => (value === undefined ? '-' : fixed(value))
  return `${time} tw ${counts.tw ?? '?'}  born/s ${rate(counts.bornPerS)}  taken over/s ${rate(counts.recycledPerS)}  skipped/s ${rate(counts.overflowedPerS)}\n`
}
