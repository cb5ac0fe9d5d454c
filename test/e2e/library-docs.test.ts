// Programs of docs/library.md run and print what the page shows.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { programsOf, runProgram } from '../support/doc-programs.ts'
import { ROOT } from '../support/paths.ts'

const PAGE = 'docs/library.md'
const programs = programsOf(PAGE)

test.each(programs.map(program => [program.text.trim().split('\n').at(2) ?? '', program] as const))(
  '%s',
  (_, program) => {
    const { status, stdout, stderr } = runProgram(program)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    if (process.env['UPDATE_DOCS'] !== undefined) return replaceOutput(program.output, stdout)
    if (!program.live) expect(stdout).toBe(program.output)
  },
)

test('there are programs', () => expect(programs.length).toBeGreaterThan(3))

/** UPDATE_DOCS=1: writes what is printed into the page; programs are run in their order. */
function replaceOutput(before: string | undefined, stdout: string): void {
  if (before === undefined) return
  const file = join(ROOT, PAGE)
  const text = readFileSync(file, 'utf8')
  const place = programsOf(PAGE, text).find(({ output }) => output === before)!
  writeFileSync(file, text.slice(0, place.from) + stdout + text.slice(place.to))
}
