// A guard against start-up growing by accident: CPU beside bare Node's, both in one run. The limits are wider than what
// was measured, also beside three busy programs on two processors, and narrower than a doubling of what we add.
import { expect, test } from 'vitest'
import { binPath, ZOO } from '../support/paths.ts'
import { leastCpu } from './least-cpu.ts'

const ROUNDS = 12

test('start-up stays near bare Node', () => {
  const least = leastCpu(
    {
      bare: ['-e', '0'],
      version: [binPath('linsight'), '--version'],
      help: [binPath('mynetstat'), '--help'],
      listing: [binPath('mynetstat'), '-ntl', '--from', ZOO],
    },
    ROUNDS,
  )
  const ratio = (name: keyof typeof least) => least[name] / least.bare
  // Measured 1.29 to 1.41, 1.97 to 2.28 and 2.11 to 2.31.
  expect(ratio('version')).toBeLessThan(1.65)
  expect(ratio('help')).toBeLessThan(2.7)
  expect(ratio('listing')).toBeLessThan(2.7)
})
