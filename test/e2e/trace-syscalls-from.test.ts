import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { METRICS } from '../../src/syscalls/model.ts'
import { runBin } from '../support/run.ts'
import { captures, realSample, STRACE_FIXTURES } from '../support/strace-captures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const TABLE = join(STRACE_FIXTURES, 'go-tcp-server.txt')
const LOG = join(STRACE_FIXTURES, 'zoo.log')

const folder = temporaryFolder()
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const run = (argv: string[], input?: string | Buffer) =>
  runBin('trace-syscalls', argv, input === undefined ? {} : { input })

describe('trace-syscalls --from', () => {
  test('prints a table of strace -c as strace did, but for the footer of old versions', () => {
    const { status, stdout, stderr } = run(['--from', TABLE, '-q'])
    const theirs = readFileSync(TABLE, 'latin1').split('\n')
    expect(stdout.split('\n').slice(0, -2)).toEqual(theirs.slice(0, -2))
    expect(stdout.split('\n').at(-2)).toBe('100.00    0.435805          33     12958       653 total')
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('reads a large log, where a second thread may help, as it reads it from a pipe', () => {
    const log = join(folder, 'large.log')
    const makeLog = new URL('../../bench/make-strace-log.mjs', import.meta.url).href
    const made = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `console.log(JSON.stringify((await import('${makeLog}')).makeLog(process.argv[1], 7e7)))`,
        log,
      ],
      { encoding: 'utf8' },
    )
    const { calls, errors } = JSON.parse(made.stdout) as { calls: number; errors: number }
    const told = (argv: string[], input?: Buffer) => {
      const { profile } = JSON.parse(run(['--json', ...argv], input).stdout)
      return profile as { syscalls: { calls: number; errors: number }[] }
    }
    const profile = told(['--from', log])
    expect(profile).toEqual(told(['--from', '-'], readFileSync(log)))
    expect(profile.syscalls.reduce((sum, row) => sum + row.calls, 0)).toBe(calls)
    expect(profile.syscalls.reduce((sum, row) => sum + row.errors, 0)).toBe(errors)
  })

  test('takes it squeezed, gzipped, from standard input, and by the umbrella command', () => {
    const expected = run(['--from', TABLE]).stdout
    const squeezed = readFileSync(join(STRACE_FIXTURES, 'go-tcp-server-squeezed.txt'))
    expect(run(['--from', '-'], squeezed).stdout).toBe(expected)
    expect(run(['--from', file('table.gz', gzipSync(squeezed))]).stdout).toBe(expected)
    expect(runBin('linsight', ['trace-syscalls', '--from', TABLE]).stdout).toBe(expected)
  })

  test('says wall where the table was made with -w', () => {
    expect(run(['--from', TABLE]).stdout).toContain('Time is system CPU time')
    expect(run(['--from', TABLE, '-w']).stdout).toContain('Time is wall time')
  })

  test('reads the folder of -ff as one log', async () => {
    const parts = await captures('logs', /^ff\/out\.\d+$/)
    const merged = (await captures('logs', /^ff-merged\.log$/)).find(({ name }) => name.startsWith('6.13'))!
    const ff = join(folder, 'ff')
    mkdirSync(ff)
    for (const { name, bytes } of parts.filter(part => part.name.startsWith('6.13')))
      writeFileSync(join(ff, name.split('/').at(-1)!), bytes)
    const essence = (stdout: string) => {
      const { profile } = JSON.parse(stdout) as {
        profile: {
          syscalls: { name: string; calls: number; errors: number }[]
          threads: { tid: number; pid: number }[]
          halves: object
        }
      }
      return {
        syscalls: profile.syscalls.map(({ name, calls, errors }) => `${name} ${calls} ${errors}`).sort(),
        threads: profile.threads.map(({ tid, pid }) => `${tid} ${pid}`).sort(),
        halves: profile.halves,
      }
    }
    expect(essence(run(['--json', '--from', ff]).stdout)).toEqual(
      essence(run(['--json', '--from', file('merged.log', merged.bytes)]).stdout),
    )
  })

  test('shows every view of a log, and the same from a record of it', () => {
    const record = join(folder, 'zoo.json')
    expect(run(['--from', LOG, '--record', record]).status).toBe(0)
    for (const view of [
      ['--by', 'process'],
      ['--by', 'thread', '--sort', 'calls'],
      ['--by', 'file', '--top', '5'],
      ['--by', 'peer'],
      ['--by', 'errno', '-q'],
      ['--slowest', '3'],
      ['--tree'],
      ['--folded'],
      ['-U', 'name,calls,p99.9,max,errno', '-S', 'p99'],
    ]) {
      const live = run(['--from', LOG, ...view])
      expect(live.stderr).toBe('')
      expect(live.stdout.split('\n').length).toBeGreaterThan(4)
      expect(run(['--from', record, ...view]).stdout).toBe(live.stdout)
    }
  })

  test('shows what a log says: golden text', () => {
    expect(run(['--from', LOG, '--by', 'errno', '-q']).stdout).toBe(
      [
        '    calls    errors errno            detail',
        '--------- --------- ---------------- ----------------------------',
        '        8         8 ENOENT           access 4, execve 1, openat 1',
        '        2         2 EBADF            mmap 1, lseek 1',
        '        1         1 EEXIST           mkdir 1',
        '        1         1 ENOSYS           syscall_0x3e8 1',
        '        1         1 EINPROGRESS      connect 1',
        '        1         1 EAGAIN           recvfrom 1',
        '        1         1 ECHILD           wait4 1',
        '--------- --------- ---------------- ----------------------------',
        '       15        15 total            ',
        '',
      ].join('\n'),
    )
    expect(run(['--from', LOG, '--tree']).stdout).toContain(
      'exec /bin/sh: sh -c \'echo "hi there" >/dev/null; exit...\'',
    )
  })

  test('gives JSON whose rows are those of the text', () => {
    const { stdout } = run(['--from', LOG, '--json', '--top', '3', '-S', 'calls'])
    const document = JSON.parse(stdout) as {
      schema: string
      rows: { label: string; calls: number }[]
      hiddenRows: number
      source: string
    }
    expect(document).toMatchObject({
      schema: 'linsight/syscall-profile/1',
      source: LOG,
      by: 'syscall',
      time: 'wall',
      warnings: [],
      unreadable: {},
    })
    expect(document.rows.map(({ label, calls }) => [label, calls])).toEqual([
      ['mmap', 30],
      ['rt_sigprocmask', 21],
      ['set_robust_list', 16],
    ])
    expect(document.hiddenRows).toBeGreaterThan(60)
  })

  test('reads a named pipe, as a shell makes of <(…)', needs('gzip', 'mkfifo'), () => {
    const pipe = join(folder, 'pipe')
    spawnSync('mkfifo', [pipe])
    spawn('sh', ['-c', 'gzip -c "$0" > "$1"', LOG, pipe], { stdio: 'ignore' })
    expect(run(['--from', pipe, '-q']).stdout).toBe(run(['--from', LOG, '-q']).stdout)
  })

  test('keeps the counts of a table whose times -O made negative', () => {
    const { status, stdout, stderr } = run(['--from', join(STRACE_FIXTURES, 'c-O-4.15.txt'), '--top', '1'])
    expect(stdout).toMatch(/^ +34 +13 openat$/m)
    expect(stdout).toMatch(/^ +143 +19 total$/m)
    expect(stderr).toContain('times below 0: strace -O took off more than the calls cost')
    expect(status).toBe(0)
  })

  test('shows wall time by thread of a log with a table of system time behind it', async () => {
    const [log] = await captures('summary', /^Cf-o\.out$/)
    const byThread = run(['--from', file('Cf.log', log!.bytes), '--by', 'thread'])
    expect(byThread.stdout).toContain('Time is wall time, from entry to return: waiting counts.')
    expect(byThread.stdout).toMatch(/^ *\d+\.\d\d +\d+\.\d{6} /m)
    const bySyscall = run(['--from', join(folder, 'Cf.log')])
    expect(bySyscall.stdout.split('\n')[0]).toMatch(/wall-p50 wall-p95 wall-p99 wall-max wall /)
    expect(bySyscall.stdout).toContain('Columns named wall hold wall time')
  })

  test('writes to -o FILE', () => {
    const target = join(folder, 'out.txt')
    const { stdout, status } = run(['--from', TABLE, '-o', target])
    expect([stdout, status]).toEqual(['', 0])
    expect(readFileSync(target, 'utf8')).toBe(run(['--from', TABLE]).stdout)
  })
})

