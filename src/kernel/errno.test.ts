import { getSystemErrorName } from 'node:util'
import { expect, test } from 'vitest'
import { errnoName, isRestart, LAST_COMMON_ERRNO } from './errno.ts'

test.each([
  [1, 'EPERM'],
  [2, 'ENOENT'],
  [35, 'EDEADLK'],
  [40, 'ELOOP'],
  [42, 'ENOMSG'],
  [59, 'EBFONT'],
  [110, 'ETIMEDOUT'],
  [133, 'EHWPOISON'],
  [512, 'ERESTARTSYS'],
  [516, 'ERESTART_RESTARTBLOCK'],
  [524, 'ENOTSUPP'],
  // Numbers without a name: 41 is EAGAIN's old twin, 0 no error.
  [0, 'errno_0'],
  [41, 'errno_41'],
  [600, 'errno_600'],
])('%i is %s', (number, name) => {
  expect(errnoName(number)).toBe(name)
})

test.runIf(process.platform === 'linux')('names agree with the C library', () => {
  for (let number = 1; number <= 133; number += 1) {
    const theirs = getSystemErrorName(-number)
    // libuv has the commoner name of EOPNOTSUPP and does not know all.
    if (/^E[A-Z0-9]+$/.test(theirs) && theirs !== 'ENOTSUP') expect(errnoName(number)).toBe(theirs)
  }
})

test.each([
  [512, true],
  [513, true],
  [514, true],
  [515, false],
  [516, true],
  [4, false],
])('%i tells of a signal: %s', (number, restarts) => {
  expect(isRestart(number)).toBe(restarts)
})

test('the last number that every architecture names alike', () => {
  // On MIPS and SPARC the next one is no EDEADLK.
  expect([errnoName(LAST_COMMON_ERRNO), errnoName(LAST_COMMON_ERRNO + 1)]).toEqual(['ERANGE', 'EDEADLK'])
})
