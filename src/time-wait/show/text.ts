import { statement, type Severity, type Statement } from '../../statement.ts'
import { bar } from '../../terminal/bar.ts'
import { escapeBytes, escapeText } from '../../terminal/escape.ts'
import { sparkline } from '../../terminal/sparkline.ts'
import { smallTable } from '../../terminal/table.ts'
import type { Theme } from '../../terminal/theme.ts'
import { wrap } from '../../terminal/wrap.ts'
import type { NamespaceReport, PassivePort, PortForecast, TimeWaitReport, TuplePressure } from '../model.ts'
import { clientName, endpoint, fixed, ownerNames, percent } from '../words.ts'
import { countsLines, summaryLine } from './totals-text.ts'
import { whatIfText } from './what-if-text.ts'
import { whoClosedText } from './who-closed-text.ts'

export interface TextOptions {
  theme: Theme
  /** Lines around tables: on a terminal only. */
  borders: boolean
  width: number
  /** Rows of each table. */
  top: number
  /** All there is to say; without it three lines, the table, and what was asked for. */
  verbose: boolean
}

const BAR = 12

/** The first screen: verdict, what helps, sums, the fullest destinations; with `verbose` all else. */
export function timeWaitText(report: TimeWaitReport, options: TextOptions): string {
  const { by, who, whatIf } = report
  const { verbose } = options
  const tables = by === 'tuple' ? tupleTable(report, options) : groupTable(report, options)
  // Local ports of services take none from clients here: they are the table where there is no other.
  const ports = by === 'tuple' && (verbose || tables === '') ? portTable(report.ports, options) : ''
  const parts = [
    headLines(report, options),
    verbose ? countsLines(report, options.width) : '',
    tables,
    ports,
    verbose ? historyLines(report, options) : '',
    who === undefined ? '' : whoClosedText(who, options),
    whatIf === undefined ? '' : whatIfText(whatIf.asked, report.tuples, whatIf.tuples, options),
    ...(verbose ? report.advice.map(advice => adviceLines(advice, options)) : [moreLine(report, options)]),
  ]
  return parts.filter(part => part !== '').join('\n')
}

/** A section for every network namespace. */
export function namespacesText(namespaces: readonly NamespaceReport[], quiet: number, options: TextOptions): string {
  const parts = namespaces.map(
    ({ netns, label, report }) =>
      `${options.theme.heading(wrap(`== ${escapeBytes(label)}, ${netns}`, options.width, 3))}\n${timeWaitText(report, options)}\n`,
  )
  return `${parts.join('')}${quiet} network namespace${quiet === 1 ? '' : 's'} without TIME_WAIT\n`
}

