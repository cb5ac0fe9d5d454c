import { fixed } from '../words.ts'
import type { Warning } from '../../warnings.ts'
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
  tick(counts: TickCounts, rowsText: string | undefined, rowsJson: object | undefined): string {
    const { atMs, bornPerS, ...rest } = counts
    this.ticks += 1
    if (bornPerS !== undefined) this.#bornPerS.push(bornPerS)
    this.#below = rowsText ?? this.#below
    const at = new Date(atMs).toISOString()
    if (this.#form === 'json')
      return `${JSON.stringify({ type: rowsJson ? 'rows' : 'counters', at, bornPerS, ...rest, ...rowsJson })}\n`
    const line = tickLine(at.slice(11, 19), counts)
    return this.#form === 'lines' ? line : `${TOP_LEFT_AND_CLEAR}${line}${this.#sessionLine()}\n${this.#below}`
  }

  summary(): string {
    if (this.#form !== 'json') return this.#sessionLine()
    const born = this.#bornPerS
    const mean = born.length === 0 ? undefined : born.reduce((sum, value) => sum + value, 0) / born.length
    const peak = born.length === 0 ? undefined : Math.max(...born)
    return `${JSON.stringify({ type: 'summary', ticks: this.ticks, bornPerS: { mean, peak }, warnings: this.#warnings })}\n`
  }

  #sessionLine(): string {
    const shown = this.#bornPerS.slice(-SHOWN_TICKS)
    if (shown.length === 0) return ''
    return `created per second, this session: ${sparkline(shown)} peak ${fixed(Math.max(...shown))}\n`
  }
}

function tickLine(time: string, counts: TickCounts): string {
  const rate = (value: number | undefined) => (value === undefined ? '-' : fixed(value))
  return `${time} tw ${counts.tw ?? '?'}  created/s ${rate(counts.bornPerS)}  reused/s ${rate(counts.recycledPerS)}  over the limit/s ${rate(counts.overflowedPerS)}\n`
}
