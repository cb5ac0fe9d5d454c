import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { followTool } from './tool-session.ts'
import { TOOL_RECORDING_SCHEMA, type ToolRunEnd, type ToolRunHeader } from './tool-run.ts'
import { fixture } from '../../../test/support/paths.ts'

const TOOLS = fixture('bpf/tools/')
const ERRORS = readdirSync(`${TOOLS}errors`)
const errorText = (file: string) => readFileSync(`${TOOLS}errors/${file}`, 'latin1')

interface Printed extends Partial<ToolRunEnd>, Partial<Pick<ToolRunHeader, 'family' | 'timers' | 'wrongHeaders'>> {
  stdout?: string
  stderr?: string
}

/** A run that printed something and was stopped by us, as a live one usually is. */
function run({ stdout = '', stderr = '', family = 'libbpf', timers, wrongHeaders, ...end }: Printed) {
  const header = {
    tool: 'opensnoop',
    family,
    path: '/x',
    args: [],
    host: undefined,
    kernel: undefined,
    takenAt: undefined,
  } as const
  const session = followTool({ schema: TOOL_RECORDING_SCHEMA, ...header, timers, wrongHeaders }, () => {})
  for (const line of stdout.split('\n')) session.line(line)
  for (const line of stderr.split('\n')) session.stderrLine(line)
  return session.finish({ exitCode: 0, endedBy: 'interrupt', durationMs: 1, ...end }).verdict
}
const codes = (verdict: { warnings: { code: string }[] }) => verdict.warnings.map(warning => warning.code)
const HEADER = 'PID    COMM              FD ERR PATH\n'
const ROW = '1      a                  3   0 /x\n'

describe('what tools said when they failed, status 0 or not', () => {
  const BECAUSE: Record<string, RegExp> = {
    kprobes:
      /^(biotop|btrfs\w+|capable|ext4\w+|filelife|filetop|fsdist|fsslower|funclatency|klockstat|ksnoop|nfs\w+|oomkill|slabratetop|solisten|tcp\w+|vfsstat|xfs\w+)\.txt$|^(vfsstat|xfsdist|tcpsynbl|capable|biolatency)\.bt\.txt$/,
    fentry: /^(biosnoop|biostacks|cachestat|mdflush|readahead)\.txt$/,
    hardware: /^llcstat/,
    cpufreq: /^cpufreq/,
    headers: /^(noheaders|tcpdrop\.bt)/,
    user: /^notroot\.(libbpf|bt)/,
    btf: /^nobtf/,
    tracefs: /^notracefs/,
  }
  const UNEXPLAINED = /^(numamove|runqlen|bindsnoop|wakeuptime|notroot\.bcc031|runqlat\.bt|loads\.bt)/

  test.each(ERRORS.filter(file => !UNEXPLAINED.test(file)))('%s names the check that knows why', file => {
    const [because] = Object.entries(BECAUSE).find(([, files]) => files.test(file)) ?? ['no check']
    for (const exitCode of [0, 1]) {
      const verdict = run({ stderr: errorText(file), exitCode, endedBy: 'itself' })
      expect(verdict.failure, file).toMatchObject({
        because,
        message: expect.stringMatching(/^opensnoop could not start: /),
      })
    }
  })

  test.each([
    ['numamove.txt', { usage: true }],
    ['runqlen.txt', { message: expect.stringContaining('this kernel does not have') }],
    ['bindsnoop.txt', { message: expect.stringContaining('this kernel does not have') }],
  ])('%s', (file, expected) => {
    expect(run({ stderr: errorText(file), exitCode: 1, endedBy: 'itself' }).failure).toMatchObject(expected)
  })

  test('every recorded error is one of these', () => {
    expect(ERRORS.length).toBeGreaterThan(45)
  })

  test('the same text beside results is no failure', () => {
    expect(run({ stdout: HEADER + ROW, stderr: errorText('biotop.txt'), exitCode: 0 }).failure).toBeUndefined()
  })
})

