import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { binPath } from '../support/paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { leastCpu } from './least-cpu.ts'

test('a log of 50 000 threads of which no end is told is read in less than 3 s', () => {
  const log = join(temporaryFolder(), 'threads.log')
  const lines = Array.from(
    { length: 400_000 },
    (_, i) => `${100 + (i >> 3)} 1795175451.${100_000 + (i & 7)} read(3, "x", 1) = 1 <0.000005>\n`,
  )
  writeFileSync(log, lines.join(''))
  const program = (...view: string[]) => [binPath('trace-syscalls'), '--from', log, ...view]
  const least = leastCpu({ thread: program('--by', 'thread'), tree: program('--tree'), json: program('--json') }, 2)
  for (const cpuUs of Object.values(least)) expect(cpuUs).toBeLessThan(3e6)
  // CPU is measured: however busy the machine is, it may take its time.
}, 180_000)
