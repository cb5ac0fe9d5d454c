import { describe, expect, test } from 'vitest'
import { clients, mini, reportOf } from '../../../test/support/time-wait-recording.ts'

test('rows by state and side, counters, and what they cost', () => {
  const rows = clients(5) + clients(2, { from: 40000, state: '05' }) + mini('192.0.2.1:80', '198.51.100.9:40000', 1)
  const ext = { TW: 90, TWKilled: 10, TWRecycled: 3, TCPTimeWaitOverflow: 4 }
  expect(reportOf({ rows, ext }).totals).toEqual({
    timeWait: 6,
    finWait2: 2,
    active: 5,
    passive: 1,
    duplicates: 0,
    sockstat: 8,
    sockstatBefore: 8,
    balance: "sockstat's tw counts both: 6 in TIME_WAIT and 2 in FIN_WAIT2",
    births: 100,
    recycled: 3,
    overflowed: 4,
    limit: 131072,
    memoryBytes: 8 * 256,
  })
})

describe('what sockstat says and what the rows say', () => {
  test.each([
    ['equal', { rows: clients(300) }, undefined],
    ['FIN_WAIT2 in it', { rows: clients(30, { state: '05' }) }, /^sockstat's tw counts both: 0 in TIME_WAIT and 30/],
    [
      'a kernel that counts every namespace',
      { rows: clients(300), tw: 6068 },
      /5768 more than the table shows: kernels before 4.10/,
    ],
    ['many ended meanwhile', { rows: clients(300), tw: 20 }, /280 more than sockstat counts/],
  ])('%s', (_, recording, balance) => {
    const { totals } = reportOf(recording)
    if (balance === undefined) expect(totals.balance).toBeUndefined()
    else expect(totals.balance).toMatch(balance)
  })
})
