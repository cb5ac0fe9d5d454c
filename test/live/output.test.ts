import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath, fixture, ZOO } from '../support/paths.ts'
import { NOBODY, run } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

/**
 * Runs a script in a mount namespace of its own, in a folder with devices of its own: no program is to write to the
 * devices of this machine here.
 */
function inOwnFolder(script: string) {
  const folder = temporaryFolder()
  const prepare =
    'mount -t tmpfs -o size=256k,mode=755 tmpfs "$folder"; cd "$folder"; mknod null c 1 3; mknod full c 1 7; ' +
    'linsight() { "$node" "$bins/linsight.cjs" "$@"; }; bin() { b=$1; shift; "$node" "$bins/$b.cjs" "$@"; };'
  const env = { node: process.execPath, bins: join(binPath('linsight'), '..'), folder, ZOO, nobody: NOBODY.join(' ') }
  return run('unshare', ['--mount', 'bash', '-c', `${prepare} ${script}`], { env })
}

const forRoot = needs('root', 'namespaces', 'unshare', 'mount', 'setpriv', 'bash')

describe('files that the user names', forRoot, () => {
  test.each([
    ['snapshot save', 'linsight snapshot save --from "$ZOO" null'],
    ['bpf doctor --record', 'linsight bpf doctor --record null >/dev/null'],
    ['trace-syscalls -o', 'bin trace-syscalls --from "$LOG" -o null'],
    ['trace-syscalls --record', 'bin trace-syscalls --from "$LOG" --record null >/dev/null'],
  ])('%s into a device leaves the device', (_, command) => {
    const script = `LOG=${fixture('strace/zoo.log')}; ${command}; echo $? >&2; stat -c '%F %t,%T %a' null; ls -A`
    const { stdout, stderr } = inOwnFolder(script)
    expect(stderr).toMatch(/(^|\n)[01]\n$/)
    expect(stderr).not.toContain('you alone')
    expect(stdout).toBe('character special file 1,3 644\nfull\nnull\n')
  })

  test('a device that is full: one sentence, exit 4', () => {
    const { status, stderr } = inOwnFolder('linsight snapshot save --from "$ZOO" full')
    expect(stderr).toBe(
      'linsight: the snapshot full could not be written: no space left on device\n' +
        '  name a file in a folder that exists and that you may write to\n',
    )
    expect(status).toBe(4)
  })

  test('a disk that fills up: exit 4, and nothing is left behind', () => {
    const { status, stdout, stderr } = inOwnFolder(
      'echo before > a; head -c 250000 /dev/zero > big; linsight snapshot save --from "$ZOO" a; echo $?; ls -A; cat a',
    )
    expect(stderr).toContain('the snapshot a could not be written: no space left on device')
    expect(stdout).toBe('4\na\nbig\nfull\nnull\nbefore\n')
    expect(status).toBe(0)
  })

  test('a folder one may not look into, and a file system that is read-only', () => {
    const { stdout, stderr } = inOwnFolder(
      'mkdir -m 700 private; setpriv $nobody "$node" "$bins/linsight.cjs" snapshot save --from "$ZOO" private/x; echo $?; ' +
        'mount -o remount,ro "$folder"; linsight snapshot save --from "$ZOO" x; echo $?',
    )
    expect(stdout).toBe('4\n4\n')
    expect(stderr).toContain('the snapshot private/x could not be written: permission denied\n')
    expect(stderr).toContain('the snapshot x could not be written: read-only file system\n')
  })

  test("a link of another user's in a folder for everybody is not followed, and a file of theirs gets nothing private", () => {
    const { stdout, stderr } = inOwnFolder(
      'mkdir -m 1777 all; touch all/theirs; chmod 666 all/theirs; chown 1234 all/theirs; ln -s ../secret all/link; chown -h 1234 all/link; ' +
        'linsight snapshot save --from "$ZOO" all/link; echo $?; ls -A . all; ' +
        'setpriv $nobody "$node" "$bins/linsight.cjs" snapshot save --from "$ZOO" all/theirs; echo $?; stat -c %s all/theirs',
    )
    expect(stdout).toBe('4\n.:\nall\nfull\nnull\n\nall:\nlink\ntheirs\n4\n0\n')
    expect(stderr).toMatch(/all\/link is a link of another user's\n/)
    expect(stderr).toMatch(/all\/theirs could not be written: it belongs to another user, who could read it\n/)
  })

  test("a shell's pipe and stdout by name are written through", () => {
    const { status, stdout } = inOwnFolder(
      'linsight snapshot save --from "$ZOO" >(gzip -1 > packed) 2>/dev/null; sleep 0.5; zcat packed | head -c 12; ' +
        'linsight snapshot save --from "$ZOO" /dev/stdout 2>/dev/null | head -c 12; ls -A',
    )
    expect(status).toBe(0)
    expect(stdout).toBe('{"schema":"l{"schema":"lfull\nnull\npacked\n')
  })
})

describe(
  'a program that may more than its caller',
  needs('root', 'namespaces', 'unshare', 'mount', 'setpriv', 'bash', 'setcap'),
  () => {
    test('reads and writes what the caller could, and no more', () => {
      const { stdout, stderr } = inOwnFolder(
        'mount -o remount,size=256m "$folder"; cp "$node" capable; setcap cap_dac_override,cap_dac_read_search+ep capable; ' +
          'mkdir -m 700 secret; cp "$ZOO" secret/a.json; cp "$ZOO" mine.json; chmod 600 secret/a.json; ln -s secret/a.json link; mkdir -p dir/net; cp secret/a.json dir/net/tcp; chmod 600 dir/net/tcp; ' +
          'as() { setpriv $nobody ./capable "$bins/linsight.cjs" "$@"; echo "$?"; }; ' +
          'for f in secret/a.json link mine.json; do as snapshot show "$f" net/tcp | tail -n 1; done; as snapshot show dir net/tcp | tail -n 1; ' +
          'as bpf doctor --from secret/a.json; as bpf replay secret/a.json; as trace-syscalls --from secret/a.json; ' +
          'as snapshot save --from mine.json secret/new; as snapshot save --from mine.json secret/a.json; ls secret',
      )
      expect(stdout).toBe('4\n4\n0\n4\n4\n4\n4\n4\n4\na.json\n')
      expect(stderr.match(/could not be (read|written): permission denied/g)).toHaveLength(7)
    })
  },
)

describe('a signal while a file is written', needs('Linux'), () => {
  test('leaves nothing behind', async () => {
    const folder = temporaryFolder()
    const large = join(folder, 'large.snap.json')
    const noise = randomBytes(12_000_000).toString('base64')
    writeFileSync(
      large,
      JSON.stringify({ schema: 'linsight/snapshot/1', meta: {}, files: { 'net/tcp': { base64: noise } }, links: {} }),
    )
    const args = [binPath('linsight'), 'snapshot', 'save', '--from', large, join(folder, 'out.gz')]
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    await until(() => readdirSync(folder).some(name => name.endsWith('.tmp')))
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM'])
    expect(readdirSync(folder)).toEqual(['large.snap.json'])
  })
})

describe('stdout that cannot be written', forRoot, () => {
  const commands = [
    'bin mynetstat -ntl --from "$ZOO"',
    'bin mynetstat -ntl --compat --from "$ZOO"',
    'bin mynetstat -c 1 -ntl',
    'bin mynetstat --help',
    'bin mynetstat --version',
    'linsight',
    'linsight --version',
    'linsight bpf list --help',
    'linsight snapshot show "$ZOO"',
    'linsight snapshot show "$ZOO" net/tcp',
    'linsight snapshot save --from "$ZOO" -',
    `linsight bpf replay ${fixture('bpf/opensnoop.ndjson')}`,
    'linsight bpf list',
    'bin tw-stats --from "$ZOO"',
    `bin trace-syscalls --from ${fixture('strace/zoo.log')}`,
  ]
  test.each(commands)('%s >/dev/full: one sentence, exit 4', command => {
    const { status, stderr } = inOwnFolder(`${command} >full`)
    const [last, ...more] = stderr.split('\n').filter(line => line.includes('could not write'))
    expect(last).toMatch(/^[a-z-]+: could not write to stdout: no space left on device$/)
    expect(more).toEqual([])
    expect(stderr).not.toMatch(/Error:|node:|\.cjs/)
    expect(status).toBe(4)
  })

  test.each(commands.filter(command => !/help|version|^linsight$/.test(command)))('%s --json >/dev/full', command => {
    const { status, stderr } = inOwnFolder(`${command} --json >full`)
    const error = stderr.split('\n').find(line => line.startsWith('{"error"')) ?? stderr
    expect(JSON.parse(error)).toEqual({
      error: {
        code: 'output-unwritable',
        message: 'could not write to stdout: no space left on device',
        exit: 4,
      },
    })
    expect(status).toBe(4)
  })

  test('a stdout that is open for reading only', () => {
    const { status, stderr } = inOwnFolder('linsight --version 1<null')
    expect(stderr).toBe('linsight: could not write to stdout: bad file descriptor\n')
    expect(status).toBe(4)
  })

  test('a disk that fills up in the middle of the last write', () => {
    const { status, stdout, stderr } = inOwnFolder(
      'head -c 240000 /dev/zero > big; linsight snapshot save --from "$ZOO" - > part; echo $?; stat -c %s part',
    )
    expect(stderr).toBe('linsight: could not write to stdout: no space left on device\n')
    expect(stdout).toMatch(/^4\n\d{4,6}\n$/)
    expect(status).toBe(0)
  })

  test('stderr that cannot be written loses remarks only, and is exit 4', () => {
    const { status, stdout } = inOwnFolder('linsight snapshot save --from "$ZOO" a 2>full; echo $?; stat -c %F a')
    expect(stdout).toBe('4\nregular file\n')
    expect(status).toBe(0)
  })

  test('a reader that goes away is no error', () => {
    const { stdout, stderr } = inOwnFolder(
      'linsight snapshot save --from "$ZOO" - | head -c 3; echo " ${PIPESTATUS[0]}"',
    )
    expect([stdout, stderr]).toEqual(['{"s 0\n', ''])
  })
})

test('the signal that opens the inspector of Node opens nothing', needs('Linux'), async () => {
  const child = spawn(process.execPath, [binPath('mynetstat'), '-ntc'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await once(child.stdout, 'data')
  child.kill('SIGUSR1')
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  await once(child, 'close')
  expect(stderr).not.toContain('Debugger')
})
