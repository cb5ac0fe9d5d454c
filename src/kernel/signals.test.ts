import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { signalName } from './signals.ts'

test.each([
  [1, 'SIGHUP'],
  [9, 'SIGKILL'],
  [16, 'SIGSTKFLT'],
  [31, 'SIGSYS'],
  // The C library keeps two for itself.
  [32, '32'],
  [34, 'SIGRTMIN'],
  [36, 'SIGRTMIN+2'],
  [64, 'SIGRTMIN+30'],
  [65, '65'],
  [0, '0'],
])('%i is %s', (number, name) => {
  expect(signalName(number)).toBe(name)
})

test.runIf(process.platform === 'linux')('names agree with the C library', () => {
  const aliases = new Set(['SIGIOT', 'SIGPOLL', 'SIGUNUSED'])
  for (const [name, number] of Object.entries(constants.signals))
    if (!aliases.has(name) && number < 32) expect(signalName(number)).toBe(name)
})
