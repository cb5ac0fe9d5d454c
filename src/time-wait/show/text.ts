import type { Severity, Statement } from '../../statement.ts'
import type { NamespaceReport, PassivePort, PortForecast, TimeWaitReport, TuplePressure } from '../model.ts'
import { endpoint, fixed, ownerNames, clientName, percent } from '../words.ts'
import { bar } from '../../terminal/bar.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { sparkline } from '../../terminal/sparkline.ts'
import { smallTable } from '../../terminal/table.ts'
import type { Theme } from '../../terminal/theme.ts'
import { whatIfText } from './what-if-text.ts'
import { whoClosedText } from './who-closed-text.ts'
import { wrap } from '../../terminal/wrap.ts'

export interface TextOptions {
  theme: Theme
  /** Lines around tables: on a terminal only. */
  borders: boolean
  width: number
  /** Rows of each table. */
  top: number
}

/** Columns of the bar, and of a terminal below which it is drawn narrow. */
const BAR = 12
const NARROW_BAR = 4
const WIDE = 130

/** The first screen: verdict, totals, the fullest destinations, local service ports, the last minute, advice. */
export function timeWaitText(report: TimeWaitReport, options: TextOptions): string {
  const { by, who, whatIf } = report
  const parts = [
    verdictLine(report.verdict, options),
    totalsLines(report),
    by === 'tuple' ? tupleTable(report, options) : groupTable(report, options),
    by === 'tuple' ? portTable(report.ports, options) : '',
    historyLines(report, options),
    who === undefined ? '' : whoClosedText(who, options),
    whatIf === undefined ? '' : whatIfText(whatIf.asked, report.tuples, whatIf.tuples, options),
    ...report.advice.map(advice => adviceLines(advice, options)),
  ]
  return parts.filter(part => part !== '').join('\n')
}

/** A section for every network namespace. */
export function namespacesText(namespaces: readonly NamespaceReport[], quiet: number, options: TextOptions): string {
  const parts = namespaces.map(
    ({ netns, label, report }) =>
      `${options.theme.heading(`== ${escapeBytes(label)}, ${netns}`)}\n${timeWaitText(report, options)}\n`,
  )
  return `${parts.join('')}${quiet} network namespace${quiet === 1 ? '' : 's'} without TIME_WAIT\n`
}

const WORDS: Record<Severity, string> = {
  critical: 'ACT',
  warning: 'WATCH',
  info: 'INFO',
  ok: 'HARMLESS',
  unknown: 'NOT KNOWN',
}

function paintSeverity(severity: Severity, text: string, theme: Theme): string {
  if (severity === 'critical') return theme.bad(theme.strong(text))
  if (severity === 'warning' || severity === 'unknown') return theme.caution(theme.strong(text))
  return severity === 'ok' ? theme.good(theme.strong(text)) : theme.strong(text)
}

function verdictLine({ severity, sentence }: TimeWaitReport['verdict'], { theme, width }: TextOptions): string {
  const word = WORDS[severity]
  return `${paintSeverity(severity, word, theme)}${wrap(`${word}  ${escapeBytes(sentence)}`, width, word.length + 2).slice(word.length)}\n`
}

