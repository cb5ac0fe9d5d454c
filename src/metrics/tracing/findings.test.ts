import { expect, test } from 'vitest'
import { until } from '../../../test/support/until.ts'
import { MetricSet } from '../metric-set.ts'
import { Findings } from './findings.ts'

const DOCUMENT = JSON.stringify({
  schema: 'linsight/diagnose/1',
  findings: [{ cause: 'disk-full', severity: 'critical', culprit: { comm: 'cp' } }],
})

function told(findings: Findings) {
  const set = new MetricSet()
  findings.addTo(set)
  return set
    .exposition('')
    .families.flatMap(({ name, samples }) =>
      samples.map(({ labels, value }) => [name, ...Object.values(labels), value]),
    )
    .filter(([name]) => name !== 'linsight_findings_timestamp_seconds')
}

test('what the last run found is told; a run that fails is said, and what was found before is not told any more', async () => {
  const lines: string[] = []
  const answers = [DOCUMENT, 'no JSON']
  const findings = new Findings({
    intervalMs: 30,
    firstMs: 0,
    log: text => lines.push(text),
    diagnose: () => Promise.resolve(answers.shift() ?? DOCUMENT),
  })
  expect(told(findings)).toEqual([['linsight_findings_up', 0]])
  expect(await until(() => lines.length > 0)).toBe(true)
  expect(lines[0]).toBe('linsight diagnose gave no answer: what it printed is no diagnosis')
  const both = [
    ['linsight_finding', 'disk-full', 'critical', 'cp', 1],
    ['linsight_findings_up', 1],
  ]
  expect(await until(() => JSON.stringify(told(findings)) === JSON.stringify(both))).toBe(true)
  await findings.stop()
})