describe('truth rules', () => {
  test.each<[string, Parameters<typeof run>[0], string[]]>([
    ['a good run', { stdout: HEADER + ROW }, []],
    ['status 1 after results', { stdout: HEADER + ROW, exitCode: 1 }, []],
    ['a header and nothing else', { stdout: HEADER }, ['no-events']],
    ['nothing at all', {}, ['no-events']],
    [
      'lost events on stderr',
      { stdout: HEADER + ROW, stderr: 'lost 83 events on CPU #0\nlost 5 events on CPU #1\n' },
      ['events-lost'],
    ],
    [
      'lost events on stdout',
      { stdout: `${HEADER + ROW}Lost 7 events on CPU #1!\n` },
      ['events-lost', 'lines-unknown'],
    ],
    ['BCC’s way to say it', { stdout: HEADER + ROW, stderr: 'Possibly lost 12 samples\n' }, ['events-lost']],
    [
      'some probes skipped',
      {
        stdout: `Attaching 6 probes...\n${HEADER}${ROW}`,
        stderr: 'WARNING: could not attach probe kprobe:vfs_a, skipping.\n',
      },
      ['probes-skipped'],
    ],
    [
      'headers of another kernel',
      { stdout: HEADER + ROW, wrongHeaders: { headers: '6.12.0', kernel: '6.18.0' } },
      ['headers-differ'],
    ],
    [
      'a petabyte in a millisecond',
      {
        stdout:
          'PID     COMM             LADDR           LPORT RADDR           RPORT TX_KB  RX_KB  MS\n1       x                127.0.0.1       1     127.0.0.1       2     0.00   13833548595200.00 0.17\n',
      },
      ['values-implausible'],
    ],
    [
      'a process 0 that ends',
      {
        stdout:
          'PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE\nx                0       0       0       0.00    0\n',
      },
      ['values-implausible'],
    ],
    ['a line nobody knows', { stdout: `${HEADER}${ROW}!!!\n` }, ['lines-unknown']],
    [
      'ended by force',
      { stdout: HEADER + ROW, endedBy: 'kill', signal: 'SIGKILL', exitCode: undefined },
      ['ended-by-force'],
    ],
    [
      'a crash after results',
      { stdout: HEADER + ROW, endedBy: 'itself', signal: 'SIGSEGV', exitCode: undefined },
      ['tool-crashed'],
    ],
    [
      'stacks missed',
      { stdout: HEADER + ROW, stderr: 'missed kernel stack: -2\nmissed kernel stack: -2\n' },
      ['stacks-missed'],
    ],
    [
      'a bpftrace script that only waits',
      { family: 'bpftrace', timers: 1, stdout: `Attaching 2 probes...\n${HEADER}` },
      ['no-events'],
    ],
    [
      'noise alone',
      { stdout: HEADER + ROW, stderr: "WARNING: Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace.\n" },
      [],
    ],
  ])('%s', (_, facts, expected) => {
    const verdict = run(facts)
    expect(verdict.failure).toBeUndefined()
    expect(codes(verdict)).toEqual(expected)
  })

  test('losses add up', () => {
    expect(
      run({ stdout: HEADER + ROW, stderr: 'lost 83 events on CPU #0\nlost 5 events on CPU #1\n' }).lostAtLeast,
    ).toBe(88)
  })

  test.each<[string, Parameters<typeof run>[0], RegExp]>([
    [
      'all probes skipped, status 0',
      {
        family: 'bpftrace',
        stdout: 'Attaching 4 probes...\nTracing VFS calls... Hit Ctrl-C to end.\n',
        stderr:
          'WARNING: could not attach probe kprobe:a, skipping.\nWARNING: could not attach probe kprobe:b, skipping.\n',
      },
      /it probes functions of the kernel/,
    ],
    [
      'a wildcard that matched nothing, status 0',
      {
        family: 'bpftrace',
        timers: 1,
        stdout: 'Attaching 1 probe...\nTracing VFS calls... Hit Ctrl-C to end.\n',
        stderr:
          'WARNING: Could not read symbols from /sys/kernel/debug/tracing/available_filter_functions: Operation not permitted\n',
      },
      /matches no function of the kernel/,
    ],
    [
      'a crash at once',
      { exitCode: undefined, signal: 'SIGSEGV', endedBy: 'itself' },
      /^opensnoop crashed \(SIGSEGV\)$/,
    ],
    ['status 255 and silence', { exitCode: 255, endedBy: 'itself' }, /ended with status 255 and said nothing/],
    [
      'its own words where we know no better',
      { exitCode: 1, endedBy: 'itself', stderr: 'odd thing\n' },
      /^opensnoop failed: odd thing$/,
    ],
  ])('nothing came of it: %s', (_, facts, message) => {
    expect(run(facts).failure?.message).toMatch(message)
  })
})