function totalsLines({ totals, timing, capacity }: TimeWaitReport): string {
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
  if (totals.duplicates > 0) lines.push(`${totals.duplicates} rows were in the table twice and are counted once`)
  return `${lines.join('\n')}\n`
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

function tupleTable(report: TimeWaitReport, options: TextOptions): string {
  const { top, borders, width } = options
  const tuples = report.tuples.filter(tuple => tuple.timeWait + tuple.finWait2 > 0 || (tuple.utilization ?? 0) >= 0.5)
  if (tuples.length === 0) return ''
  const shown = tuples.slice(0, top)
  const columns = tupleColumns(options).filter(
    // On a terminal, where room is short, a column of zeros says nothing; in a pipe columns stay where they are.
    column => column.optional !== true || width === Infinity || shown.some(tuple => column.cell(tuple) !== '0'),
  )
  const table = smallTable(
    shown.map(tuple => columns.map(column => column.cell(tuple))),
    { head: columns.map(column => column.head), align: columns.map(column => column.align ?? 'left'), borders },
  )
  return `${table}${more(tuples.length, top, 'destinations')}`
}

interface TupleColumn {
  head: string
  align?: 'right'
  /** May be left out where every cell is 0. */
  optional?: true
  cell(tuple: TuplePressure): string
}

function tupleColumns({ theme, width }: TextOptions): TupleColumn[] {
  const forecast = (tuple: TuplePressure, text: (known: PortForecast) => string) =>
    tuple.forecast === undefined ? '?' : text(tuple.forecast)
  return [
    { head: 'DESTINATION', cell: tuple => endpoint(tuple.remoteAddress, tuple.remotePort) },
    { head: 'FROM', cell: tuple => tuple.localAddress },
    { head: 'TIME_WAIT', align: 'right', cell: tuple => String(tuple.timeWait) },
    { head: 'FIN_WAIT2', align: 'right', optional: true, cell: tuple => String(tuple.finWait2) },
    { head: 'OPEN', align: 'right', optional: true, cell: tuple => String(tuple.open) },
    { head: 'PORTS TAKEN', cell: tuple => usage(tuple, theme, width < WIDE ? NARROW_BAR : BAR) },
    { head: 'NEW/S', align: 'right', cell: tuple => forecast(tuple, known => fixed(known.arrivalsPerS)) },
    {
      head: 'MAX/S',
      align: 'right',
      cell: tuple =>
        forecast(tuple, ({ sustainablePerS }) => (Number.isFinite(sustainablePerS) ? fixed(sustainablePerS) : '-')),
    },
    { head: 'RUNS OUT', align: 'right', cell: tuple => forecast(tuple, known => runsOut(known, theme)) },
    { head: 'OPENED BY', cell: tuple => escapeBytes(clientName(tuple)) },
  ]
}

function usage(tuple: TuplePressure, theme: Theme, width: number): string {
  if (tuple.utilization === undefined || tuple.capacity === undefined) return `${tuple.used} of ?`
  const drawn = bar(tuple.utilization, width)
  const text = `${tuple.blocked} of ${tuple.capacity} ${percent(tuple.utilization)}`
  const painted =
    tuple.utilization >= 0.9 ? theme.bad(drawn) : tuple.utilization >= 0.5 ? theme.caution(drawn) : theme.good(drawn)
  return `${painted} ${text}`
}

function runsOut({ exhaustedInS }: PortForecast, theme: Theme): string {
  if (exhaustedInS === undefined) return 'no'
  return exhaustedInS === 0 ? theme.bad('now') : theme.caution(`in ${fixed(exhaustedInS)} s`)
}

function portTable(ports: readonly PassivePort[], { top, borders }: TextOptions): string {
  if (ports.length === 0) return ''
  const rows = ports
    .slice(0, top)
    .map(port => [
      String(port.port),
      String(port.timeWait),
      String(port.finWait2),
      String(port.remotes.length),
      port.listening ? escapeBytes(ownerNames(port.owners) ?? 'not known') : 'no listener',
    ])
  const table = smallTable(rows, {
    head: ['LOCAL PORT', 'TIME_WAIT', 'FIN_WAIT2', 'CLIENTS', 'SERVED BY'],
    align: ['right', 'right', 'right', 'right', 'left'],
    borders,
  })
  return `${table}${more(ports.length, top, 'ports')}these take no local port from any client here\n`
}

function groupTable({ by, groups }: TimeWaitReport, { top, borders }: TextOptions): string {
  if (groups.length === 0) return ''
  const rows = groups
    .slice(0, top)
    .map(group => [
      escapeBytes(group.key),
      group.side === 'active' ? 'here' : 'the other side',
      String(group.timeWait),
      String(group.finWait2),
      group.utilization === undefined ? '-' : percent(group.utilization),
    ])
  const table = smallTable(rows, {
    head: [by.toUpperCase(), 'OPENED BY', 'TIME_WAIT', 'FIN_WAIT2', 'PORTS TAKEN'],
    align: ['left', 'left', 'right', 'right', 'right'],
    borders,
  })
  return `${table}${more(groups.length, top, 'groups')}`
}

function more(count: number, top: number, what: string): string {
  return count > top ? `${count - top} more ${what}: --top ${count}\n` : ''
}

function historyLines({ history, timing }: TimeWaitReport, { theme }: TextOptions): string {
  if (history === undefined || timing === undefined || history.peakPerS === 0) return ''
  const { perSecond, meanPerS, peakPerS, dutyCycle, bursts } = history
  const head = `arrivals per second over the last ${perSecond.length} s: mean ${fixed(meanPerS)}, peak ${peakPerS}, in ${percent(dutyCycle)} of the seconds`
  const burst = bursts.length > 0 && dutyCycle < 0.9 ? `, ${bursts.length} burst${bursts.length > 1 ? 's' : ''}` : ''
  return `${head}${burst}\n${theme.strong(sparkline(perSecond))} now\n`
}

function adviceLines(advice: Statement, { theme, width }: TextOptions): string {
  const label = WORDS[advice.severity].padEnd(5)
  const line = (mark: string, text: string) =>
    `      ${wrap(`${mark}${escapeBytes(text)}`, width - 6, 6 + mark.length)}`
  return `${[
    `${paintSeverity(advice.severity, label, theme)} ${wrap(escapeBytes(advice.finding), width - 6, 6)}`,
    line('because ', advice.evidence.join('; ')),
    ...advice.do.map(text => line('do  ', text)),
    ...advice.not.map(text => line('not ', text)),
  ].join('\n')}\n`
}
