// What only a live machine makes commands print fits its schema.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { schemaErrors, streamErrors } from '../support/schemas.ts'

describe('documents of this machine', needs('Linux'), () => {
  test.each<[schema: string, bin: string, args: string[]]>([
    ['sockets', 'mynetstat', ['-anp']],
    ['sockets', 'mynetstat', ['-lnt']],
    ['counters', 'mynetstat', ['-s']],
    ['routes', 'mynetstat', ['-r', '-v']],
    ['interfaces', 'mynetstat', ['-i']],
    ['groups', 'mynetstat', ['-g']],
    ['time-wait', 'tw-stats', []],
    ['time-wait-namespaces', 'tw-stats', ['--all-netns']],
    ...['opensnoop', 'fsynclat', 'syscount', 'profile'].map((job): [string, string, string[]] => [
      'bpf-show',
      'linsight',
      ['bpf', 'show', job],
    ]),
    ['bpf-doctor', 'linsight', ['bpf', 'doctor']],
    ['bpf-doctor', 'linsight', ['bpf', 'doctor', '--versions']],
    ['bpf-list', 'linsight', ['bpf', 'list', '--all']],
    ['snapshot', 'linsight', ['snapshot', 'save', '-']],
    [
      'snapshot-saved',
      'linsight',
      ['snapshot', 'save', `${process.env['TMPDIR'] ?? '/tmp'}/linsight-schema.snap.json`],
    ],
  ])('%s: %s %j', (schema, bin, args) => {
    const { stdout } = runBin(bin, [...args, '--json'])
    expect(schemaErrors(schema, JSON.parse(stdout))).toEqual([])
  })
})

describe('streams', needs('Linux'), () => {
  test('mynetstat -c', async () => {
    expect(streamErrors('sockets-line', await interrupted('mynetstat', ['-ant', '-c', '0.1']))).toEqual([])
  })

  test('mynetstat --watch', async () => {
    const noise = setInterval(() => createServer().listen(0).unref().close(), 50)
    onTestFinished(() => clearInterval(noise))
    const text = await interrupted('mynetstat', ['-antp', '--watch', '0.1'])
    expect(streamErrors('socket-changes-line', text)).toEqual([])
  })

  test('mynetstat -s --watch', async () => {
    const text = await interrupted('mynetstat', ['-s', '--watch', '0.1'])
    expect(streamErrors('counters-line', text)).toEqual([])
  })

  test('tw-stats --watch', async () => {
    const text = await interrupted('tw-stats', ['--watch', '0.1'])
    expect(streamErrors('time-wait-line', text)).toEqual([])
    const types = text
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { type: string }).type)
    expect(new Set(types)).toEqual(new Set(['rows', 'counters', 'summary']))
  })
})

describe('trace-syscalls --interval', needs('root', 'tracefs', 'bpftrace', 'strace'), () => {
  test.each(['strace', 'bpf'])('with %s', backend => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => fs.statSync("/"), 20)'], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    const args = ['--backend', backend, '--interval', '300ms', '--duration', '1s', '-p', String(child.pid), '--json']
    const { stdout } = runBin('trace-syscalls', args)
    expect(streamErrors('syscall-profile-line', stdout)).toEqual([])
    expect(stdout.split('\n').length).toBeGreaterThan(2)
  })
})

/** What a command that goes on prints when it is interrupted after its third line. */
async function interrupted(bin: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [binPath(bin), ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  let isAsked = false
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    if (isAsked || text.split('\n').length <= 3) return
    isAsked = true
    child.kill('SIGINT')
  })
  await once(child, 'close')
  return text
}
