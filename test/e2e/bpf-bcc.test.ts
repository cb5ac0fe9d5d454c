import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const bpf = (...args: string[]) => runBin('linsight', ['bpf', ...args])

describe('bpf bcc', () => {
  test('--help is ours in front of TOOL', () => {
    const { status, stdout } = bpf('bcc', '--help')
    expect(status).toBe(0)
    expect(stdout.indexOf('EXAMPLES')).toBeLessThan(stdout.indexOf('USAGE'))
    for (const section of ['FIELDS', 'OVERHEAD', 'EXIT CODES']) expect(stdout).toContain(section)
  })

  test.each([[[]], [['--json']], [['--']]])('no TOOL: %j', args => {
    const { status, stdout, stderr } = bpf('bcc', ...args)
    expect(`${stdout}${stderr}`).toContain('no TOOL given')
    expect(status).toBe(2)
  })
})

describe('bpf replay of a tool', () => {
  const replay = (lines: string[], ...args: string[]) => {
    const file = join(temporaryFolder(), 'run.rec')
    const header = {
      schema: 'linsight/bpf-tool-recording/1',
      tool: 'biotop',
      family: 'libbpf',
      path: '/usr/sbin/biotop',
      args: [],
    }
    writeFileSync(file, [JSON.stringify({ ...header, host: 'server' }), ...lines, ''].join('\n'))
    return bpf('replay', file, ...args)
  }
  const END = '{"exitCode":0,"durationMs":5,"endedBy":"interrupt"}'

  test('rows, warnings and the summary come back without root or Linux', () => {
    const run = replay(
      ['> SYSCALL                   COUNT', '> read                         12', '! lost 3 events on CPU #0', END],
      '--json',
    )
    expect(run.status).toBe(0)
    const lines = run.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines[1]).toEqual({ type: 'row', syscall: 'read', count: 12 })
    expect(lines.at(-1)).toMatchObject({
      type: 'summary',
      host: 'server',
      lostAtLeast: 3,
      source: expect.stringContaining('run.rec'),
    })
  })

  test('so does the failure, which ended with status 0', () => {
    const run = replay([
      "! libbpf: failed to add legacy kprobe event for 'vfs_read+0x0': No such file or directory",
      END,
    ])
    expect(run.stderr).toContain('biotop could not start: it probes functions of the kernel')
    expect(run.status).toBe(5)
  })
})
