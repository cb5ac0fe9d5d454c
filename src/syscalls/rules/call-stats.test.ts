import { expect, test } from 'vitest'
import { addCounts, addStats, meanNs } from './call-stats.ts'

test('counts of several groups as one; what nobody knows stays unknown', () => {
  expect(
    addStats([
      { calls: 2, errors: 1, errnos: { EIO: 1 }, wall: { totalNs: 5, minNs: 1, maxNs: 4 }, restarts: 1 },
      { calls: 3, errors: 1, errnos: { EIO: 1, EBADF: 2 }, wall: { totalNs: 7, minNs: 2, maxNs: 3 } },
    ]),
  ).toMatchObject({
    calls: 5,
    errors: 2,
    errnos: { EIO: 2, EBADF: 2 },
    restarts: 1,
    zeroResults: undefined,
    system: undefined,
    wall: { totalNs: 12, minNs: 1, maxNs: 4 },
    latency: undefined,
    transfer: undefined,
  })
  expect(addStats([])).toMatchObject({ calls: 0, errors: 0, errnos: undefined })
})

test('a shortest or longest that one group does not tell is not known', () => {
  const { wall } = addStats([
    { calls: 1, errors: 0, wall: { totalNs: 5, minNs: 1, maxNs: 4 } },
    { calls: 1, errors: 0, wall: { totalNs: 5 } },
  ])
  expect(wall).toEqual({ totalNs: 10, minNs: undefined, maxNs: undefined })
})

test('small transfers add up where all groups tell them', () => {
  const transfer = { calls: 2, bytes: 9, oneByteCalls: 1 }
  const small = { calls: 2, bytes: 9 }
  const sum = (...groups: object[]) =>
    addStats(groups.map(each => ({ calls: 2, errors: 0, transfer: { ...transfer, ...each } }))).transfer
  expect(sum({ small }, { small })).toEqual({ calls: 4, bytes: 18, oneByteCalls: 2, small: { calls: 4, bytes: 18 } })
  expect(sum({ small }, {})!.small).toBeUndefined()
})

test('counts by name, and means', () => {
  expect(addCounts([])).toBeUndefined()
  expect(addCounts([{ a: 1 }, { a: 2, b: 3 }])).toEqual({ a: 3, b: 3 })
  expect(meanNs({ totalNs: 10 }, 4)).toBe(2.5)
  expect(meanNs({ totalNs: 10, meanNs: 3 }, 4)).toBe(3)
  expect(meanNs({ totalNs: 0 }, 0)).toBe(0)
})
