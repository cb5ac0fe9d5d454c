// Every example of the README that reads a recording prints what the README says.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/paths.ts'
import { runBin } from '../support/run.ts'

const readme = readFileSync(`${ROOT}README.md`, 'utf8')

const examples = [...readme.matchAll(/^```console\n\$ (.+)\n([^]*?)^```$/gm)]
  .map(match => ({ command: match[1]!, output: match[2]! }))
  .filter(({ command }) => command.includes('fixtures/'))

describe('README', () => {
  test('has examples', () => expect(examples.length).toBeGreaterThan(3))

  test.each(examples)('$command', ({ command, output }) => {
    const [bin = '', ...args] = command.match(/'[^']*'|\S+/g)!.map(word => word.replaceAll("'", ''))
    const { stdout, stderr, status } = runBin(
      bin,
      args.map(arg => arg.replace(/^fixtures\//, `${ROOT}fixtures/`)),
    )
    expect({ stdout, stderr, status }).toEqual({ stdout: output, stderr: '', status: 0 })
  })

  test('opens with two commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> }
    expect(readme).toContain('npm ci && npm start')
    expect(readme).toContain('npm ci && npm test')
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'prepare']))
  })
})
