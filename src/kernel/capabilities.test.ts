import { expect, test } from 'vitest'
import { hasCapability } from './capabilities.ts'

test.each([
  [0n, 'BPF', false],
  [1n << 39n, 'BPF', true],
  [1n << 39n, 'PERFMON', false],
  [0x1ffffffffffn, 'SYS_ADMIN', true],
  [0x1ffffffffffn & ~(1n << 21n), 'SYS_ADMIN', false],
  [0x4n, 'DAC_READ_SEARCH', true],
] as const)('%s holds CAP_%s: %s', (set, name, holds) => {
  expect(hasCapability(set, name)).toBe(holds)
})
