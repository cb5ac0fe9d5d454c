import { counted } from '../../terminal/units.ts'
import { escapeBytes, quoted } from '../../terminal/escape.ts'
import type { Theme } from '../../terminal/theme.ts'
import { wrap } from '../../terminal/wrap.ts'
import type { DiagnosisReport, Finding, Named } from '../model.ts'

/** Findings that are shown; the others are counted. */
const SHOWN = 5
/** Width of the words at the left. */
const MARGIN = 10

export interface DiagnosisText {
  width: number
  theme: Theme
  all: boolean
}

/** A diagnosis for people: what is wrong first, then what was looked at. */
export function* diagnosisText(report: DiagnosisReport, options: DiagnosisText): Generator<string> {
  const { findings, notes, notLooked } = report
  const shown = options.all ? findings : findings.slice(0, SHOWN)
  for (const finding of shown) yield* findingText(finding, options)
  if (findings.length === 0) yield `${options.theme.strong('nothing wrong found')}\n\n`
  if (findings.length > shown.length) yield `${findings.length - shown.length} more: --all\n\n`
  if (options.all) for (const note of notes) yield* findingText(note, options)
  yield wrapped(lookedText(report), options, 0)
  for (const { what, why, hint, causes } of notLooked) {
    const untold =
      causes.length === 0 ? '' : `, so ${causes.length === 1 ? causes[0] : `${causes.length} causes`} cannot be told`
    yield wrapped(
      `not looked at: ${escapeBytes(what)} (${escapeBytes(why)})${untold}${hint === undefined ? '' : `; ${hint}`}`,
      options,
      2,
    )
  }
}

function* findingText(finding: Finding, options: DiagnosisText): Generator<string> {
  const { culprits, victims, evidence, consequences, severity, theme } = { ...finding, ...options }
  const label = severity.toUpperCase().padEnd(MARGIN)
  const paint = (text: string) =>
    severity === 'critical' ? theme.bad(text) : severity === 'warning' ? theme.caution(text) : theme.quiet(text)
  const who = culprits.length === 0 ? '' : `${namesText(culprits)} `
  const line = wrap(`${label}${who}${escapeBytes(finding.finding)}`, options.width, MARGIN)
  yield `${paint(label)}${line.slice(label.length)}\n`
  const rows: [string, string][] = [
    ...evidence.map((text, at): [string, string] => [at === 0 ? 'because' : '', escapeBytes(text)]),
    ...(victims.length === 0
      ? []
      : [
          ['suffers', `${namesText(victims)}${finding.suffering === undefined ? '' : `: ${finding.suffering}`}`] as [
            string,
            string,
          ],
        ]),
    ...(finding.doing === undefined ? [] : [['it is', escapeBytes(finding.doing)] as [string, string]]),
    ...consequences.map(({ finding: text, culprits: by }, at): [string, string] => [
      at === 0 ? 'so' : '',
      `${by[0] === undefined ? '' : `${namesText(by)} `}${escapeBytes(text)}`,
    ]),
    ...finding.do.map((text, at): [string, string] => [at === 0 ? 'do' : '', escapeBytes(text)]),
    ...finding.not.map((text, at): [string, string] => [at === 0 ? 'not' : '', escapeBytes(text)]),
    ...(finding.more === undefined ? [] : [['see', finding.more] as [string, string]]),
  ]
  for (const [name, text] of rows) yield wrapped(`${name.padEnd(MARGIN)}${text}`, options, MARGIN)
  yield '\n'
}

const wrapped = (text: string, { width }: DiagnosisText, indent: number) => `${wrap(text, width, indent)}\n`

/** `orders-api (pid 18101)`, `worker (pids 7, 8 and 4 more)`. */
function namesText(named: readonly Named[]): string {
  const programs = new Map<string, Named[]>()
  for (const one of named) {
    const key = one.comm ?? ''
    programs.set(key, [...(programs.get(key) ?? []), one])
  }
  return [...programs]
    .map(([comm, processes]) => {
      const pids = processes.flatMap(({ pid }) => pid ?? [])
      const listed = pids.slice(0, 3).join(', ')
      const more = pids.length > 3 ? ` and ${pids.length - 3} more` : ''
      const place = processes[0]!.unit ?? processes[0]!.container?.slice(0, 12)
      const where = place === undefined ? '' : `, ${escapeBytes(place)}`
      return `${quoted(escapeBytes(comm)) || '?'}${pids.length === 0 ? '' : ` (pid${pids.length > 1 ? 's' : ''} ${listed}${more}${where})`}`
    })
    .join(', ')
}

function lookedText({ looked, durationMs, findings }: DiagnosisReport): string {
  const { processes, sockets, namespaces, failedCalls } = looked
  const time = durationMs === 0 ? 'looked once' : `looked for ${(durationMs / 1000).toFixed(1)} s`
  const calls = failedCalls === undefined ? '' : `, ${counted(failedCalls, 'system call')} that failed`
  const seen = `${counted(processes, 'process', 'es')}, ${counted(sockets, 'socket')} in ${counted(namespaces, 'network namespace')}`
  return `${time} at ${seen}${calls}${findings.length > 0 ? '; nothing else found' : ''}`
}
