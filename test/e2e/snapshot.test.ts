import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseSnapshot } from '../../src/proc/snapshot-format.ts'
import { writeTree } from '../support/make-tree.ts'
import { binPath, fixture, ROOT, ZOO } from '../support/paths.ts'
import { runBin as runAnyBin, type RunOptions } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const TAR = fixture('zoo.proc.tar')

const runBin = (bin: string, args: string[], options: RunOptions = {}) =>
  runAnyBin(bin, args, { encoding: 'latin1', ...options })

describe('linsight snapshot save', () => {
  test('converts an archive, for the owner alone, and says so', () => {
    const file = join(temporaryFolder(), 'zoo.snap.json')
    const { status, stdout, stderr } = runBin('linsight', ['snapshot', 'save', '--from', TAR, file])
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(stderr).toMatch(/zoo\.snap\.json: 14 processes, 1 network namespace, \d+ KiB, readable by you alone\n$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    // The bundled recording is this one, with facts an archive does not hold.
    const entries = (text: string) => text.split('\n').slice(2)
    expect(entries(readFileSync(file, 'utf8'))).toEqual(entries(readFileSync(ZOO, 'utf8')))
  })

  test('writes to a pipe, and the other commands read from one', () => {
    const { stdout } = runBin('linsight', ['snapshot', 'save', '-', '--from', TAR])
    const piped = runBin('mynetstat', ['-anp', '--from', '-'], { input: Buffer.from(stdout, 'latin1') })
    const direct = runBin('mynetstat', ['-anp', '--from', TAR])
    expect(piped).toEqual(direct)
    expect(piped.status).toBe(0)
    expect(piped.stdout).toContain('socat')
  })

  test('what others can read is not said to be for the owner alone', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '1'))
    writeFileSync(join(folder, '1/comm'), 'init\n')
    const { stderr } = runBin('linsight', ['snapshot', 'save', '--from', folder, '/dev/stdout'])
    expect(stderr).toMatch(/\/dev\/stdout: 1 process, 1 network namespace, 1 KiB\n$/)
  })

  test('--redact keeps what is seen but not who is seen', () => {
    const file = join(temporaryFolder(), 'zoo.snap.json')
    expect(runBin('linsight', ['snapshot', 'save', '--redact', '--from', ZOO, file]).status).toBe(0)
    const words = (text: string) => text.split('\n').map(line => line.split(/\s+/).slice(0, 3).join(' '))
    const [before, after] = [ZOO, file].map(from => runBin('mynetstat', ['-anp', '--from', from]).stdout)
    expect(words(after!)).toEqual(words(before!))
    for (const secret of ['linsight-zoo', 'abstract-zoo', '56e1:adff', '1234:5678', 'daemon off'])
      expect(readFileSync(file, 'latin1')).not.toContain(secret)
  })

  test('--json tells what was written', () => {
    const file = join(temporaryFolder(), 'zoo.snap.json.gz')
    const { stdout, stderr } = runBin('linsight', ['snapshot', 'save', '--json', '--from', TAR, file])
    expect(JSON.parse(stdout)).toEqual({
      schema: 'linsight/snapshot-saved/1',
      source: TAR,
      file,
      bytes: statSync(file).size,
      processes: 14,
      vanished: 0,
      otherNamespaces: 0,
      warnings: [],
      unreadable: { files: 0 },
    })
    expect(stderr).toBe('')
  })

  test('interrupted while it writes, it leaves nothing behind', async () => {
    const [folder, input] = [temporaryFolder(), join(temporaryFolder(), 'large.json')]
    const table = randomBytes(16 * 1024 * 1024).toString('hex')
    writeFileSync(input, JSON.stringify({ schema: 'linsight/snapshot/1', files: { 'net/snmp': table } }))
    const args = ['snapshot', 'save', '--from', input, join(folder, 'a.snap.json.gz')]
    const child = spawn(process.execPath, [binPath('linsight'), ...args], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    while (readdirSync(folder).length === 0 && child.exitCode === null)
      await new Promise(resolve => setTimeout(resolve, 2))
    child.kill('SIGINT')
    expect(await ended).toEqual([null, 'SIGINT'])
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    ['no file', ['snapshot', 'save'], 2, /file/],
    [
      'a place that is not there',
      ['snapshot', 'save', '--from', ZOO, '/no/such/folder/a'],
      4,
      /its folder does not exist/,
    ],
    ['nothing to read from', ['snapshot', 'save', '--from', '/no/such/recording', '-'], 4, /there is no recording at/],
  ])('%s is an error of one sentence', (_, args, status, message) => {
    const result = runBin('linsight', args)
    expect(result.status).toBe(status)
    expect(result.stdout).toBe('')
    expect(result.stderr).toMatch(message)
  })
})

