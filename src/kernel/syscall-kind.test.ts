import { expect, test } from 'vitest'
import { isKind, KIND, syscallKind } from './syscall-kind.ts'
import { isSyscallName } from './syscall-names.ts'

test.each([
  ['read', KIND.fdFirst | KIND.reads],
  ['openat', KIND.pathAt | KIND.opens],
  ['fsync', KIND.fdFirst | KIND.syncs],
  ['sendfile', KIND.fdFirst | KIND.writes],
  ['access', KIND.pathFirst | KIND.stats],
  ['connect', KIND.fdFirst | KIND.connects],
  ['execveat', KIND.pathAt | KIND.execs],
  ['getppid', 0],
  ['nosuch', 0],
])('%s', (name, kinds) => {
  expect(syscallKind(name)).toBe(kinds)
})

test('a kind is asked for by its bit', () => {
  expect(isKind('poll', KIND.polls)).toBe(true)
  expect(isKind('poll', KIND.sleeps)).toBe(false)
  expect(isKind('stat', KIND.pathFirst | KIND.polls)).toBe(true)
})

test('the bits are apart', () => {
  const bits = Object.values(KIND)
  expect(bits.reduce((sum, bit) => sum | bit, 0)).toBe(bits.reduce((sum, bit) => sum + bit, 0))
})

test.each(['clone3', 'epoll_pwait2', 'fchmodat2', 'statx', 'recvmmsg_time64', '_newselect'])('%s exists', name => {
  expect(syscallKind(name) === 0).toBe(name === 'nosuch')
  expect(isSyscallName(name)).toBe(true)
})
