import { escapeBytes } from '../../../terminal/escape.ts'
import { SEVERITIES } from '../../../statement.ts'
import type { Finding } from '../../../diagnose/model.ts'
import type { Tone } from '../cells.ts'
import { findingLines } from '../finding-page.ts'
import { nameText } from '../names.ts'
import type { View } from '../view.ts'

const TONES: Partial<Record<Finding['severity'], Tone>> = { critical: 'bad', warning: 'caution' }

/** A number that stands alone: it is another one the next time. */
const NUMBER = /(?<![\w.:/-])\d[\d.,]*(?=[\s%]|$)/g

/** The same finding of another diagnosis, wherever it stands. */
const keyOfFinding = ({ cause, culprits, finding }: Finding) =>
  `${cause} ${culprits[0]?.pid} ${finding.replaceAll(NUMBER, '#')}`

/** What `linsight diagnose` says. */
export const FINDINGS: View<Finding> = {
  name: 'findings',
  sort: { column: 'severity', descending: false },
  columns: [
    {
      name: 'severity',
      heading: 'SEVERITY',
      align: 'left',
      width: 9,
      value: row => SEVERITIES.indexOf(row.severity),
      cell: row => ({ text: row.severity, tone: TONES[row.severity] ?? 'quiet' }),
    },
    {
      name: 'who',
      heading: 'WHO',
      align: 'left',
      width: 10,
      weight: 1,
      most: 28,
      leaves: 1,
      value: row => row.culprits[0]?.comm,
      cell: row => {
        const [first] = row.culprits
        if (first === undefined) return ''
        return `${nameText(first.comm ?? '?')}${first.pid === undefined ? '' : ` ${first.pid}`}`
      },
    },
    {
      name: 'finding',
      heading: 'FINDING',
      align: 'left',
      width: 16,
      weight: 5,
      value: row => row.finding,
      cell: row => escapeBytes(row.finding),
    },
  ],
  rows: ({ diagnosis }) => [...(diagnosis?.findings ?? [])],
  keyOf: keyOfFinding,
  enter: row => ({ kind: 'finding', title: row.cause, key: keyOfFinding(row) }),
  more: findingLines,
  empty: ({ diagnosis }) => (diagnosis === undefined ? 'looking …' : 'nothing wrong found'),
  json: row => ({
    cause: row.cause,
    severity: row.severity,
    pid: row.culprits[0]?.pid,
    program: row.culprits[0]?.comm === undefined ? undefined : nameText(row.culprits[0].comm),
    finding: escapeBytes(row.finding),
  }),
}