describe('linsight snapshot show', () => {
  test('says what is in a recording', () => {
    expect(runBin('linsight', ['snapshot', 'show', ZOO])).toEqual({
      status: 0,
      stderr: '',
      stdout: `Host      zoo
Kernel    6.18.44, x86_64, little-endian
Taken     unknown, by user 0
Redacted  no
Holds     14 processes, 100 files, 474 links

Network namespace net:[4026532179], in net/
  tcp 64, tcp6 14, udp 5, udp6 3, udplite 2, udplite6 1, raw 3, raw6 1, icmp 1, icmp6 1, unix 47, packet 2, netlink 9
`,
    })
  })

  test('--json tells the same', () => {
    const { stdout } = runBin('linsight', ['snapshot', 'show', ZOO, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'linsight/snapshot-summary/1',
      host: 'zoo',
      kernel: '6.18.44',
      processes: 14,
      namespaces: [{ netns: 'net:[4026532179]', folder: 'net', sockets: { tcp: 64, unix: 47 } }],
      unreadable: {},
      warnings: [],
    })
  })

  test.each([
    ['a file as it is', '68/cmdline', 'evil\x1b[31mRED\nline2\tTAB\0TCP-LISTEN:4002,bind=127.0.0.1\0STDOUT\0'],
    ['a file by its whole path', '/proc/11/comm', 'python3\n'],
    ['a link', '11/fd/3', 'socket:[499654]'],
    ['a folder', '68/ns', 'net\npid\n'],
  ])('prints %s', (_, path, text) => {
    expect(runBin('linsight', ['snapshot', 'show', ZOO, path])).toEqual({ status: 0, stdout: text, stderr: '' })
  })

  test.each([
    ['no such entry', [ZOO, '68/nothing'], /holds no 68\/nothing/],
    ['no recording', [`${ROOT}package.json`], /not a snapshot: its schema is missing/],
  ])('%s: exit 4', (_, args, message) => {
    const result = runBin('linsight', ['snapshot', 'show', ...args])
    expect(result).toMatchObject({ status: 4, stdout: '' })
    expect(result.stderr).toMatch(message)
  })

  test('an entry that was refused says why', () => {
    const file = join(temporaryFolder(), 'a.json')
    writeFileSync(file, '{"schema":"linsight/snapshot/1","errors":{"1/fd":"EACCES"}}')
    expect(runBin('linsight', ['snapshot', 'show', file, '1/fd/3']).stderr).toMatch(
      /could not read 1\/fd\/3 when it was taken: EACCES/,
    )
    expect(runBin('linsight', ['snapshot', 'show', file]).stdout).toMatch(
      /Not readable when it was taken\n {2}EACCES 1: 1\/fd\n$/,
    )
  })
})

describe('the same sockets from every form of a recording', () => {
  test.each([['-anpeeoW'], ['-ntlp'], ['-anp', '--compat']])('mynetstat %s %s', (...args) => {
    const { entries } = parseSnapshot(readFileSync(ZOO, 'utf8'), 'zoo')
    const folder = temporaryFolder()
    writeTree(folder, entries)
    const [expected, ...others] = [ZOO, TAR, folder].map(from => runBin('mynetstat', [...args, '--from', from]))
    expect(expected!.status).toBe(0)
    expect(expected!.stdout).toContain('11/python3')
    for (const other of others) expect(other).toEqual(expected)
  })
})

describe('LINSIGHT_FROM', () => {
  test('names the recording, and --from wins over it', () => {
    const named = runBin('mynetstat', ['-ntlp'], { env: { LINSIGHT_FROM: ZOO } })
    expect(named).toEqual(runBin('mynetstat', ['-ntlp', '--from', ZOO]))
    expect(named.stdout).toContain('socat')
    const both = runBin('mynetstat', ['-ntlp', '--from', ZOO], { env: { LINSIGHT_FROM: '/no/such/recording' } })
    expect(both).toEqual(named)
    expect(runBin('mynetstat', ['-ntlp'], { env: { LINSIGHT_FROM: '/no/such/recording' } }).status).toBe(4)
  })
})
