import { expect, test } from 'vitest'
import { findingRows } from './finding-rows.ts'

const document = (findings: unknown) => JSON.stringify({ schema: 'linsight/diagnose/1', findings })

test('a finding is a series with its cause, severity and program', () => {
  const findings = [
    { cause: 'accept-queue-full', severity: 'critical', culprit: { pid: 7, comm: 'nginx' } },
    { cause: 'disk-full', severity: 'warning' },
  ]
  expect(findingRows(document(findings))).toEqual([
    { labels: { cause: 'accept-queue-full', severity: 'critical', program: 'nginx' }, values: [1], weight: 2 },
    { labels: { cause: 'disk-full', severity: 'warning', program: '' }, values: [1], weight: 1 },
  ])
  expect(findingRows(document([]))).toEqual([])
})

test.each(['', '{', 'null1', '{"schema":"linsight/diagnose/2","findings":[]}', document(undefined), document({})])(
  '%j is no document of diagnose',
  text => {
    expect(findingRows(text)).toBe(undefined)
  },
)
