import { expect, test } from 'vitest'
import type { SyscallProfile } from '../profile.ts'
import { syscallReport } from '../rules/report.ts'
import { parseThreshold } from '../rules/thresholds.ts'
import { profileDocument, reportDocument } from './document.ts'

const profile = (calls: number): SyscallProfile => ({
  meta: { backend: 'strace-log', host: 'a', startedAt: '2026-11-21T00:00:00.000Z' },
  syscalls: [
    { name: 'read', abi: 'native', calls, errors: 0 },
    { name: 'close', abi: 'native', calls: 1, errors: 1 },
  ],
  slowest: [{ name: 'read', abi: 'native', durationNs: 5, text: 'read(3, "caf\xc3\xa9") = 4' }],
  rejected: [],
  warnings: [],
})
const REQUEST = { group: 'syscall', sort: 'calls', tree: false, wantsWall: false, thresholds: [] } as const

test('rows as they are shown, and all that is needed to make the report again', () => {
  const { what, origin, facts } = reportDocument(syscallReport(profile(5), { ...REQUEST, top: 1, slowest: 1 }), 'a.log')
  expect([what, origin]).toEqual([
    'syscall-profile',
    { host: 'a', takenAt: '2026-11-21T00:00:00.000Z', source: 'a.log' },
  ])
  expect(facts).toMatchObject({
    by: 'syscall',
    time: 'wall',
    rows: [{ label: 'read', calls: 5 }],
    hiddenRows: 1,
    slowest: [{ text: 'read(3, "café") = 4' }],
    diff: undefined,
    verdicts: undefined,
    profile: { syscalls: [{ name: 'read' }, { name: 'close' }] },
  })
})

test('a comparison with what measured each side, cut as the text is, and its verdicts', () => {
  const request = { ...REQUEST, top: 1, before: profile(2), thresholds: [parseThreshold('calls>+2')] }
  const { facts } = reportDocument(syscallReport(profile(5), request), 'a.log')
  expect(facts).toMatchObject({
    diff: {
      before: { measuredWith: 'a log of strace' },
      timeObstacle: 'the two have no kind of time in common',
      rows: [{ label: 'read', callsDelta: 3, old: { calls: 2 }, new: { calls: 5 } }],
    },
    verdicts: [{ failed: true, old: 3, new: 6 }],
  })
})

test('a record holds the profile alone', () => {
  expect(Object.keys(profileDocument(profile(5), 'live').facts)).toEqual(['profile'])
})
