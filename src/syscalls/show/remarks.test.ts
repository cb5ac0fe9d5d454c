import { expect, test } from 'vitest'
import { profileRemarks } from './remarks.ts'

test('warnings, lines that were skipped, events that were lost', () => {
  const remarks = profileRemarks({
    meta: { backend: 'strace-log' },
    syscalls: [],
    rejected: [
      { reason: 'not a line of strace', lines: 1, firstLine: 3, quote: 'caf\xc3\xa9' },
      { reason: 'a call without a result', lines: 2, firstLine: 9, quote: 'x(', source: 'a.log' },
    ],
    lost: 5,
    warnings: [{ code: 'io-uring', message: 'as it is' }],
  })
  expect(remarks).toEqual([
    { code: 'io-uring', message: 'as it is' },
    { code: 'lines-skipped', message: '1 line of the input skipped: not a line of strace; first is line 3: café' },
    { code: 'lines-skipped', message: '2 lines of a.log skipped: a call without a result; first is line 9: x(' },
    { code: 'events-lost', message: 'at least 5 events were lost: the counts are too low' },
  ])
})