describe('trace-syscalls --diff', () => {
  const old = file('old.txt', readFileSync(TABLE, 'latin1').replace('1185        29 futex', ' 900        29 futex'))

  test('shows the change, and ends with 1 where a condition is met', () => {
    const met = run(['--diff', old, '--from', TABLE, '--fail-on', 'calls:futex>+20%'])
    expect(met.stdout).toMatch(/\+285 +900 +1185 +\+32% .*futex\n/)
    expect(met.stdout).toContain('FAILED  calls:futex>+20%  (900 before, 1185 after)')
    expect(met.status).toBe(1)
    expect(run(['--diff', old, '--from', TABLE, '--fail-on', 'calls:futex>+40%']).status).toBe(0)
  })

  test('compares any two sources', () => {
    const { stdout, status } = run(['--diff', TABLE, '--from', LOG])
    expect(stdout).toContain('Times are not compared: the two have no kind of time in common.')
    expect(stdout).toMatch(/ new +mmap\n/)
    expect(stdout).toMatch(/ vanished +clock_gettime\n/)
    expect(status).toBe(0)
  })
})

describe('what is no output of strace ends with 4 and says what was expected', () => {
  test.each([
    ['text', 'hello\nworld\n', /is no output of strace: it begins with "hello"/],
    ['nothing', '', /is empty/],
    ['a total row alone', realSample('16'), /is no output of strace: it begins with "100.00 0.435805 12958 653 total"/],
    ['messages alone', realSample('12'), /is no output of strace/],
    ['bytes', Buffer.from([0, 255, 254, 10, 0, 1]), /is no output of strace/],
    ['a line without an end', Buffer.alloc(3_000_000), /is no output of strace/],
    [
      'a table of which no row can be read',
      '% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n one two three\n',
      /no call could be read from .*: no row of a strace -c table; first is line 3/,
    ],
    ['a later record', '{"schema":"linsight/syscall-profile/2"}', /syscall-profile\/2/],
  ])('%s', (_, content, message) => {
    const path = file('odd', content)
    const { status, stderr, stdout } = run(['--from', path])
    expect(stderr).toMatch(message)
    expect(stderr).toContain(path)
    expect([status, stdout]).toEqual([4, ''])
  })

  test('a file that is not there, a folder without logs, a damaged gzip', () => {
    expect(run(['--from', join(folder, 'nowhere')])).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('there is no file'),
    })
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    // A folder in it is no file of -ff.
    mkdirSync(join(empty, 'gtk-2.0'))
    expect(run(['--from', empty])).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('holds no file of strace -ff'),
    })
    const cut = file('cut.gz', gzipSync(readFileSync(LOG)).subarray(0, 2000))
    expect(run(['--from', cut])).toMatchObject({ status: 4, stderr: expect.stringContaining('could not be read') })
  })
})

