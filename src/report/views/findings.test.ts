import { expect, test } from 'vitest'
import { statement } from '../../statement.ts'
import { culpritName, diagnosisFindings, inOrder, statementFindings } from './findings.ts'

test.each([
  [{ comm: 'nginx', pid: 7 }, 'nginx (pid 7)'],
  [{ pid: 7 }, 'pid 7'],
  [{ unit: 'a.service' }, 'a.service'],
  [{ container: 'abc', pid: 1 }, 'abc (pid 1)'],
  [{}, ''],
])('%j is %s', (culprit, name) => expect(culpritName(culprit)).toBe(name))

const finding = (changes: object) =>
  ({
    ...statement('full', 'critical', 'does not accept'),
    cause: 'full',
    culprits: [],
    victims: [],
    measures: [],
    reach: 1,
    consequences: [],
    ...changes,
  }) as never

test('a diagnosis: what follows from a finding stands with it, however deep', () => {
  const deep = finding({
    finding: 'waits',
    culprit: { comm: 'b', pid: 2 },
    consequences: [finding({ finding: 'hangs' })],
  })
  expect(
    diagnosisFindings(
      {
        findings: [finding({ culprit: { comm: 'a', pid: 1 }, suffering: 'they hang', consequences: [deep] })],
        notes: [],
      },
      'web1',
    ),
  ).toMatchObject([
    {
      who: 'a (pid 1)',
      finding: 'does not accept',
      suffering: 'they hang',
      consequences: ['b (pid 2) waits', 'hangs'],
      by: 'diagnose',
      host: 'web1',
    },
  ])
})

test('statements of others are byte strings and become text', () => {
  expect(
    statementFindings([statement('x', 'warning', 'evil\x1b[2J', { evidence: ['\x07'] })], 'tw-stats'),
  ).toMatchObject([{ finding: 'evil\\x1b[2J', evidence: ['\\x07'], by: 'tw-stats', who: undefined }])
})

test('the most severe first; what is in order is no finding', () => {
  const of = (...severities: ('ok' | 'info' | 'critical' | 'unknown' | 'warning')[]) =>
    statementFindings(
      severities.map(severity => statement(severity, severity, 'x')),
      'tw-stats',
    )
  expect(
    inOrder(of('info', 'ok', 'critical', 'unknown', 'warning', 'critical')).map(({ severity }) => severity),
  ).toEqual(['critical', 'critical', 'warning', 'info'])
})
