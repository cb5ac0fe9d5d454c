import { Config } from '@oclif/core/config'
import { describe, expect, test } from 'vitest'
import type { ProcSource } from '../../proc/proc-source.ts'
import { UsageError } from '../../errors.ts'
import Mynetstat from './mynetstat.ts'

/** What each flag is on a command line. */
const FLAGS = {
  '--health': ['--health'],
  '--published': ['--published'],
  '--exposure': ['--exposure'],
  '--pipes': ['--pipes'],
  '--watch': ['--watch'],
  '--diff': ['--diff', 'old.snap.json'],
  '--wait': ['--wait', '80'],
  '--wait-gone': ['--wait-gone', '80'],
  '--fail-on': ['--fail-on', 'state close-wait'],
  '--summary': ['--summary'],
  '--group-by': ['--group-by', 'state'],
  '--peer': ['--peer'],
  '--tcp-info': ['--tcp-info'],
  '--why': ['--why'],
  '--no-header': ['--no-header'],
  '--columns': ['--columns', 'local'],
  '--sort': ['--sort', 'local'],
  '-s': ['-s'],
  '-r': ['-r'],
  '-i': ['-i'],
  '-g': ['-g'],
  '--compat': ['--compat'],
  '--json': ['--json'],
  '--all-netns': ['--all-netns'],
  '--netns': ['--netns', '1'],
  '-c': ['-c'],
  '--from': ['--from', 'x.snap.json'],
} as const
type Name = keyof typeof FLAGS
const NAMES = Object.keys(FLAGS) as Name[]

/** What goes together; every other pair is refused. */
const TOGETHER: Readonly<Partial<Record<Name, string>>> = {
  '--health': '--json --all-netns --netns --from',
  '--published': '--no-header --json --from',
  '--exposure': '--no-header --json --from',
  '--pipes': '--json --from',
  '--no-header':
    '--watch --fail-on --summary --group-by --peer --tcp-info --why --columns --sort --all-netns --netns -c --from',
  '--watch': '--tcp-info --why --columns --sort -s --json --all-netns --netns',
  '--diff': '--json --from',
  '--wait': '--json --all-netns --netns',
  '--wait-gone': '--json --all-netns --netns',
  '--fail-on': '--summary --group-by --peer --tcp-info --why --columns --sort --json --all-netns --netns --from',
  '--summary': '--json --all-netns --netns --from',
  '--group-by': '--json --all-netns --netns --from',
  '--peer': '--tcp-info --why --sort --json --all-netns --netns -c --from',
  '--tcp-info': '--why --columns --sort --json --all-netns --netns -c --from',
  '--why': '--sort --json --all-netns --netns -c --from',
  '--columns': '--sort --all-netns --netns -c --from',
  '--sort': '--json --all-netns --netns -c --from',
  '-s': '--compat --json --netns -c --from',
  '-r': '--compat --json --netns -c --from',
  '-i': '--compat --json -c --from',
  '-g': '--compat --json --netns -c --from',
  '--compat': '--no-header --netns -c --from',
  '--json': '--all-netns --netns -c --from',
  '--all-netns': '-c --from',
  '--netns': '-c --from',
}

/** Thrown where the command line was taken and reading would begin. */
class Taken extends Error {}

class Probe extends Mynetstat {
  protected override openSource(): Promise<ProcSource> {
    throw new Taken()
  }
}

const config = await Config.load({ root: new URL('../../..', import.meta.url).pathname })

/** The sentence that refuses these flags; undefined where they are taken. */
async function refusal(...names: Name[]): Promise<string | undefined> {
  const error: unknown = await new Probe(
    names.flatMap(name => FLAGS[name]),
    config,
  )
    .run()
    .catch((thrown: unknown) => thrown)
  if (error instanceof Taken) return undefined
  if (error instanceof UsageError) return error.message
  throw error
}

const goTogether = (one: Name, other: Name) =>
  [TOGETHER[one]?.split(' ').includes(other), TOGETHER[other]?.split(' ').includes(one)].includes(true)

test.each(NAMES)('%s alone is taken', async name => {
  expect(await refusal(name)).toBeUndefined()
})

describe.each(NAMES.map((name, at) => [name, NAMES.slice(at + 1)] as const))('%s', (one, others) => {
  test('beside each other flag is taken, or refused in one sentence that names both', async () => {
    for (const other of others) {
      const message = await refusal(one, other)
      const isTaken = message === undefined
      expect({ pair: `${one} ${other}`, isTaken }).toEqual({ pair: `${one} ${other}`, isTaken: goTogether(one, other) })
      if (isTaken) continue
      expect(message).toMatch(/^[^\n]+$/)
      expect(await refusal(other, one)).toBe(message)
    }
  })
})
