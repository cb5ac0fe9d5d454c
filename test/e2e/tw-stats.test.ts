import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fixture, ROOT, ZOO } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CAPTURES = fixture('timewait/')
const capture = (letter: string) => `${CAPTURES}${readdirSync(CAPTURES).find(name => name.startsWith(letter))!}`
const twStats = (...args: string[]) => runBin('tw-stats', args)

describe('tw-stats', () => {
  test('says it is harmless, and only that on stderr: nothing', () => {
    const { status, stdout, stderr } = twStats('--from', capture('B1'))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^HARMLESS {2}do nothing/)
    expect(stdout).toContain('these take no local port from any client here')
  })

  test('the umbrella has it too, with the same words', () => {
    expect(runBin('linsight', ['tw-stats', '--from', capture('E2')]).stdout).toBe(
      twStats('--from', capture('E2')).stdout,
    )
  })

  test('--json has every number of the screen', () => {
    const { stdout } = twStats('--json', '--from', capture('S-rate20-range1000-t030'))
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'linsight/time-wait/1',
      source: capture('S-rate20-range1000-t030'),
      verdict: { severity: 'critical' },
      totals: { timeWait: 602, finWait2: 0, sockstat: 602, births: 602, recycled: 0, overflowed: 0, limit: 131072 },
      timing: { lengthS: 60, granuleS: 2.048 },
      capacity: { ports: 1000 },
      tuples: [
        {
          remotePort: 8080,
          used: 602,
          utilization: 0.602,
          otherParity: 102,
          parity: 'slow-connect',
          forecast: { arrivalsPerS: 20, waves: {} },
        },
      ],
      history: { peakPerS: 21 },
      advice: [{ code: 'ports-run-out', severity: 'critical' }, { code: 'slow-connect' }],
      warnings: [],
      unreadable: {},
    })
  })

  test.each([
    ['utilization>80%', 'E2', 1],
    ['utilization>80%', 'E1', 0],
    ['exhaustion<60s', 'S-rate20-range1000-t030', 1],
    ['exhaustion<10s', 'S-rate20-range1000-t030', 0],
    ['utilization>80%', 'B1', 0],
  ])('--fail-on %s on %s: status %i', (condition, name, status) => {
    expect(twStats('--fail-on', condition, '--from', capture(name)).status).toBe(status)
  })

  test('--fail-on says which condition which destination meets, and never "fine" of a table that is not there', () => {
    const met = twStats('--fail-on', 'utilization>80%', '--from', capture('E2'))
    expect(met.stderr).toMatch(/--fail-on utilization>80% is met by 127\.0\.0\.1:8080 from 127\.0\.0\.1: 1000 of 1000/)
    const folder = temporaryFolder()
    for (const name of ['sockstat', 'netstat', 'snmp', 'sysctl'])
      copyFileSync(join(capture('E2'), name), join(folder, name))
    const missing = twStats('--fail-on', 'utilization>80%', '--from', folder)
    expect(missing.status).toBe(4)
    expect(missing.stderr).toContain('net/tcp could not be read')
  })

  test('--all-netns shows the one namespace of a recording', () => {
    const { stdout, status } = twStats('--all-netns', '--from', capture('E2'))
    expect(status).toBe(0)
    expect(stdout).toMatch(/^== the namespace of the recording[^]*every local port[^]*\n0 network namespaces without/)
  })

  test('a bare table from standard input is a recording', () => {
    const input = readFileSync(join(capture('E2'), 'tcp'))
    const { stdout, status } = runBin('tw-stats', ['--from', '-', '--json'], { input })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ totals: { timeWait: 1000 }, verdict: { severity: 'unknown' } })
  })

  test('--what-if shows now and then', () => {
    const { stdout } = twStats('--what-if', 'range=1024-65535,reuse=1', '--from', capture('E2'))
    expect(stdout).toMatch(/what if range=1024-65535,reuse=1/)
    expect(stdout).toMatch(/127\.0\.0\.1:8080 +1000 of 1000 100 % +16\.1 +now +\d+ of 64511 [\d.]+ % +64511 +no/)
  })

  test('--explain has no JSON', () => {
    const { status, stdout } = twStats('--explain', '--json')
    expect(status).toBe(2)
    expect(stdout + twStats('--explain', '--json').stderr).toContain('--explain is text for people')
  })

  test('--explain tells what every column of the screen is', () => {
    const { stdout, status } = twStats('--explain')
    expect(status).toBe(0)
    for (const word of ['PORTS TAKEN', 'NEW/S', 'MAX/S', 'RUNS OUT', 'OPENED BY', 'sockstat tw', 'HARMLESS'])
      expect(stdout).toContain(word)
  })

  test('a snapshot in which a namespace has no settings: its ports are not known, and that is said', () => {
    const { stdout, stderr, status } = twStats('--from', ZOO)
    expect(status).toBe(0)
    expect(stdout).toMatch(/1 of \?/)
    expect(stderr).toContain('neither capacity nor forecast can be told')
  })

  test.each([
    [['--who', '--from', 'x'], 2],
    [['--watch', '--who'], 2],
    [['5'], 2],
    [['--by', 'colour'], 2],
    [['--top', '0'], 2],
    [['--what-if', 'x=1'], 2],
    [['--fail-on', 'x'], 2],
    [['--what-if', 'sources=2'], 2],
    [['--from', '/nowhere'], 4],
  ])('%j ends with %i and one sentence', (args, status) => {
    const ended = twStats(...args)
    expect(ended.status).toBe(status)
    expect(ended.stdout).toBe('')
    expect(ended.stderr.split('\n').length).toBeLessThanOrEqual(3)
  })

  test('every recording goes through every output', () => {
    for (const name of readdirSync(CAPTURES)) {
      const { status, stdout } = twStats(
        '--json',
        '--by',
        'owner',
        '--what-if',
        'pool=5',
        '--from',
        `${CAPTURES}${name}`,
      )
      expect({ name, status }).toEqual({ name, status: 0 })
      expect(() => JSON.parse(stdout) as unknown).not.toThrow()
    }
  })

  test('the documented flags are those there are', () => {
    const { stdout } = twStats('--help')
    for (const flag of [
      '--who',
      '--watch',
      '--all-netns',
      '--by',
      '--top',
      '--what-if',
      '--fail-on',
      '--explain',
      '--json',
      '--from',
    ])
      expect(stdout).toContain(flag)
    expect(stdout.indexOf('EXAMPLES')).toBeLessThan(stdout.indexOf('FLAGS'))
    expect(readFileSync(`${ROOT}package.json`, 'utf8')).toContain('"tw-stats": "bin/tw-stats.cjs"')
  })
})
