// A guard against start-up growing by accident. The best of several runs in turn is what the machine's noise leaves
// alone; the limits are wide enough for it and still narrower than a doubling of what we add to bare Node.
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { ROOT, ZOO } from '../support/paths.ts'

const ROUNDS = 12

function bestOf(commands: Record<string, string[]>): Record<string, number> {
  const best: Record<string, number> = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const from = performance.now()
      spawnSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, NODE_ENV: '' } })
      best[name] = Math.min(best[name] ?? Infinity, performance.now() - from)
    }
  }
  return best
}

test('start-up stays near bare Node', () => {
  const best = bestOf({
    bare: ['-e', '0'],
    version: [`${ROOT}bin/linsight.cjs`, '--version'],
    help: [`${ROOT}bin/mynetstat.cjs`, '--help'],
    listing: [`${ROOT}bin/mynetstat.cjs`, '-ntl', '--from', ZOO],
  })
  const ratio = (name: string) => best[name]! / best['bare']!
  // Measured 1.3, 1.6 and 1.6.
  expect(ratio('version')).toBeLessThan(1.8)
  expect(ratio('help')).toBeLessThan(2.4)
  expect(ratio('listing')).toBeLessThan(2.6)
})
