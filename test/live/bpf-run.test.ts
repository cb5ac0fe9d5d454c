import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findTool } from '../../src/children/find-tool.ts'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { runAsNobody, runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { isAlive, until } from '../support/until.ts'
import { PYTHON, startLinsight, startLoad, traceLoad, type Line } from './bpf-live.ts'

const needed = needs('root', 'tracefs', 'bpftrace', 'python3', 'unshare')
const memoryCgroup = needs({
  need: 'the memory controller of cgroup v1',
  isMet: () => existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes'),
})
const folder = temporaryFolder()

const events = (lines: readonly Line[]) => lines.filter(line => line.type === 'event')
const bpf = (...args: string[]) => runBin('linsight', ['bpf', ...args], { encoding: 'latin1' })

/** The bpftrace that is a child of a process. */
function tracerOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')
  return children.map(Number).find(child => child > 0 && readFileSync(`/proc/${child}/comm`, 'latin1') === 'bpftrace\n')
}

describe('runs of bpftrace', needed, () => {
  test('a recording replays to the same output, as text and as JSON', async () => {
    const file = join(folder, 'opens.ndjson')
    const { lines } = await traceLoad(['opensnoop', '--record', file], 'open', 53)
    const replayed = bpf('replay', file, '--json').stdout
    const again = replayed
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Line)
    expect(again[0]).toEqual({ ...lines[0], source: file })
    expect(again.slice(1)).toEqual(lines.slice(1))
    const text = bpf('replay', file)
    expect(text.status).toBe(0)
    expect(text.stdout.split('\n').filter(line => line.includes('linsight-load-')).length).toBeGreaterThanOrEqual(53)
  })

  test('histograms and counts replay, too', async () => {
    for (const job of ['syscount', 'syslat']) {
      const file = join(folder, `${job}.ndjson`)
      const { lines } = await traceLoad([job, '--record', file], 'getppid', 211)
      const again = bpf('replay', file, '--json')
        .stdout.trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as Line)
      expect(again.slice(1)).toEqual(lines.slice(1))
    }
  })

  test('SIGKILL leaves no bpftrace, and a recording that holds what was counted', async () => {
    const file = join(folder, 'killed.ndjson')
    const load = await startLoad('getppid', 307)
    const run = startLinsight([
      'run',
      'syscount',
      '--json',
      '--interval',
      '1',
      '--record',
      file,
      '--pid',
      String(load.pid),
    ])
    await run.line('ready')
    const tracer = tracerOf(run.child.pid!)!
    await load.work()
    // Two intervals after the work every number is in the recording.
    const intervals = () => run.lines.filter(line => line.type === 'counts').length
    const before = intervals()
    expect(await until(() => intervals() >= before + 2, 10_000)).toBe(true)
    run.child.kill('SIGKILL')
    expect(await until(() => !isAlive(tracer), 2000)).toBe(true)
    await load.end()
    const replayed = bpf('replay', file, '--json')
    const lines = replayed.stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Line)
    const rows = lines.find(line => line['final'] === true)!['rows'] as Record<string, unknown>[]
    expect(rows.find(row => row['syscall'] === 'getppid')).toMatchObject({ calls: 307 })
    expect(lines.at(-1)!['warnings']).toMatchObject([{ code: 'recording-cut' }])
  })

  test('SIGTERM ends the tracer, gives the results and 143', async () => {
    const load = await startLoad('getppid', 101)
    const run = startLinsight(['run', 'syscount', '--json', '--pid', String(load.pid)])
    await run.line('ready')
    await load.work()
    run.child.kill('SIGTERM')
    const { status, summary } = await run.ended
    await load.end()
    expect(status).toBe(143)
    expect(summary.type).toBe('summary')
  })

  test('counts agree with syscount of libbpf-tools', needs('libbpf-tools', 'stdbuf'), async () => {
    const other = findTool(['syscount', 'syscount-libbpf'])
    const load = await startLoad('getppid', 1009)
    const theirs = spawn('stdbuf', ['-oL', other!, '-p', String(load.pid)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    theirs.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    const run = startLinsight(['run', 'syscount', '--json', '--pid', String(load.pid)])
    await run.line('ready')
    expect(await until(() => text.includes('Tracing'), 5000)).toBe(true)
    await load.work()
    theirs.kill('SIGINT')
    run.child.kill('SIGINT')
    await new Promise(resolve => theirs.once('close', resolve))
    const { lines } = await run.ended
    await load.end()
    const rows = lines.find(line => line['final'] === true)!['rows'] as Record<string, unknown>[]
    expect(rows.find(row => row['syscall'] === 'getppid')).toMatchObject({ calls: 1009 })
    expect(Number(/^getppid\s+(\d+)/m.exec(text)?.[1])).toBe(1009)
  })

  test('a command is traced from its first instruction, with all it starts', async () => {
    const run = startLinsight([
      'run',
      'execsnoop',
      '--json',
      '--',
      '/bin/sh',
      '-c',
      '/bin/true a; /bin/sh -c "/bin/true b; :"',
    ])
    const { lines, status } = await run.ended
    expect(status).toBe(0)
    expect(events(lines).map(event => event['args'])).toEqual([
      ['/bin/sh', '-c', '/bin/true a; /bin/sh -c "/bin/true b; :"'],
      ['/bin/true', 'a'],
      ['/bin/sh', '-c', '/bin/true b; :'],
      ['/bin/true', 'b'],
    ])
  })

  test('arguments that the caller never touched are those of the new program', async () => {
    const file = join(folder, 'arguments')
    writeFileSync(file, 'true\0x y\0')
    // Pointers into a mapping that nobody has read: the page is not there when the call begins.
    const caller = `import ctypes,os
l=ctypes.CDLL(None); l.mmap.restype=ctypes.c_void_p
l.mmap.argtypes=[ctypes.c_void_p,ctypes.c_size_t]+[ctypes.c_int]*3+[ctypes.c_long]
fd=os.open(${JSON.stringify(file)},os.O_RDONLY)
for i in range(23):
    if os.fork()==0:
        a=l.mmap(None,4096,1,2,fd,0); l.execv(b"/bin/true",(ctypes.c_void_p*3)(a,a+5,None)); os._exit(1)
    os.wait()`
    const run = startLinsight(['run', 'execsnoop', '--json', '--', PYTHON, '-c', caller])
    const { lines } = await run.ended
    const children = events(lines).filter(event => event['comm'] === 'true')
    expect(children.map(event => event['args'])).toEqual(Array.from({ length: 23 }, () => ['true', 'x y']))
  })

  test('the owner of every reset it has a part in: who connects, who closes, who listens', async () => {
    const resets = `import socket,struct
l=socket.socket(); l.bind(("127.0.0.1",0)); l.listen(5)
d=socket.socket(); d.bind(("127.0.0.1",0))
for i in range(23):
    s=socket.socket(); s.connect_ex(d.getsockname()); s.close()
    c=socket.create_connection(l.getsockname()); a,_=l.accept()
    c.setsockopt(socket.SOL_SOCKET,socket.SO_LINGER,struct.pack("ii",1,0)); c.close()
    try: a.recv(1)
    except ConnectionResetError: pass
    a.close()`
    const run = startLinsight(['run', 'tcprst', '--json', '--', PYTHON, '-c', resets])
    const { lines } = await run.ended
    const count = (direction: string) =>
      events(lines).filter(event => event['direction'] === direction && event['comm'] === 'python3').length
    // The answer to a port that nobody listens on is the kernel's own: its 23 have no owner.
    expect([count('in'), count('out'), events(lines).length]).toEqual([46, 23, 69])
  })

  test('calls of the command alone: not those of the shell that holds it', async () => {
    const run = startLinsight(['run', 'syscount', '--json', '--', '/bin/true'])
    const { lines } = await run.ended
    const rows = lines.find(line => line['final'] === true)!['rows'] as Record<string, unknown>[]
    const calls = Object.fromEntries(rows.map(row => [row['syscall'], row['calls']]))
    expect(calls).toMatchObject({ exit_group: 1 })
    expect(Object.keys(calls).filter(name => /^(fcntl|dup2|kill|rt_sigreturn)$/.test(name))).toEqual([])
  })

  test('signals of the command alone: not the one that tells us of its end', async () => {
    const run = startLinsight(['run', 'killsnoop', '--json', '--', '/bin/sh', '-c', '/bin/true; kill -URG $$; exit'])
    const { lines } = await run.ended
    expect(events(lines).map(event => event['signal'])).toEqual(['SIGCHLD', 'SIGURG'])
  })

  test.each([
    [['/bin/false'], 1],
    [['/bin/sh', '-c', 'kill -9 $$'], 137],
    [['/bin/true'], 0],
  ])('ends with the status of %j', async (command, status) => {
    expect((await startLinsight(['run', 'killsnoop', '--json', '--', ...command]).ended).status).toBe(status)
  })

  test.each([
    ['a job', ['run', 'execsnoop'], 'setsid'],
    ['a script', ['script', join(folder, 'left.bt')], ''],
  ])('what the command of %s leaves running is named, also in the replay', async (_, [...words], how) => {
    writeFileSync(join(folder, 'left.bt'), 'BEGIN { @n = 1; }')
    const file = join(folder, 'left.ndjson')
    const { lines, summary } = await startLinsight([
      ...words,
      '--json',
      '--record',
      file,
      '--',
      '/bin/sh',
      '-c',
      `exec >/dev/null 2>&1; ${how} sleep 20 &`,
    ]).ended
    const warnings = summary['warnings'] as { code: string; message: string }[]
    expect(warnings.map(({ code }) => code)).toEqual(['children-left'])
    const [, pid] = /^a process of the command still ran when it ended and is no longer traced: (\d+) sleep$/.exec(
      warnings[0]!.message,
    )!
    process.kill(Number(pid))
    const again = bpf('replay', file, '--json').stdout.trimEnd().split('\n')
    expect(again.slice(1).map(line => JSON.parse(line) as Line)).toEqual(lines.slice(1))
  })

  test('a script that runs in a container names it, too: init is of the session', () => {
    writeFileSync(join(folder, 'left.bt'), 'BEGIN { @n = 1; }')
    const { stdout } = spawnSync('unshare', [
      '--pid',
      '--fork',
      '--mount-proc',
      '--kill-child',
      '/bin/sh',
      '-c',
      '"$@"; true',
      'sh',
      process.execPath,
      binPath('linsight'),
      'bpf',
      'script',
      join(folder, 'left.bt'),
      '--json',
      '--',
      '/bin/sh',
      '-c',
      'exec >/dev/null 2>&1; sleep 20 &',
    ])
    const summary = JSON.parse(stdout.toString().trimEnd().split('\n').at(-1)!) as Line
    expect(summary['warnings']).toMatchObject([{ code: 'children-left', message: expect.stringMatching(/ sleep$/) }])
  })

  test('a command that leaves nothing running, or is ended with its run, is not spoken of', async () => {
    for (const args of [
      ['--', '/bin/sh', '-c', 'sleep 0.1 & wait'],
      ['--duration', '300ms', '--', '/bin/sh', '-c', 'sleep 1; :'],
    ]) {
      const { summary } = await startLinsight(['run', 'execsnoop', '--json', ...args]).ended
      expect(summary['warnings']).toEqual([])
    }
  })

  test('a process that ends is the end of the run, one that is not there an error', async () => {
    const sleeper = spawn('/bin/sleep', ['3'])
    const run = startLinsight(['run', 'opensnoop', '--json', '--duration', '60s', '--pid', String(sleeper.pid)])
    const { status, summary } = await run.ended
    expect([status, summary.type]).toEqual([0, 'summary'])
    const { status: missing, stderr } = bpf('run', 'opensnoop', '--pid', '4194303')
    expect([missing, stderr]).toEqual([3, 'linsight: there is no process 4194303\n'])
  })

  test('a memory cgroup that runs full: the victim', memoryCgroup, async () => {
    const group = '/sys/fs/cgroup/memory/linsight-test'
    mkdirSync(group, { recursive: true })
    try {
      writeFileSync(join(group, 'memory.limit_in_bytes'), String(24 * 1024 * 1024))
      const run = startLinsight(['run', 'oomkill', '--json'])
      await run.line('ready')
      const hungry =
        'import os; open("/sys/fs/cgroup/memory/linsight-test/tasks","w").write(str(os.getpid())); b=bytearray(64<<20); b[::4096]=b"x"*len(b[::4096])'
      const victim = spawn(PYTHON, ['-c', hungry], { stdio: 'ignore' })
      const signal = await new Promise(resolve => victim.once('exit', (_, signal) => resolve(signal)))
      expect(signal).toBe('SIGKILL')
      run.child.kill('SIGINT')
      const { lines } = await run.ended
      const mine = events(lines).filter(event => event['pid'] === victim.pid)
      expect(mine).toHaveLength(1)
      expect(mine[0]).toMatchObject({ comm: 'python3', triggerPid: victim.pid })
    } finally {
      rmdirSync(group)
    }
  })

  test('lines typed into bash', needs('bash'), async () => {
    const run = startLinsight(['run', 'bashreadline', '--json'])
    await run.line('ready')
    // A terminal of its own, so that bash is interactive.
    const typed = Array.from({ length: 5 }, (_, i) => `true typed-${i}`)
    const script = `import os,pty,sys,time
pid,fd=pty.fork()
if pid==0: os.execv('/bin/bash',['bash','--norc','--noprofile','-i'])
print(pid,flush=True)
def read_until(text):
    seen=b''
    while text not in seen: seen+=os.read(fd,4096)
read_until(b'$ ' if os.getuid() else b'# ')
for line in ${JSON.stringify(typed)}:
    os.write(fd,line.encode()+b'\\n'); read_until(b'# ')
os.write(fd,b'exit\\n'); os.waitpid(pid,0)`
    const shell = spawnSync(PYTHON, ['-c', script], { encoding: 'utf8', timeout: 15_000 })
    run.child.kill('SIGINT')
    const { lines } = await run.ended
    const mine = events(lines).filter(event => event['pid'] === Number(shell.stdout))
    expect(mine.map(event => event['line'])).toEqual([...typed, 'exit'])
  })
})

