import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { manySockets } from '../support/many-sockets.ts'
import { fixture, ROOT } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const LONGEST_MS = 20

test('50 000 sockets with owners hold the event loop of a program for less than 20 ms at a time', () => {
  const recording = join(temporaryFolder(), 'many.snap.json')
  writeFileSync(recording, JSON.stringify(manySockets(50_000)))
  const program = fixture('children/longest-slice.cjs')
  const measured = Array.from({ length: 3 }, () => {
    const { stdout, stderr } = run(process.execPath, [program, join(ROOT, 'dist/library.cjs'), recording])
    expect(stderr).toBe('')
    return JSON.parse(stdout) as { sockets: number; longestMs: number }
  })
  expect(measured.map(({ sockets }) => sockets)).toEqual([50_000, 50_000, 50_000])
  expect(Math.min(...measured.map(({ longestMs }) => longestMs))).toBeLessThan(LONGEST_MS)
}, 180_000)
