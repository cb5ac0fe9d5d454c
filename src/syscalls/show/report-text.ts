import { syscallLabel, type SeenCall, type SyscallProfile } from '../profile.ts'
import type { Group, SyscallReport } from '../model.ts'
import { formatDurationNs } from '../../terminal/units.ts'
import { escapeBytes, escapeText } from '../../terminal/escape.ts'
import { processTreeLines } from './process-tree.ts'
import { defaultColumns, profileTableLines, timesShown, type ProfileColumn } from './columns.ts'
import { diffLines, verdictLines } from './diff-text.ts'
import { shorten } from '../../terminal/shorten.ts'
import type { Theme } from '../../terminal/theme.ts'
import { wrap } from '../../terminal/wrap.ts'

export interface ReportStyle {
  theme: Theme
  /** Of `-U`; what the source fills otherwise. */
  columns?: readonly ProfileColumn[] | undefined
  /** Only what was asked for, no notes and no findings: `-q`, and tables of intervals. */
  brief: boolean
  /** The line above the table. */
  title?: string | undefined
  /** Columns of the terminal; Infinity where nothing may be cut. */
  width: number
}

const HEADINGS: Readonly<Record<Group, string>> = {
  syscall: 'syscall',
  process: 'process',
  thread: 'thread',
  file: 'file',
  peer: 'peer',
  errno: 'errno',
}

/** The report as text: the table (or the comparison), then what was asked for, then what the numbers say. */
export function* reportLines(report: SyscallReport, style: ReportStyle): Generator<string> {
  const { profile, rows } = report
  const { width } = style
  if (style.title !== undefined) yield `${style.theme.heading(wrap(style.title, width, 2))}\n`
  const columns = style.columns ?? columnsOf(report)
  if (report.diff !== undefined) yield* diffLines(report.diff, report.top, style.theme, width)
  else {
    yield* profileTableLines(rows, {
      columns,
      width,
      isChosen: style.columns !== undefined,
      time: report.time,
      heading: HEADINGS[report.group],
      total: report.total,
    })
    if (report.hiddenRows > 0) yield `(${report.hiddenRows} more rows)\n`
  }
  if (!style.brief) {
    if (report.diff === undefined) yield `\n${style.theme.quiet(wrap(timeNote(report, columns), width, 0))}\n`
    yield* endingLines(profile, width)
  }
  if (report.slowest.length > 0) yield* slowestLines(report, style)
  if (report.tree !== undefined) {
    yield `\n${style.theme.heading('Processes')}\n`
    for (const line of processTreeLines(report.tree)) yield fitted(line, width)
  }
  if (!style.brief) yield* findingLines(report, style)
  yield* verdictLines(report.verdicts, style.theme)
}

function columnsOf({ rows, time }: SyscallReport): ProfileColumn[] {
  const both = rows.some(row => row.system !== undefined) && rows.some(row => row.wall !== undefined)
  return defaultColumns(rows, both && time === 'system')
}

/** Which time it is, and why it may be nothing. */
function timeNote({ time, profile, rows }: SyscallReport, columns: readonly ProfileColumn[]): string {
  const { backend } = profile.meta
  if (profile.syscalls.length === 0)
    return RECORDED.has(backend) ? 'There is no call in it.' : 'No system call returned while it was watched.'
  if (rows.every(row => row.system === undefined && row.wall === undefined)) {
    if (profile.warnings.some(({ code }) => code === 'times-negative'))
      return 'The times of the source are below 0 and left out.'
    return RECORDED.has(backend) ? 'The source has no times: a log needs -T, a table -c.' : 'This view has no times.'
  }
  const shown = timesShown(columns, time)
  if (!shown.has('system')) return 'Time is wall time, from entry to return: waiting counts.'
  const doubt =
    backend === 'strace-summary'
      ? ' (wall time if strace ran with -w, which a table does not say: then give -w here too)'
      : ''
  return `Time is system CPU time${doubt}: a call that waits, or is over within a tick of the clock, costs none, so 0.00 % is normal.${shown.has('wall') ? ' Columns named wall hold wall time, from entry to return: waiting counts there.' : ''}`
}

const RECORDED: ReadonlySet<string> = new Set(['strace-log', 'strace-summary'])

/** Calls that did not come back. */
function* endingLines({ inFlight = [], neverReturned = {} }: SyscallProfile, width: number): Generator<string> {
  const never = Object.entries(neverReturned)
  if (never.length > 0)
    yield `${wrap(
      `Never returned: ${never
        .sort((a, b) => b[1] - a[1])
        .map(([name, calls]) => `${name} ${calls}`)
        .join(', ')}`,
      width,
      2,
    )}\n`
  if (inFlight.length === 0) return
  yield `In flight at the end: ${inFlight.length}\n`
  for (const call of inFlight.slice(0, SHOWN_IN_FLIGHT))
    yield fitted(`  ${call.ageNs === undefined ? '' : `${formatDurationNs(call.ageNs)} `}${callText(call)}\n`, width)
  if (inFlight.length > SHOWN_IN_FLIGHT) yield `  (${inFlight.length - SHOWN_IN_FLIGHT} more)\n`
}

const SHOWN_IN_FLIGHT = 10

function callText({ tid, comm, name, abi, text }: SeenCall): string {
  const who = [tid, comm === undefined ? undefined : escapeBytes(comm)].filter(part => part !== undefined).join(' ')
  const what = escapeText(text ?? syscallLabel(name, abi)).replaceAll('\\\\', '\\')
  return who === '' ? what : `[${who}] ${what}`
}

function* slowestLines({ slowest }: SyscallReport, { theme, width }: ReportStyle): Generator<string> {
  yield `\n${theme.heading('Slowest calls')}\n`
  for (const call of slowest) {
    const at = call.atNs === undefined ? '' : `at ${(call.atNs / 1e9).toFixed(6).padStart(11)} s  `
    yield fitted(`${formatDurationNs(call.durationNs).padStart(8)}  ${at}${callText(call)}\n`, width)
  }
}

function* findingLines({ findings }: SyscallReport, { theme, width }: ReportStyle): Generator<string> {
  if (findings.length === 0) return
  yield `\n${theme.heading('What stands out')}\n`
  for (const { finding, do: next } of findings)
    yield `${theme.caution('*')} ${wrap(escapeBytes(finding), width - 2, 2)}\n  ${theme.quiet(wrap(`next: ${next.join('; ')}`, width - 2, 2))}\n`
}

/** A line of one thing loses its middle where it is too long. */
function fitted(line: string, width: number): string {
  return width === Infinity ? line : `${shorten(line.trimEnd(), width)}\n`
}
