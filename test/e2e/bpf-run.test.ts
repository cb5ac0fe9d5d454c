import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { fixture } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const bpf = (...args: string[]) => runBin('linsight', ['bpf', ...args])
const recording = fixture('bpf/opensnoop.ndjson')

describe('replay needs neither root nor Linux', () => {
  test('as a table', () => {
    const { stdout, stderr, status } = bpf('replay', recording)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toBe('TIME                PID   UID COMM               FD ERR    PATH')
    expect(lines.filter(line => line.endsWith(' /etc/hostname'))).toHaveLength(1)
    expect(lines.filter(line => line.endsWith(' ENOENT /nonexistent'))).toHaveLength(1)
  })

  test('as JSON, every line an object, the summary last', () => {
    const lines = bpf('replay', recording, '--json')
      .stdout.trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toMatchObject({ type: 'start', schema: 'linsight/bpf-run/1', job: 'opensnoop', source: recording })
    expect(lines.find(line => line['path'] === '/nonexistent')).toMatchObject({
      type: 'event',
      comm: 'cat',
      error: 'ENOENT',
    })
    expect(lines.at(-1)).toMatchObject({ type: 'summary', lostAtLeast: 0, warnings: [] })
  })

  test('from a named pipe, as a shell makes of <(…), of either kind', needs('mkfifo'), () => {
    const tool = join(temporaryFolder(), 'tool.ndjson')
    const header = {
      schema: 'linsight/bpf-tool-recording/1',
      tool: 'opensnoop',
      family: 'libbpf',
      path: '/o',
      args: [],
    }
    writeFileSync(
      tool,
      `${JSON.stringify(header)}\n> PID    COMM              FD ERR PATH\n> 1      a       3   0 /x\n`,
    )
    for (const file of [recording, tool]) {
      const pipe = join(temporaryFolder(), 'pipe')
      spawnSync('mkfifo', [pipe])
      spawn('sh', ['-c', 'cat "$0" > "$1"', file, pipe], { stdio: 'ignore' })
      const { status, stdout } = bpf('replay', pipe)
      expect([status, stdout]).toEqual([0, bpf('replay', file).stdout])
      expect(stdout).toMatch(/\/(x|etc\/hostname)\n/)
    }
  })

  test('a recording that was cut says so', () => {
    const cut = join(temporaryFolder(), 'cut.ndjson')
    writeFileSync(cut, readFileSync(recording).subarray(0, 3000))
    const { stderr, status } = bpf('replay', cut)
    expect(status).toBe(0)
    expect(stderr).toContain('the recording ends before the run did')
  })
})

test.each([
  [['run', 'nosuch'], 2, 'there is no job nosuch'],
  [['run', 'opensno'], 2, 'did you mean opensnoop?'],
  [['run', 'opnsnoop'], 2, 'did you mean opensnoop?'],
  [['run', 'execsnoop', '--'], 2, 'no command behind --'],
  [['script', 'x.bt', '--'], 2, 'no command behind --'],
  [['run'], 2, 'no JOB given'],
  [['run', 'opensnoop', 'ls'], 2, 'a command to trace stands behind --'],
  [['run', 'opensnoop', '--duration', 'abc'], 2, 'linsight: --duration abc is no time\n'],
  [['run', 'opensnoop', '--comm', '1234567890123456'], 2, '--comm takes 1 to 15 bytes'],
  [['run', 'opensnoop', '--pid', '0'], 2, ''],
  [['run', 'opensnoop', '--min-latency', '1ms'], 2, 'measures no latency'],
  [['run', 'oomkill', '--cgroup', '/'], 2, 'cannot be filtered by cgroup'],
  [['run', 'gethostlatency', '--object', '/x:y { }'], 2, 'no absolute path of plain characters'],
  [['script'], 2, 'no script FILE given'],
  [['script', '/nonexistent.bt'], 4, 'there is no script /nonexistent.bt'],
  [['replay', '/nonexistent'], 4, 'there is no recording at /nonexistent'],
  [['replay', recording, '--flame', 'x.svg'], 2, 'no stacks'],
] as [string[], number, string][])('bpf %j ends with %d', (args, status, message) => {
  const result = bpf(...args)
  expect(result.status).toBe(status)
  expect(result.stderr).toContain(message)
  expect(result.stdout).toBe('')
})

test('show prints the program and starts nothing', () => {
  const args = ['bpf', 'show', 'opensnoop', '--comm', 'x" ; exit()']
  const { stdout, status } = runBin('linsight', args, { env: { PATH: '/nonexistent' } })
  expect(status).toBe(0)
  expect(stdout).toContain(String.raw`comm == "x\x22\x20\x3b\x20exit\x28\x29"`)
  expect(stdout).toContain('interval:ms:50 { print(("beat", nsecs)); }')
})

test.each(['run', 'show', 'script', 'replay'])('help of %s begins with examples', command => {
  const { stdout, status } = bpf(command, '--help')
  expect(status).toBe(0)
  expect(stdout.indexOf('EXAMPLES')).toBeLessThan(stdout.indexOf('USAGE'))
  expect(stdout).toContain('FIELDS')
})
