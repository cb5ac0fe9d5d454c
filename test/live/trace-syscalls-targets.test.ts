import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { findTool } from '../../src/children/find-tool.ts'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run as runProgram, runAsNobody, runBin, type RunOptions } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { isAlive, statusField, until } from '../support/until.ts'
import { background, buildKnownCalls, callsOf, pidsWith, trace } from './traced.ts'

const needed = needs('root', 'tracefs', 'gcc', 'bpftrace', 'strace', 'setpriv', 'ps')
const folder = temporaryFolder()
const TRACE_SYSCALLS = binPath('trace-syscalls')

/** Starts the command line tool; `stderr` fills up as it goes. */
function start(...args: string[]): {
  child: ChildProcess
  pid: number
  output(): string
  ended: Promise<number | null>
} {
  const child = spawn(process.execPath, [TRACE_SYSCALLS, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'close').then(([status]) => status as number | null)
  return { child, pid: child.pid!, output: () => output, ended }
}

/** Runs it to its end. */
function run(args: readonly string[], options: RunOptions & { asNobody?: boolean } = {}) {
  const { asNobody = false, ...more } = options
  return (asNobody ? runAsNobody : runBin)('trace-syscalls', args, { encoding: 'latin1', ...more })
}

/** Whether a process goes on making calls: its own CPU time grows. */
async function goesOn(pid: number): Promise<boolean> {
  const ticks = () => Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')[12])
  const before = ticks()
  return until(() => ticks() > before)
}

describe('what becomes of targets', needed, () => {
  let program = ''
  beforeAll(() => {
    program = buildKnownCalls()
  })

  describe.each([['bpf'], ['strace']])('a command under %s', backend => {
    test('keeps its stdin and stdout, and the profile goes to stderr', () => {
      const { status, stdout, stderr } = run(['--backend', backend, 'tr', 'a-z', 'A-Z'], { input: 'hello\n' })
      expect(stdout).toBe('HELLO\n')
      expect(stderr).toMatch(/ total/)
      expect(status).toBe(0)
    })

    test('gives its exit status, also where a signal ends it', () => {
      expect(run(['--backend', backend, '--', 'sh', '-c', 'exit 37']).status).toBe(37)
      expect(run(['--backend', backend, '--', 'sh', '-c', 'kill -TERM $$']).status).toBe(143)
    })

    test('keeps its own stderr to itself with -o', () => {
      const file = join(folder, `${backend}.txt`)
      const { stderr } = run(['--backend', backend, '-o', file, '--', 'sh', '-c', 'echo mine >&2'])
      expect(stderr.split('\n').filter(line => !line.startsWith('trace-syscalls:'))).toEqual(['mine', ''])
      expect(readFileSync(file, 'utf8')).toMatch(/ execve/)
    })

    test('keeps its locale', () => {
      const args = ['--backend', backend, 'sh', '-c', 'echo "<$LC_ALL>"']
      const shown = run(args, { env: { LC_ALL: 'de_DE.UTF-8' } })
      expect(shown.stdout).toBe('<de_DE.UTF-8>\n')
    })

    test('gets the signals that we get, and we report what it did', async () => {
      const mark = join(folder, `ready-${backend}`)
      const run = start(
        '--backend',
        backend,
        '--',
        'sh',
        '-c',
        `trap 'exit 23' TERM; echo $$ > ${mark}; while :; do sleep 0.05; done`,
      )
      expect(await until(() => existsSync(mark) && readFileSync(mark, 'latin1').endsWith('\n'))).toBe(true)
      run.child.kill('SIGTERM')
      expect(await run.ended).toBe(23)
      expect(run.output()).toMatch(/ execve/)
    })

    test('dies with us when we are killed, and so does the tracer', async () => {
      const mark = join(folder, `killed-${backend}`)
      const run = start('--backend', backend, '--', 'sh', '-c', `echo $$ > ${mark}; exec ${program} busy`)
      expect(await until(() => existsSync(mark) && readFileSync(mark, 'latin1').endsWith('\n'))).toBe(true)
      const pid = Number(readFileSync(mark, 'latin1'))
      run.child.kill('SIGKILL')
      await run.ended
      expect(await until(() => !isAlive(pid))).toBe(true)
      expect(await until(() => pidsWith(program).length === 0)).toBe(true)
      if (backend === 'bpf') expect(await until(() => childrenOfNobody('bpftrace').length === 0)).toBe(true)
    })

    test('goes on when its time of tracing is over', () => {
      const { status, stdout } = run([
        '--backend',
        backend,
        '--duration',
        '300ms',
        'sh',
        '-c',
        'sleep 1; echo on; exit 3',
      ])
      expect(stdout).toBe('on\n')
      expect(status).toBe(3)
    })
  })

  describe.each([['bpf'], ['strace']])('a process that %s attaches to', backend => {
    test.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('runs on after %s', async (signal, expected) => {
      const busy = background(program, 'busy')
      try {
        const run = start('--backend', backend, '--interval', '300ms', '-p', String(busy.pid))
        expect(await until(() => run.output().includes(' write'))).toBe(true)
        run.child.kill(signal)
        expect(await run.ended).toBe(expected)
        expect(run.output()).toMatch(/ write/)
        expect(statusField(busy.pid, 'TracerPid')).toBe('0')
        expect(await goesOn(busy.pid)).toBe(true)
      } finally {
        busy.end()
      }
    })

    test('runs on after we are killed, on all its CPUs', async () => {
      const busy = background(program, 'busy')
      const cpus = statusField(busy.pid, 'Cpus_allowed_list')
      try {
        const run = start('--backend', backend, '-p', String(busy.pid))
        if (backend === 'strace') {
          expect(await until(() => statusField(busy.pid, 'TracerPid') !== '0')).toBe(true)
          // Single-threaded: it is put on one CPU together with strace.
          if (cpus !== '0') expect(await until(() => statusField(busy.pid, 'Cpus_allowed_list') !== cpus)).toBe(true)
        } else expect(await until(() => pidsWith('bpftrace -f json').length > 0)).toBe(true)
        run.child.kill('SIGKILL')
        await run.ended
        expect(await until(() => statusField(busy.pid, 'TracerPid') === '0')).toBe(true)
        expect(await until(() => statusField(busy.pid, 'Cpus_allowed_list') === cpus)).toBe(true)
        expect(await goesOn(busy.pid)).toBe(true)
        expect(await until(() => childrenOfNobody('bpftrace').length === 0)).toBe(true)
      } finally {
        busy.end()
      }
    })

    test('may exec, fork and die', async () => {
      const sh = background('sh', '-c', `sleep 3; ${program} children; exec ${program} threads`)
      const { profile, status } = await trace(
        backend as 'bpf' | 'strace',
        { kind: 'pids', pids: [sh.pid] },
        { followChildren: true },
      )
      expect(status).toBe(0)
      expect(callsOf(profile)).toMatchObject({ getppid: 3 * 401 + 3 * 1013 })
      sh.end()
    })
  })

  test('strace lets go of the CPU when its time is over', async () => {
    const busy = background(program, 'busy')
    const cpus = statusField(busy.pid, 'Cpus_allowed_list')
    try {
      const { profile } = await trace('strace', { kind: 'pids', pids: [busy.pid] }, { durationMs: 700 })
      expect(callsOf(profile)['write']).toBeGreaterThan(100)
      expect(statusField(busy.pid, 'Cpus_allowed_list')).toBe(cpus)
      expect(statusField(busy.pid, 'TracerPid')).toBe('0')
    } finally {
      busy.end()
    }
  })

  test('a stopped process stays stopped', async () => {
    const busy = background(program, 'busy')
    try {
      busy.child.kill('SIGSTOP')
      expect(await until(() => statusField(busy.pid, 'State')?.startsWith('T') === true)).toBe(true)
      await trace('strace', { kind: 'pids', pids: [busy.pid] }, { durationMs: 300 })
      expect(statusField(busy.pid, 'State')).toMatch(/^T/)
    } finally {
      busy.end()
    }
  })

  test('a cgroup is counted with those below it, and without ourselves', async () => {
    const root = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find(mount => existsSync(join(mount, 'cgroup.procs')))!
    const outer = join(root, `linsight-test-${process.pid}`)
    const inner = join(outer, 'inner')
    mkdirSync(outer)
    mkdirSync(inner)
    const busy = background(program, 'busy')
    try {
      writeFileSync(join(inner, 'cgroup.procs'), String(busy.pid))
      const { profile } = await trace('bpf', { kind: 'cgroup', path: outer }, { durationMs: 500 })
      expect(Object.keys(callsOf(profile)).toSorted()).toEqual(['read', 'write'])
    } finally {
      busy.end()
      await until(() => !isAlive(busy.pid))
      rmdirSync(inner)
      rmdirSync(outer)
    }
  })

  describe('one sentence and exit 3', () => {
    test.each([
      ['no such process', ['-p', '4194303'], /process 4194303 cannot be traced/],
      ['no such command', ['nosuchcommand'], /nosuchcommand cannot be run/],
      ['no such cgroup', ['--cgroup', '/nonexistent'], /\/nonexistent cannot be traced/],
    ])('%s', (_, args, sentence) => {
      const { status, stderr } = run(args)
      expect(stderr).toMatch(sentence)
      expect(stderr).not.toMatch(/ {4}at |counting with/)
      expect(status).toBe(3)
    })

    test('of what is no system call before anything is traced', () => {
      const { status, stderr } = run(['--backend', 'bpf', '-e', 'trace=nosuchcall', 'true'])
      expect(stderr).toMatch(/^trace-syscalls: -e trace= names nosuchcall, which is no system call of /)
      expect(status).toBe(2)
    })

    test('another user’s process', () => {
      const busy = background(program, 'blocked')
      const { status, stderr } = run(['--backend', 'strace', '-p', String(busy.pid)], { asNobody: true })
      busy.end()
      expect(stderr).toMatch(/belongs to user 0/)
      expect(status).toBe(3)
    })

    test('eBPF without root', () => {
      const { status, stderr } = run(['--backend', 'bpf', 'true'], { asNobody: true })
      expect(stderr).toMatch(/user 65534 is not root and holds neither CAP_BPF and CAP_PERFMON .*\n.*sudo/)
      expect(status).toBe(3)
    })

    test.each([['-p'], ['--']])('ptrace forbidden, as in a container: %s', how => {
      const busy = background(program, 'busy')
      const words = how === '-p' ? ['-p', String(busy.pid)] : ['--', 'true']
      const forbid = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=ptrace', '-e', 'inject=ptrace:error=EPERM']
      const traced = [process.execPath, TRACE_SYSCALLS, '--backend', 'strace', ...words]
      const { status, stderr } = runProgram('strace', [...forbid, ...traced])
      busy.end()
      expect(stderr).toMatch(/Operation not permitted\n.*--cap-add SYS_PTRACE/)
      expect(status).toBe(3)
    })

    test('a process that is traced already', async () => {
      const busy = background(program, 'busy')
      const strace = spawn('strace', ['-qq', '-o', '/dev/null', '-p', String(busy.pid)], { stdio: 'ignore' })
      try {
        expect(await until(() => statusField(busy.pid, 'TracerPid') !== '0')).toBe(true)
        const { status, stderr } = run(['--backend', 'strace', '-p', String(busy.pid)])
        expect(stderr).toMatch(/\(strace\) traces process \d+ already/)
        expect(status).toBe(3)
      } finally {
        strace.kill()
        busy.end()
      }
    })
  })

  test('perf does not follow, so -f is refused, and threads it missed are told', async () => {
    const { status, stderr, stdout } = run(['--backend', 'perf', '-f', 'echo', 'hello'])
    expect(stderr).toMatch(/perf trace does not follow/)
    expect([status, stdout]).toEqual([3, ''])
    const { profile } = await trace('perf', { kind: 'command', argv: ['sh', '-c', 'true & wait'] })
    // Under load it may lose the clone itself, and says then that it may have lost calls.
    if (callsOf(profile)['clone'] !== undefined)
      expect(profile.warnings.map(({ code }) => code)).toContain('threads-uncounted')
  })

  test('the log of strace is printed with -C only', () => {
    for (const view of [['--by', 'thread'], ['--by', 'file'], ['--slowest', '3'], ['--tree']])
      expect(run(['--backend', 'strace', ...view, 'true']).stderr).not.toMatch(/execve\(.*\) += 0 <.*\n.*brk\(/)
    expect(run(['--backend', 'strace', '-C', 'true']).stderr).toMatch(/execve\(.*\) += 0 <.*\n.*brk\(/)
  })

  test('what strace does not understand is wrong usage, and the command is not run', () => {
    const { status, stderr, stdout } = run(['--backend', 'strace', '-e', 'trace=nosuch', 'echo', 'hello'])
    expect(stderr).toMatch(/strace does not take -e trace=nosuch: invalid system call 'nosuch'/)
    expect([status, stdout]).toEqual([2, ''])
  })

  test('no process of a name, and no call, are said', () => {
    const { status, stderr, stdout } = run(['--comm', 'nosuchcomm', '--duration', '300ms'])
    expect(stderr).toContain('no process is called nosuchcomm yet: those that come are counted')
    expect(stdout).toContain('No system call returned while it was watched.')
    expect(status).toBe(0)
  })

  test('runs of eBPF and of strace are compared by calls alone', () => {
    const [before, after] = ['before.json', 'after.json'].map(name => join(folder, name)) as [string, string]
    run(['--backend', 'bpf', '-f', '-q', '--record', before, program])
    run(['--backend', 'strace', '-f', '-q', '--record', after, program])
    const diff = run(['--diff', before, '--from', after, '--fail-on', 'calls:getppid>+0'])
    expect(diff.stdout).toMatch(/Times are not compared: the one was measured with bpftrace .*, the other with strace/)
    expect(diff.stdout).not.toMatch(/vanished/)
    expect(diff.status).toBe(0)
    const time = run(['--diff', before, '--from', after, '--fail-on', 'time:getppid>+20%'])
    expect([time.status, time.stdout]).toEqual([2, ''])
  })

  test('our own ancestors are refused', () => {
    const { status, stderr } = run(['--backend', 'strace', '-p', String(process.pid)])
    expect(stderr).toMatch(/started this command/)
    expect(status).toBe(2)
  })

  test('without root a command is traced by strace, and why is said', () => {
    const { status, stderr } = run(['sh', '-c', 'exit 5'], { asNobody: true })
    expect(stderr).toMatch(/counting with strace .*user 65534 is not root/)
    expect(status).toBe(5)
  })

  test('without root a set-user-ID program has no other rights under strace, and that is said', () => {
    const file = join(folder, 'id')
    copyFileSync(findTool(['id'])!, file)
    chmodSync(file, 0o4755)
    chmodSync(folder, 0o755)
    const { stdout, stderr } = run([file, '-u'], { asNobody: true })
    expect(stdout).toBe('65534\n')
    expect(stderr).toMatch(
      /id is a set-user-ID program, and traced by strace it runs with the rights of this user only/,
    )
    expect(run(['true'], { asNobody: true }).stderr).not.toMatch(/set-user-ID/)
  })

  test('a process is not traced with strace unasked', () => {
    const busy = background('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', program, 'busy')
    try {
      const { status, stderr } = run(['-p', String(busy.pid)], { asNobody: true })
      expect(stderr).toMatch(/not traced with strace unless asked for.*\n.*--backend strace/)
      expect(status).toBe(3)
    } finally {
      busy.end()
    }
  })
})

/** Processes of this name whose parent is gone. */
function childrenOfNobody(name: string): number[] {
  return pidsWith(`${name} -f json`).filter(pid => statusField(pid, 'PPid') === '1')
}