describe('a malformed line', () => {
  test('is counted and quoted once, and the rest is read', () => {
    const log = readFileSync(LOG, 'latin1').split('\n')
    log.splice(10, 0, 'gar\x1bbage', 'garbage')
    const { status, stderr, stdout } = run(['--from', file('odd.log', log.join('\n')), '-q'])
    expect(stderr).toBe(
      `trace-syscalls: 2 lines of ${join(folder, 'odd.log')} skipped: not a line of strace; first is line 11: gar\\x1bbage\n`,
    )
    expect(stdout).toBe(run(['--from', LOG, '-q']).stdout)
    expect(status).toBe(0)
  })
})

describe('wrong usage ends with 2', () => {
  test.each([
    [['--from', TABLE, 'ls'], /--from reads a recording/],
    [['--from', TABLE, '-S', 'size'], /cannot be sorted by "size"/],
    [['--from', TABLE, '-U', 'calls,bogus'], /there is no column "bogus"/],
    [['--from', TABLE, '-U', 'calls,count'], /more than once/],
    [['--from', TABLE, '--fail-on', 'calls:x>1'], /there is none/],
    [['--diff', TABLE, '--from', TABLE, '--fail-on', 'x'], /is no condition/],
    [['--diff', TABLE, '--from', TABLE, '--fail-on', 'calls:fuetx>5'], /no system call\n.*did you mean futex/],
    [['--diff', TABLE, '--from', LOG, '--fail-on', 'time:futex>+5%'], /no kind of time in common/],
    [[], /nothing to trace/],
    [['-p', '1', 'ls'], /a command and a pid were given/],
    [['-p', 'x'], /is no pid/],
    [['--duration', 'soon', 'ls'], /--duration soon is no time/],
  ])('%j', (argv, message) => {
    const { status, stderr } = run(argv)
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })

  test('a view the source cannot answer says what is needed', () => {
    const { status, stderr } = run(['--from', TABLE, '--by', 'file'])
    expect(stderr).toMatch(/by file cannot be shown: this source \(strace-summary\) does not say which file/)
    expect(status).toBe(4)
  })
})

test('--help is ours before the command, and says what the columns are', () => {
  const { stdout, status } = run(['--help'])
  expect(status).toBe(0)
  for (const section of ['EXAMPLES', 'USAGE', 'FLAGS', 'FIELDS', 'CONDITIONS', 'OVERHEAD', 'EXIT CODES'])
    expect(stdout).toContain(`${section}\n`)
  for (const metric of Object.keys(METRICS)) expect(stdout).toMatch(new RegExp(`^  ${metric} +\\w`, 'm'))
})
