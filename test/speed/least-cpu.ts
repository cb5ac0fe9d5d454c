import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'
import { ROOT } from '../support/paths.ts'

// Set, it makes Node itself slower at every start, which hides our share.
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env

/** CPU of a program in microseconds. */
function cpuOf(args: readonly string[]): number {
  const { output, status } = spawnSync(process.execPath, ['-r', `${ROOT}test/speed/report-cpu.cjs`, ...args], {
    encoding: 'latin1',
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: { ...environment, NODE_ENV: '', LINSIGHT_FROM: '' },
  })
  expect(status).toBe(0)
  return Number(output[3])
}

/** The least CPU that each program took in several rounds in turn: what the machine's other work leaves alone. */
export function leastCpu<Name extends string>(
  programs: Record<Name, readonly string[]>,
  rounds: number,
): Record<Name, number> {
  const least = {} as Record<Name, number>
  for (let round = 0; round < rounds; round += 1)
    for (const name of Object.keys(programs) as Name[])
      least[name] = Math.min(least[name] ?? Infinity, cpuOf(programs[name]))
  return least
}
