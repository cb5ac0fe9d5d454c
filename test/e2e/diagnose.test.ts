import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { fixture, ZOO } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const recording = (name: string) => fixture(`diagnose/${name}.diag.json`)
const diagnose = (...args: string[]) => runBin('linsight', ['diagnose', ...args])

interface Document {
  verdict: string
  findings: { cause: string; severity: string; culprit: { pid: number; comm: string }; evidence: string[] }[]
  notLooked: { what: string; causes: string[] }[]
}

describe('a recording', () => {
  test('of an incident: the culprit first, and status 1', () => {
    const { status, stdout, stderr } = diagnose('--from', recording('stuck-reader'))
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toMatch(/^CRITICAL {2}indexer \(pid \d+\) does not read /)
    expect(stdout).toMatch(/\nbecause {3}125 KiB in the receive queue, not a byte read in 5\.3 s \(from 32 KiB on/)
    expect(stdout).toMatch(/\nlooked for \d\.\d s at \d+ processes/)
  })

  test('of a healthy machine: nothing is found, what was looked at is said, and status 0', () => {
    const { status, stdout } = diagnose('--from', recording('h-web'))
    expect(status).toBe(0)
    expect(stdout).toMatch(/^nothing wrong found\n\nlooked for /)
    expect(stdout).not.toMatch(/all is well|healthy/)
  })

  test('gives programs the same', () => {
    const { status, stdout } = diagnose('--json', '--from', recording('stuck-reader'))
    const { verdict, findings } = JSON.parse(stdout) as Document
    expect({ status, verdict }).toEqual({ status: 1, verdict: 'critical' })
    expect(findings[0]).toMatchObject({ cause: 'reader-stuck', severity: 'critical', culprit: { comm: 'indexer' } })
  })

  test.each([
    ['fsync-storm', 'critical', 0],
    ['fsync-storm', 'warning', 1],
    ['stuck-reader', 'critical', 1],
    ['stuck-reader', 'never', 0],
  ])('of %s with --fail-on %s ends with %d', (name, severity, status) => {
    expect(diagnose('--from', recording(name), '--fail-on', severity).status).toBe(status)
  })

  test('of /proc is one look, which is said', () => {
    const { stdout } = diagnose('--json', '--from', ZOO)
    const { notLooked } = JSON.parse(stdout) as Document
    expect(notLooked).toContainEqual(expect.objectContaining({ what: 'what changes' }))
    expect(notLooked[0]!.causes).toContain('accept-queue-not-served')
  })

  test.each([
    ['of a diagnosis', recording('stuck-reader'), /^CRITICAL {2}indexer /],
    ['of /proc', ZOO, /not looked at: what changes/],
  ])('%s comes through a pipe, too', (_, path, words) => {
    expect(runBin('linsight', ['diagnose', '--from', '-'], { input: readFileSync(path) }).stdout).toMatch(words)
  })

  test('through a pipe that is no JSON is refused', () => {
    const { status, stderr } = runBin('linsight', ['diagnose', '--from', '-'], { input: Buffer.from('x') })
    expect(status).toBe(4)
    expect(stderr).toMatch(/^linsight: what came from standard input is no recording in JSON\n/)
  })

  test('narrowed to a process that nobody accuses finds nothing', () => {
    const { status, stdout } = diagnose('--from', recording('stuck-reader'), '--pid', '999999')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^nothing wrong found/)
  })

  test('that is damaged is refused in one sentence', () => {
    const path = join(temporaryFolder(), 'x.diag.json')
    writeFileSync(path, readFileSync(recording('stuck-reader'), 'utf8').slice(0, 500))
    const { status, stdout, stderr } = diagnose('--from', path)
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' })
    expect(stderr).toMatch(/^linsight: the recording .* is damaged: /)
  })

  test('with hostile names cannot act on a terminal, nor look like two processes', () => {
    const path = join(temporaryFolder(), 'hostile.diag.json')
    const hostile = 'x (pid 1), s\\u001b[2J'
    writeFileSync(
      path,
      readFileSync(recording('stuck-reader'), 'utf8').replaceAll('"comm":"indexer"', `"comm":"${hostile}"`),
    )
    const { stdout } = diagnose('--from', path)
    expect(stdout).not.toContain('\x1b')
    expect(stdout).toContain("CRITICAL  'x (pid 1), s\\x1b[2J' (pid ")
  })
})

describe('--explain', () => {
  test('says what it takes, from which value on, and why', () => {
    const { status, stdout } = diagnose('--explain', 'close-wait-leak')
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^close-wait-leak: .*\nevidence .*\n[^]*threshold {2}50 sockets of one program in CLOSE_WAIT in both looks/,
    )
  })

  test('of what is no cause names the nearest', () => {
    const { status, stderr } = diagnose('--explain', 'closewait-leak')
    expect(status).toBe(2)
    expect(stderr).toContain('did you mean close-wait-leak?')
  })
})

test.each([
  [['--from', 'x', '--duration', '3s'], '--duration is for this machine'],
  [['--from', 'x', '--record', 'y'], '--record is for this machine'],
  [['--pid', '1', '--unit', 'x'], '--pid and --unit do not go together'],
  [['--duration', '1s'], 'not between 2 s and 24 days'],
  [['--duration', 'soon'], '--duration soon is no time'],
])('%j is refused', (args, words) => {
  const { status, stderr } = diagnose(...args)
  expect(status).toBe(2)
  expect(stderr).toContain(words)
})

test('of a unit or container without a process it says so: its name may be mistyped', needs('Linux'), () => {
  for (const [kind, name] of [
    ['unit', 'no-such.service'],
    ['container', 'ffffffffffff'],
  ] as const) {
    const { stdout } = diagnose(`--${kind}`, name, '--duration', '2s', '--no-trace')
    expect(stdout).toContain(`not looked at: ${kind} ${name} (no process of it was there)`)
  }
})
