import { SEVERITIES, type Severity } from '../../../statement.ts'
import { escapeBytes } from '../../../terminal/escape.ts'
import type { Theme } from '../../../terminal/theme.ts'
import { wrap } from '../../../terminal/wrap.ts'
import type { HealthLooked, HealthReport } from '../../health/check-health.ts'
import type { NotLooked } from '../../health/not-looked.ts'
import type { HealthFinding } from '../../health/rule.ts'

export interface HealthTextOptions {
  theme: Theme
  /** Columns of the terminal, Infinity in a pipe. */
  width: number
}

/** Findings, each with what it rests on and what to do; then what was looked at and what was not. */
export function* healthText(report: HealthReport, options: HealthTextOptions): Generator<string> {
  for (const finding of report.findings) yield `${findingText(finding, options)}\n`
  yield `${wrap(summary(report), options.width, 2)}\n`
  for (const line of report.notLooked) yield `${wrap(notLookedText(line), options.width, 2)}\n`
}

/** A terminal below this width has no room for labels in a column of their own. */
const NARROW = 60

const LABELS = { because: 'because', do: 'do', not: 'not' } as const

function findingText(finding: HealthFinding, { theme, width }: HealthTextOptions): string {
  const word = finding.severity.toUpperCase()
  const head = wrap(`${word}  ${escapeBytes(finding.finding)}`, width, 2)
  const indent = width < NARROW ? 2 : 4
  const hang = width < NARROW ? 4 : indent + LABELS.because.length + 2
  const line = (label: string, text: string) => {
    if (width < NARROW)
      return wrap(`${' '.repeat(indent)}${label === '' ? '  ' : `${label} `}${escapeBytes(text)}`, width, hang)
    return wrap(`${' '.repeat(indent)}${label.padEnd(LABELS.because.length)}  ${escapeBytes(text)}`, width, hang)
  }
  return [
    `${paint(finding.severity, word, theme)}${head.slice(word.length)}`,
    ...finding.evidence.map((text, i) => line(i === 0 ? LABELS.because : '', text)),
    ...finding.do.map((text, i) => line(i === 0 ? LABELS.do : '', text)),
    ...finding.not.map((text, i) => line(i === 0 ? LABELS.not : '', text)),
    '',
  ].join('\n')
}

function paint(severity: Severity, text: string, theme: Theme): string {
  if (severity === 'critical') return theme.bad(theme.strong(text))
  return severity === 'warning' ? theme.caution(theme.strong(text)) : theme.strong(text)
}

/** Never "healthy": what was not looked for may be wrong. */
function summary({ findings, looked }: HealthReport): string {
  const wrong = findings.filter(({ severity }) => severity !== 'info')
  const counts = SEVERITIES.map(
    severity => [severity, findings.filter(finding => finding.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`)
  const found =
    wrong.length === 0 ? `nothing wrong found${counts.length > 0 ? ` (${counts.join(', ')})` : ''}` : counts.join(', ')
  return `${found} among ${count(looked.sockets, 'TCP and UDP socket')} of ${count(looked.processes, 'process')}, ${looksText(looked)}`
}

function looksText({ looks, seconds }: HealthLooked): string {
  if (looks === 1) return 'in one look'
  return seconds === undefined ? 'in two looks' : `in two looks ${seconds.toFixed(1)} s apart`
}

function notLookedText({ what, why, codes }: NotLooked): string {
  return `not looked at: ${what}, since ${why} (${codes.join(', ')})`
}

const count = (number: number, word: string) =>
  `${number} ${number === 1 ? word : word.endsWith('s') ? `${word}es` : `${word}s`}`