describe('nothing of a user is ever program text or an option', needed, () => {
  const evil = join(folder, 'evil')
  const mark = join(folder, 'executed')

  test.each([
    ['a name that closes the literal', ['run', 'opensnoop', '--duration', '300ms', '--comm', 'x" ; system("i']],
    ['a name with an escape', ['run', 'opensnoop', '--duration', '300ms', '--comm', '\\x22); exit()']],
    ['a name that is an option', ['run', 'opensnoop', '--duration', '300ms', '--comm=--unsafe']],
    ['a name with a line break', ['run', 'opensnoop', '--duration', '300ms', '--comm', 'a\n" /']],
  ])('%s only matches nothing', (_, args) => {
    const { status, stdout, stderr } = bpf(...args, '--json')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Line)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(events(lines)).toEqual([])
    expect(lines.at(-1)).toMatchObject({ type: 'summary', faults: [] })
  })

  test.each([
    ['--unsafe', `name=--unsafe`],
    ['-c id', 'name=-c touch'],
    ['a quote', 'name="); system("id >&2"); printf("'],
    ['a dollar', 'name=$(touch x)`id`'],
  ])('--param with %s is printed as text', (_, param) => {
    const file = join(folder, 'print.bt')
    writeFileSync(file, 'BEGIN { print((1, $name)); exit() }\n')
    const { stdout, stderr, status } = bpf('script', file, '--param', param, '--json')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const value = stdout.split('\n').find(line => line.includes('"value"'))
    expect((JSON.parse(value!) as { value: unknown[] }).value[1]).toBe(param.slice('name='.length))
    expect(existsSync(mark)).toBe(false)
  })

  test('system() in a script is refused: there is no --unsafe', () => {
    const file = join(folder, 'system.bt')
    writeFileSync(file, `BEGIN { system("touch ${mark}"); exit() }\n`)
    const { status, stderr } = bpf('script', file)
    expect(status).toBe(5)
    expect(stderr).toMatch(/system/)
    expect(existsSync(mark)).toBe(false)
    expect(bpf('script', file, '--unsafe').status).toBe(2)
  })

  test('a hostile name never reaches the terminal raw', async () => {
    const name = '\x1b[2Jx\nroot '
    copyFileSync('/bin/cat', evil)
    const run = startLinsight(['run', 'opensnoop', '--duration', '3s'])
    expect(await until(() => run.lines.length > 0, 5000)).toBe(true)
    const python = `import ctypes,os
ctypes.CDLL(None).prctl(15, ${JSON.stringify(name)}.encode(), 0,0,0)
for i in range(5): os.close(os.open("/etc/hostname", os.O_RDONLY))`
    spawnSync(PYTHON, ['-c', python])
    run.child.kill('SIGINT')
    const { lines } = await run.ended
    const text = lines.map(line => line['part']).join('\n')
    expect(text).toContain('\\x1b[2Jx\\nroot')
    expect(text).not.toContain('\x1b')
    expect(statSync(evil).size).toBeGreaterThan(0)
  })
})

