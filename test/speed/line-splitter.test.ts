import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { expect, test } from 'vitest'
import { ROOT } from '../support/paths.ts'

test('lines come at a rate no tracer reaches', () => {
  // In its own process: the speed of the splitter, not of the test runner.
  const out = execFileSync(process.execPath, [
    '--input-type=module',
    '-e',
    `${
      buildSync({
        bundle: true,
        platform: 'node',
        format: 'esm',
        write: false,
        entryPoints: [join(ROOT, 'src/proc/line-splitter.ts')],
      }).outputFiles[0]!.text
    }
    const chunk = Buffer.from(('x'.repeat(89) + '\\n').repeat(728))
    let lines = 0
    const splitter = splitLines(line => { lines += line.length === 89 ? 1 : 0 })
    const start = performance.now()
    for (let i = 0; i < 2000; i += 1) splitter.push(chunk)
    console.log(lines / (performance.now() - start) * 1000)`,
  ])
  expect(Number(out.toString())).toBeGreaterThan(1_500_000)
})
