import { readFileSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { faultOf } from './check-observation.ts'

const files = readdirSync(fixture('diagnose')).filter(name => /\.diag\.json(\.gz)?$/.test(name))
function read(name: string) {
  const bytes = readFileSync(fixture(`diagnose/${name}`))
  return JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()) as {
    seen: Record<string, unknown> & { processes: object[] }
  }
}

describe('a recording of a diagnosis', () => {
  test.each(files)('%s is one', async name => {
    expect(await faultOf(read(name))).toBeUndefined()
  })

  test.each<[string, (document: ReturnType<typeof read>) => void, string]>([
    [
      'a pid that is a text',
      ({ seen }) => Object.assign(seen.processes[0]!, { pid: '\x1b[2J' }),
      '/seen/processes/0/pid',
    ],
    ['no process at its place', ({ seen }) => (seen.processes[0] = null as never), '/seen/processes/0'],
    ['no times', ({ seen }) => delete seen['durationMs'], '/seen'],
    ['a key that nobody knows', ({ seen }) => (seen['more'] = 1), '/seen'],
  ])('with %s is none', async (_, wrong, fault) => {
    const document = read(files[0]!)
    wrong(document)
    expect(await faultOf(document)).toContain(fault)
  })
})
