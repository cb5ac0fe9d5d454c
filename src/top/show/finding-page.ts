import type { Finding } from '../../diagnose/model.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { wrap } from '../../terminal/wrap.ts'
import { nameText } from './names.ts'

/** Width of the words at the left. */
const MARGIN = 9

/** One finding with everything it rests on. */
export function findingLines(finding: Finding, width: number): string[] {
  const rows: [string, string][] = [
    [finding.severity, escapeBytes(finding.finding)],
    ...listed('who', finding.culprits.map(whoText)),
    ...listed('because', finding.evidence),
    ...listed('suffers', finding.victims.map(whoText)),
    ...listed('it is', finding.doing === undefined ? [] : [finding.doing]),
    ...listed(
      'so',
      finding.consequences.map(({ finding: text }) => text),
    ),
    ...listed('do', finding.do),
    ...listed('not', finding.not),
    ...listed('see', finding.more === undefined ? [] : [finding.more]),
  ]
  return rows.flatMap(([name, text]) => wrap(`${name.padEnd(MARGIN)}${text}`, width, MARGIN).split('\n'))
}

const listed = (name: string, texts: readonly string[]): [string, string][] =>
  texts.map((text, i) => [i === 0 ? name : '', escapeBytes(text)])

function whoText({ comm, pid, unit, container, cmdline }: Finding['culprits'][number]): string {
  const where = unit ?? container
  const place = where === undefined ? '' : ` in ${where}`
  const line = cmdline === undefined || cmdline === '' ? '' : `: ${cmdline}`
  return `${comm === undefined ? '?' : nameText(comm)}${pid === undefined ? '' : ` ${pid}`}${place}${line}`
}
