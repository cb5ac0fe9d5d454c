import { expect, test } from 'vitest'
import { joinReports } from './join-reports.ts'
import type { TablesReport } from './model.ts'

const report = (changes: Partial<TablesReport> = {}): TablesReport => ({
  bogus: [],
  unixContinuations: 0,
  missing: [],
  duplicates: 0,
  recovered: 0,
  counts: new Map(),
  countsAfter: new Map(),
  dumps: { wanted: false, answered: [], refused: [], cut: [], changed: [] },
  ...changes,
})

test('one stays as it is', () => {
  const one = report({ counts: new Map([['TCP', 3]]) })
  expect(joinReports([one])).toBe(one)
})

test('none', () => {
  expect(joinReports([])).toEqual(report())
})

test('of several the numbers are added, and what is true of several is said once', () => {
  const line = { file: 'net/tcp', line: 3, text: 'x' }
  const dumps = {
    wanted: true,
    answered: ['tcp'],
    refused: [{ family: 'mptcp', code: 'ENOENT' }],
    cut: ['udp'],
    changed: [],
  }
  const one = report({
    bogus: [line],
    missing: [{ table: 'sctp', code: 'ENOENT' }],
    duplicates: 1,
    recovered: 2,
    unixContinuations: 3,
  })
  const two = report({
    ...one,
    dumps,
    missing: [
      { table: 'sctp', code: 'ENOENT' },
      { table: 'sctp', code: 'EACCES' },
    ],
  })
  expect(joinReports([one, two])).toEqual(
    report({
      bogus: [line, line],
      missing: [
        { table: 'sctp', code: 'ENOENT' },
        { table: 'sctp', code: 'EACCES' },
      ],
      duplicates: 2,
      recovered: 4,
      unixContinuations: 6,
      dumps,
    }),
  )
})