describe('what goes wrong is said', needed, () => {
  test.each([
    ['no such tracepoint', 'tracepoint:sched:nosuch { @ = count(); }', /attached nothing/, 5],
    [
      'a syntax error',
      'BEGIN { print( }',
      /does not compile: syntax error, unexpected } \(line 1, column 16: BEGIN \{ print\( }\)/,
      5,
    ],
    ['a kprobe by a pattern', 'kprobe:vfs_* { @ = count(); }', /attached nothing: .*(symbols|functions|No matches)/, 5],
    [
      'a uprobe of a missing symbol',
      'uprobe:/bin/sh:no_such_symbol { @ = count(); }',
      /attached nothing: (?!.*MEMLOCK)/,
      5,
    ],
    ['a kprobe that cannot attach', 'kprobe:no_such_function_at_all { @ = count(); }', /kprobe|attached nothing/, 5],
  ])('%s', (_, program, message, status) => {
    const file = join(folder, 'wrong.bt')
    writeFileSync(file, program)
    const result = bpf('script', file)
    expect(result.stderr).toMatch(message)
    expect(result.status).toBe(status)
  })

  test('a bpftrace that crashes', () => {
    const fake = join(folder, 'bin')
    mkdirSync(fake, { recursive: true })
    writeFileSync(join(fake, 'bpftrace'), '#!/bin/sh\n[ "$1" = -V ] && echo bpftrace v0.17.0 || kill -SEGV $$\n', {
      mode: 0o755,
    })
    const result = runBin('linsight', ['bpf', 'run', 'opensnoop'], { env: { PATH: `${fake}:${process.env['PATH']}` } })
    expect(result.stderr).toMatch(/bpftrace was ended by SIGSEGV/)
    expect(result.status).toBe(5)
  })

  test('a user who may not', needs('setpriv'), () => {
    const result = runAsNobody('linsight', ['bpf', 'run', 'opensnoop', '--duration', '1'])
    expect([3, 5]).toContain(result.status)
    expect(result.stderr).toMatch(/root|permi|capabilit|may not/i)
  })
})

