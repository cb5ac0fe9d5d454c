import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ZOO } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Recording {
  files: Record<string, string>
}

/** The zoo with a boot time, changed by `change`. */
function recording(name: string, change: (files: Record<string, string>) => void = () => {}): string {
  const zoo = JSON.parse(readFileSync(ZOO, 'utf8')) as Recording
  zoo.files['stat'] = 'btime 1700000000\n'
  change(zoo.files)
  const path = join(temporaryFolder(), name)
  writeFileSync(path, JSON.stringify(zoo))
  return path
}

const old = recording('old.snap.json')
const diff = (args: readonly string[]) => runBin('mynetstat', ['--diff', old, ...args])

test('the same: status 0', () => {
  const { status, stdout, stderr } = diff([old, '-ta'])
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout.split('\n').slice(2)).toEqual(['no difference', ''])
})

test('a listener that is gone, an address that opened, a connection that is closed: status 1', () => {
  const newer = recording('new.snap.json', files => {
    const rows = files['net/tcp']!.split('\n')
    const without = rows.filter(row => !/: 0100007F:03E9 00000000:0000 0A /.test(row))
    files['net/tcp'] = without
      .join('\n')
      .replace(/0100007F:03EB 00000000:0000 0A/, '00000000:03EB 00000000:0000 0A')
      .replace(/^.*: 0100007F:03EC 0100007F:\w+ 01 .*\n/m, '')
  })
  const { status, stdout } = diff([newer, '-t', '-a'])
  expect(status).toBe(1)
  expect(stdout).toMatch(/^- tcp +127\.0\.0\.1:1001 +loopback +11\/python3,63\/python3$/m)
  expect(stdout).toMatch(/^~ tcp +127\.0\.0\.1:1003 → 0\.0\.0\.0:1003 +loopback → every address .* another address$/m)
  expect(stdout).toMatch(/^tcp +ESTABLISHED +\d+ +\d+ +-1$/m)
  expect(stdout).toMatch(/^- tcp +127\.0\.0\.1:1004 .*ESTABLISHED/m)
  // The same with --from, listeners alone, as JSON.
  const json = JSON.parse(diff(['--from', newer, '-tl', '--json']).stdout) as Record<string, unknown>
  expect(json).toMatchObject({ schema: 'linsight/socket-diff/1', same: false, source: newer, old: { source: old } })
  expect(json['listeners']).toHaveLength(2)
  expect(json).not.toHaveProperty('counts')
})

test('after a boot addresses of listeners alone are compared, and that is said', () => {
  const newer = recording('booted.snap.json', files => {
    files['stat'] = 'btime 1700009999\n'
    files['net/tcp'] = files['net/tcp']!.replace(/^.* 01 00.*\n/gm, '')
  })
  const { status, stdout, stderr } = diff([newer, '-ta'])
  expect([status, stdout.split('\n')[2]]).toEqual([0, 'no difference'])
  expect(stderr).toContain('only the addresses of listeners are compared: the machine was booted between them')
})

test.each([
  ['a newer recording that is not there', ['/nowhere/new.snap.json'], 4],
  ['two newer ones', [old, '--from', old], 2],
  ['a word that is no file and no filter', ['nonsense'], 2],
  ['what it cannot show', ['--columns', 'pid'], 2],
])('%s: status', (_, args, status) => {
  expect(diff(args).status).toBe(status)
})

test('an older recording that is not there', () => {
  expect(runBin('mynetstat', ['--diff', '/nowhere/old.snap.json']).status).toBe(4)
})
