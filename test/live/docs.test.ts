// Every example of the README and of docs/ that traces this machine runs to its end and prints a table like that shown.
import { afterAll, describe, expect, test } from 'vitest'
import { DocShell, examplesOf, PAGES } from '../support/doc-examples.ts'
import { needs } from '../support/needs.ts'

const live = PAGES.flatMap(page => examplesOf(page)).filter(example => example.live)
const needed = needs('root', 'tracefs', 'bpftrace', 'libbpf-tools', 'strace')

const shell = new DocShell()
afterAll(() => shell.dispose())

describe('examples that trace this machine', needed, () => {
  test('there are some', () => expect(live.length).toBeGreaterThan(3))

  test.each(live.map(example => ({ ...example, title: `${example.page}: ${example.steps.at(-1)!.command}` })))(
    '$title',
    ({ steps, ...rest }) => {
      const ran = shell.runLive({ steps, ...rest })
      expect(ran.map(({ status, stderr }) => (status === 0 ? 0 : stderr))).toEqual(steps.map(() => 0))
      for (const [at, { output }] of steps.entries()) {
        const printed = `${ran[at]!.stderr}${ran[at]!.stdout}`
        expect(headOf(printed, output)).toBe(headOf(output, output))
      }
    },
  )
})

/** The first word of what is shown, where it stands first in a line: what follows depends on the machine. */
function headOf(printed: string, shown: string): string | undefined {
  const word = /^[^\s…]+/m.exec(shown)?.[0]
  if (word === undefined) return printed
  return printed.split('\n').some(line => line.startsWith(word)) ? word : printed
}