describe('a script with a command', needed, () => {
  const counter = join(folder, 'count.bt')
  const calls = 20_011
  const caller = `import ctypes\nf=ctypes.CDLL(None).getppid\nfor i in range(${calls}): f()`

  test('20 of 20 runs: every call is counted and printed, and the map is there', async () => {
    writeFileSync(
      counter,
      'tracepoint:syscalls:sys_enter_getppid /pid == $CMD_PID/ { printf("%d\\n", tid); @n = count(); }\n',
    )
    const seen: unknown[] = []
    for (let i = 0; i < 20; i += 1) {
      const run = startLinsight(['script', counter, '--json', '--', PYTHON, '-c', caller])
      // The runs follow each other: together they would only measure how busy the machine is.
      // oxlint-disable-next-line no-await-in-loop
      const { lines, status } = await run.ended
      const maps = lines.filter(line => line.type === 'map').map(line => line['entries'])
      seen.push([status, lines.filter(line => line.type === 'text').length, maps])
    }
    expect(seen).toEqual(seen.map(() => [0, calls, [[{ value: calls }]]]))
  }, 120_000)

  test('the user’s BPFTRACE_STRLEN counts, and --strlen counts more', () => {
    const file = join(folder, 'strlen.bt')
    writeFileSync(file, 'tracepoint:syscalls:sys_enter_openat /pid == $CMD_PID/ { print((str(args->filename), 1)); }\n')
    const name = `/tmp/${'n'.repeat(120)}`
    const longest = (env: NodeJS.ProcessEnv, ...flags: string[]) => {
      const { stdout } = runBin('linsight', ['bpf', 'script', file, '--json', ...flags, '--', '/bin/cat', name], {
        env,
      })
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as Line)
      const values = lines.filter(line => line.type === 'value').map(line => (line['value'] as string[])[0]!)
      return [
        Math.max(...values.filter(value => value.includes('nnn')).map(value => value.length)),
        lines.at(-1)!['cutStrings'],
      ]
    }
    expect(longest({ BPFTRACE_STRLEN: '32', BPFTRACE_MAX_STRLEN: '32' })).toEqual([31, expect.any(Number)])
    expect(longest({ BPFTRACE_STRLEN: '32', BPFTRACE_MAX_STRLEN: '32' }, '--strlen', '80')).toEqual([79, 1])
    expect(longest({}, '--strlen', '160')).toEqual([125, 0])
  })

  test('what bpftrace warns of is a warning', () => {
    const file = join(folder, 'warned.bt')
    writeFileSync(file, 'kprobe:vfs_* { @ = count(); }\ninterval:s:1 { exit() }\n')
    const { stdout } = bpf('script', file, '--json')
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Line
    expect(last['warnings']).toMatchObject([
      { code: 'tracer-warning', message: expect.stringMatching(/available_filter_functions/) },
    ])
  })

  test('the recording of a failed run fails with the same words', () => {
    const file = join(folder, 'fails.bt')
    const recording = join(folder, 'fails.ndjson')
    writeFileSync(file, 'BEGIN { print( }')
    const run = bpf('script', file, '--record', recording)
    const replayed = bpf('replay', recording)
    expect([replayed.status, replayed.stderr]).toEqual([5, run.stderr])
  })
})

describe('many events', needed, () => {
  test('300,000 as fast as they come: every one is there or said to be lost, in little memory', async () => {
    const total = 300_000
    const load = await startLoad('getppid', total)
    const file = join(folder, 'many.bt')
    writeFileSync(
      file,
      `tracepoint:syscalls:sys_enter_getppid /pid == ${load.pid}/ { print(("call", nsecs, (uint64)pid, comm)); }\ninterval:ms:200 { print(("beat", nsecs)); }\n`,
    )
    const run = startLinsight(['script', file, '--json'])
    await run.line('value')
    await load.work()
    const calls = () =>
      run.lines.reduce((sum, line) => sum + (Array.isArray(line['value']) && line['value'][0] === 'call' ? 1 : 0), 0)
    let before = -1
    await until(() => {
      const now = run.lines.length
      const settled = now - before < 20 && calls() > 0
      before = now
      return settled && calls() >= total
    }, 5000)
    const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${run.child.pid}/status`, 'latin1'))?.[1])
    run.child.kill('SIGINT')
    const { summary } = await run.ended
    await load.end()
    expect(calls() + Number(summary['lostAtLeast'])).toBe(total)
    expect(peakKb).toBeLessThan(150 * 1024)
  })
})
