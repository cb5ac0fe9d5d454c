import { expect, test } from 'vitest'
import { KIND } from '../../kernel/syscall-kind.ts'
import { CallTally } from './call-tally.ts'

const nameOf = (errno: number) => ['other', 'EIO', 'EBADF', 'EIO'][errno]!

test('transfers by size: 64 bytes are small, 65 are not', () => {
  const tally = new CallTally()
  for (const value of [1, 64, 65, 0]) tally.addValue(value, KIND.reads)
  tally.addValue(5, KIND.stats)
  expect(tally.stats(nameOf)).toMatchObject({
    zeroResults: 1,
    transfer: { calls: 3, bytes: 130, oneByteCalls: 1, small: { calls: 2, bytes: 65 } },
  })
})

test('errnos of one name are one', () => {
  const tally = new CallTally()
  for (const errno of [1, 2, 3]) tally.addErrno(errno)
  expect(tally.stats(nameOf)).toMatchObject({ errors: 3, errnos: { EIO: 2, EBADF: 1 } })
})

test('two of them as one', () => {
  const [a, b] = [new CallTally(), new CallTally()]
  a.addTime(5)
  b.addTime(2)
  b.addTime(9)
  b.addErrno(1)
  b.addValue(1, KIND.writes)
  a.calls = 1
  b.calls = 3
  a.merge(b)
  expect(a.stats(nameOf)).toMatchObject({
    calls: 4,
    errors: 1,
    errnos: { EIO: 1 },
    wall: { totalNs: 16, minNs: 2, maxNs: 9 },
    transfer: { calls: 1, bytes: 1, oneByteCalls: 1, small: { calls: 1, bytes: 1 } },
  })
})

test('what there was none of is absent', () => {
  const stats = new CallTally().stats(nameOf)
  expect(stats).not.toHaveProperty('wall')
  expect(stats).not.toHaveProperty('transfer')
})
