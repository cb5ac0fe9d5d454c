import { wrap } from '../../terminal/wrap.ts'
import type { TimeWaitReport } from '../model.ts'

/** One line: how many, and what there is for them. */
export function summaryLine({ totals, capacity }: TimeWaitReport): string {
  const { timeWait, finWait2, active, passive } = totals
  const sides =
    timeWait === 0
      ? ''
      : passive === 0
        ? ', opened from here'
        : active === 0
          ? ', opened by the other side'
          : ` (${active} opened from here, ${passive} by the other side)`
  const range = capacity && `${capacity.low}-${capacity.high}`
  return [
    `TIME_WAIT ${timeWait}${sides}`,
    ...(finWait2 > 0 ? [`FIN_WAIT2 ${finWait2}`] : []),
    capacity === undefined
      ? 'local ports per destination not known'
      : `${capacity.ports} local ports per destination (${range})`,
  ].join(', ')
}

/** Every count with what it means and where it comes from. */
export function countsLines({ totals, timing, capacity }: TimeWaitReport, width: number): string {
  const known = (value: number | undefined) => (value === undefined ? 'not known' : String(value))
  const lines = [
    `TIME_WAIT ${totals.timeWait}: ${totals.active} opened from this host, ${totals.passive} opened by the other side`,
    `FIN_WAIT2 ${totals.finWait2}: closed here, the other side has not closed yet`,
    `sockstat tw ${known(totals.sockstat)}${totals.balance === undefined ? '' : ` (${totals.balance})`}`,
    `since the namespace began: ${countersText(totals)}`,
    capacity === undefined
      ? 'local ports per destination: not known'
      : `local ports per destination: ${capacity.ports} of ${capacity.low}-${capacity.high} (${capacity.reserved} reserved, ${capacity.listening} listened on)`,
  ]
  if (timing !== undefined)
    lines.push(
      `TIME_WAIT lasts ${timing.lengthS} s${timing.lengthFrom === 'constant' ? '' : ` (by the ${timing.lengthFrom})`} and up to ${timing.granuleS.toFixed(2)} s more (${GRANULE[timing.granuleFrom]})`,
    )
  if (totals.duplicates > 0)
    lines.push(
      `${totals.duplicates} row${totals.duplicates === 1 ? ' was in the table twice and is' : 's were in the table twice and are'} counted once`,
    )
  return `${lines.map(line => wrap(line, width, 2)).join('\n')}\n`
}

function countersText({ births, recycled, overflowed, limit }: TimeWaitReport['totals']): string {
  const parts = [
    births === undefined ? undefined : `${births} created`,
    recycled === undefined ? undefined : `${recycled} reused by connect()`,
    overflowed === undefined
      ? undefined
      : `${overflowed} not created because of the limit${limit === undefined ? '' : ` of ${limit}`}`,
  ].filter(part => part !== undefined)
  return parts.length === 0 ? 'not known' : parts.join(', ')
}

const GRANULE = {
  config: 'from the kernel configuration',
  timers: 'seen at rows with timer 0',
  assumed: 'as with HZ=250; no row has stayed at timer 0 long enough to tell',
}
