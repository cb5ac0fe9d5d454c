import { shorten } from '../../../terminal/shorten.ts'
import type { Theme } from '../../../terminal/theme.ts'
import type { ChangeRound } from '../change.ts'

/** Lines of changes that stand on the screen, at most. */
const MOST_CHANGES = 8
/** Of the lines of a terminal a third may be changes: below them stands the listing. */
const SHARE_OF_CHANGES = 3

/** What stands on a terminal: the clock and sums, what changed lately, the listing. */
export class WatchScreen {
  readonly #theme: Theme
  #lately: string[] = []

  constructor(theme: Theme) {
    this.#theme = theme
  }

  /** `lines` are those of the changes of this round, each with its time. */
  add(lines: string): void {
    const fresh = lines.split('\n').filter(Boolean).toReversed()
    this.#lately = [...fresh, ...this.#lately].slice(0, MOST_CHANGES)
  }

  /** `listing` as it is printed otherwise; the screen cuts what has no room. */
  text(
    { atMs, sockets, totals }: { atMs: number; sockets: number; totals: WatchTotals },
    listing: string,
    size: { columns: number; lines: number },
  ): string {
    const time = new Date(atMs).toISOString().slice(11, 19)
    const head = shorten(`${time}  ${sockets} sockets  ${totalsText(totals)}`, size.columns)
    const room = Math.max(1, Math.floor(size.lines / SHARE_OF_CHANGES))
    const changes = this.#lately.length === 0 ? ['nothing has changed yet'] : this.#lately.slice(0, room)
    return [this.#theme.strong(head), ...changes, '', listing].join('\n')
  }
}

/** What a watch has seen so far. */
export interface WatchTotals {
  came: number
  went: number
  changed: number
  /** Sockets that ended, as far as the kernel told. */
  closed: number
  /** Those of them that no look saw. */
  shortLived: number
  /** Ends that are missing. */
  lost: number
}

export const NO_TOTALS: WatchTotals = { came: 0, went: 0, changed: 0, closed: 0, shortLived: 0, lost: 0 }

export function addedTotals(totals: WatchTotals, { changes, shortLived, closed, lost }: ChangeRound): WatchTotals {
  const marked = (mark: string) => changes.filter(change => change.mark === mark).length
  return {
    came: totals.came + marked('+'),
    went: totals.went + marked('-'),
    changed: totals.changed + marked('~'),
    closed: totals.closed + closed,
    shortLived: totals.shortLived + shortLived.reduce((sum, { count }) => sum + count, 0),
    lost: totals.lost + lost,
  }
}

/** `+3 -2 ~5`; where the kernel tells of ends, how many there were. */
export function totalsText({ came, went, changed, closed, shortLived, lost }: WatchTotals): string {
  const ends = closed === 0 && lost === 0 ? '' : `  ended ${lost > 0 ? 'at least ' : ''}${closed}`
  const unseen = shortLived === 0 ? '' : `, ${shortLived} of them never seen`
  const missing = lost === 0 ? '' : `, ${lost} not told`
  return `+${came} -${went} ~${changed}${ends}${unseen}${missing}`
}