/** A section for every host. */
export function hostsText(hosts: readonly { host: string; report: TimeWaitReport }[], options: TextOptions): string {
  return hosts
    .map(({ host, report }) => `${options.theme.heading(`== ${host}`)}\n${timeWaitText(report, options)}`)
    .join('\n')
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

/** Three lines: the verdict, what it rests on or what helps first, and the sums. */
function headLines(report: TimeWaitReport, { theme, width }: TextOptions): string {
  const { severity, sentence } = report.verdict
  const word = WORDS[severity]
  const verdict = `${paintSeverity(severity, word, theme)}${wrap(`${word}  ${escapeBytes(sentence)}`, width, word.length + 2).slice(word.length)}`
  const { do: remedies } = report.advice.find(advice => advice.severity === severity) ?? statement('', severity, '')
  const lines = [
    verdict,
    ...(severity === 'ok' || remedies.length === 0 ? [] : [wrap(`do  ${escapeBytes(remedies[0]!)}`, width, 4)]),
    wrap(summaryLine(report), width, 4),
    ...(report.filter === undefined ? [] : [wrap(`only ${escapeText(report.filter)}; sums are of all`, width, 4)]),
  ]
  return `${lines.join('\n')}\n`
}

/** What `-v` adds. */
function moreLine({ advice, ports, tuples }: TimeWaitReport, { width }: TextOptions): string {
  const parts = [
    ...(advice.length > 0 ? [`advice (${advice.length}: ${advice.map(({ code }) => code).join(', ')})`] : []),
    ...(ports.length > 0 && tuples.length > 0
      ? [`${ports.length} local port${ports.length === 1 ? '' : 's'} of services`]
      : []),
    'counts and history',
  ]
  return `${wrap(`-v: ${parts.join(', ')}`, width, 4)}\n`
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
    {
      head: columns.map(column => column.head),
      align: columns.map(column => column.align ?? 'left'),
      borders,
      width,
      leave: ['FIN_WAIT2', 'OPEN', 'MAX/S', 'TIME_WAIT', 'FROM', 'OPENED BY', 'NEW/S'],
      shrinksTo: { DESTINATION: 14, FROM: 9, 'OPENED BY': 16 },
      bringBack: '--json',
    },
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

/** Columns of a terminal below which each of them counts, and from which on there is room for a bar. */
const NARROW = 60
const WIDE = 130

function tupleColumns({ theme, width }: TextOptions): TupleColumn[] {
  const forecast = (tuple: TuplePressure, text: (known: PortForecast) => string) =>
    tuple.forecast === undefined ? '?' : text(tuple.forecast)
  return [
    { head: 'DESTINATION', cell: tuple => endpoint(tuple.remoteAddress, tuple.remotePort) },
    { head: 'FROM', cell: tuple => tuple.localAddress },
    { head: 'TIME_WAIT', align: 'right', cell: tuple => String(tuple.timeWait) },
    { head: 'FIN_WAIT2', align: 'right', optional: true, cell: tuple => String(tuple.finWait2) },
    { head: 'OPEN', align: 'right', optional: true, cell: tuple => String(tuple.open) },
    { head: 'PORTS TAKEN', cell: tuple => usage(tuple, theme, width) },
    { head: 'NEW/S', align: 'right', cell: tuple => forecast(tuple, newPerS) },
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

function usage({ used, blocked, capacity, utilization }: TuplePressure, theme: Theme, width: number): string {
  if (utilization === undefined || capacity === undefined) return `${used} of ?`
  const paint = (text: string) =>
    utilization >= 0.9 ? theme.bad(text) : utilization >= 0.5 ? theme.caution(text) : theme.good(text)
  if (width < NARROW) return paint(percent(utilization))
  const text = `${blocked} of ${capacity} ${percent(utilization)}`
  if (width < WIDE) return utilization >= 0.5 ? paint(text) : text
  return `${paint(bar(utilization, BAR))} ${text}`
}

/** Where tcp_max_tw_buckets is reached, new connections leave nothing to count. */
function newPerS({ load, arrivalsPerS }: PortForecast): string {
  return load === 'unseen' ? '?' : fixed(arrivalsPerS)
}

function runsOut({ exhaustedInS, load }: PortForecast, theme: Theme): string {
  if (exhaustedInS === undefined) return load === 'just-begun' ? '?' : 'no'
  return exhaustedInS === 0 ? theme.bad('now') : theme.caution(`in ${fixed(exhaustedInS)} s`)
}

function portTable(ports: readonly PassivePort[], { top, borders, width }: TextOptions): string {
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
    width,
    leave: ['FIN_WAIT2', 'CLIENTS'],
    shrinksTo: { 'SERVED BY': 12 },
    bringBack: '--json',
  })
  return `${table}${more(ports.length, top, 'ports')}${wrap('these take no local port from any client here', width, 0)}\n`
}

function groupTable({ by, groups }: TimeWaitReport, { top, borders, width }: TextOptions): string {
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
    width,
    leave: ['FIN_WAIT2', 'PORTS TAKEN', 'OPENED BY'],
    shrinksTo: { [by.toUpperCase()]: 14 },
    bringBack: '--json',
  })
  return `${table}${more(groups.length, top, 'groups')}`
}

function more(count: number, top: number, what: string): string {
  return count > top ? `${count - top} more ${what}: --top ${count}\n` : ''
}

function historyLines({ history, timing }: TimeWaitReport, { theme, width }: TextOptions): string {
  if (history === undefined || timing === undefined || history.peakPerS === 0) return ''
  const { perSecond, meanPerS, peakPerS, dutyCycle, bursts } = history
  const head = `arrivals per second over the last ${perSecond.length} s: mean ${fixed(meanPerS)}, peak ${peakPerS}, in ${percent(dutyCycle)} of the seconds`
  const burst = bursts.length > 0 && dutyCycle < 0.9 ? `, ${bursts.length} burst${bursts.length > 1 ? 's' : ''}` : ''
  const shown = perSecond.slice(-Math.min(perSecond.length, width - ' now'.length))
  return `${wrap(`${head}${burst}`, width, 2)}\n${theme.strong(sparkline(shown))} now\n`
}

/** Columns that stand before the text of an advice. */
const ADVICE_INDENT = 6

function adviceLines(advice: Statement, { theme, width }: TextOptions): string {
  const indent = width < NARROW ? 2 : ADVICE_INDENT
  const label = WORDS[advice.severity].padEnd(ADVICE_INDENT - 1)
  const line = (mark: string, text: string) =>
    `${' '.repeat(indent)}${wrap(`${mark}${escapeBytes(text)}`, width - indent, indent + Math.min(mark.length, indent))}`
  const finding = wrap(`${label} ${escapeBytes(advice.finding)}`, width, indent)
  return `${[
    `${paintSeverity(advice.severity, label, theme)}${finding.slice(label.length)}`,
    line('because ', advice.evidence.join('; ')),
    ...advice.do.map(text => line('do  ', text)),
    ...advice.not.map(text => line('not ', text)),
  ].join('\n')}\n`
}
