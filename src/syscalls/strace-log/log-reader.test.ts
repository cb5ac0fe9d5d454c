import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SyscallProfile } from '../profile.ts'
import { StraceLogReader } from './log-reader.ts'
import { fixture } from '../../../test/support/paths.ts'
import { captures } from '../../../test/support/strace-captures.ts'

// An option that a version does not know made it print a message and nothing else.
const files = (await captures('logs', /(\.log|^ff\/out\.\d+)$/)).filter(file => file.bytes.includes(') = '))

function read(log: string | Buffer, chunkBytes = Infinity): SyscallProfile {
  const bytes = typeof log === 'string' ? Buffer.from(log, 'latin1') : log
  const reader = new StraceLogReader({ files: true, threads: true, stacks: true })
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes))
  return reader.end()
}

const counts = (profile: SyscallProfile) => Object.fromEntries(profile.syscalls.map(row => [row.name, row.calls]))
const row = (profile: SyscallProfile, name: string) => profile.syscalls.find(({ name: other }) => other === name)
const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

/** What may stand before a call; written apart from the parser, from strace's manual. */
const PREFIX =
  /^(?:\[pid +\d+(?:<.*?>)?\] |\d+(?:<.*?>)? +)?(?:\d\d:\d\d:\d\d(?:\.\d+)? |\d{10}(?:\.\d+)? | *\d+\.\d+ )?(?:\(\+ +[\d.]+\) )?(?:\[[0-9a-f?]{16}\] )?(?:\[ *(?:0x)?[0-9a-f]+\] )?/

describe('every captured log', () => {
  test('there are logs of three versions', () => {
    expect(new Set(files.map(file => file.name.split('/')[0]))).toEqual(new Set(['4.26', '6.1', '6.13']))
    expect(files.length).toBeGreaterThan(190)
  })

  test.each(files)('$name: nothing is rejected, and every call begun is told', ({ bytes }) => {
    const profile = read(bytes)
    const begun: Record<string, number> = {}
    for (const line of bytes.toString('latin1').split('\n')) {
      const name = /^([a-z_]\w*)\(/i.exec(line.slice(PREFIX.exec(line)![0].length))?.[1]
      if (name !== undefined) begun[name] = (begun[name] ?? 0) + 1
    }
    const told = counts(profile)
    const add = (name: string, calls: number) => (told[name] = (told[name] ?? 0) + calls)
    for (const [name, calls] of Object.entries(profile.neverReturned!)) add(name, calls)
    for (const { name } of profile.inFlight!) add(name, 1)
    const halves = profile.halves!
    if (halves.first + halves.second === 0) expect(told).toEqual(begun)
    expect(total(Object.values(told)) + halves.first - halves.second).toBe(total(Object.values(begun)))
    expect(profile.rejected).toEqual([])
  })

  test.each(files)('$name: errors are those that stand in it', ({ bytes }) => {
    const errnos: Record<string, number> = {}
    for (const line of bytes.toString('latin1').split('\n')) {
      // An error ends its line but for the duration, and no other result looks so.
      const errno = / = -1 (?:(E[A-Z0-9]+) \([^()]*\)|\((errno \d+)\))(?: \(INJECTED\)| \(DELAYED\))*(?: <[\d.]+>)?$/
        .exec(line)
        ?.slice(1)
        .find(Boolean)
        // Of strace 5.10: -21 as a number without sign, which is no error of the kernel.
        ?.replace(/^errno \d{5,}$/, 'unknown')
      if (errno !== undefined && !/rt_sigreturn\(/.test(line)) errnos[errno] = (errnos[errno] ?? 0) + 1
    }
    const told: Record<string, number> = {}
    const profile = read(bytes)
    for (const { errnos: one } of profile.syscalls)
      for (const [errno, calls] of Object.entries(one ?? {})) told[errno] = (told[errno] ?? 0) + calls
    expect(told).toEqual(errnos)
  })

  test.each(files)('$name: durations add up to those that stand in it', ({ bytes }) => {
    const profile = read(bytes)
    const ns = total(
      bytes
        .toString('latin1')
        .split('\n')
        // Calls only: a line of a signal or an exit has none.
        .map(line => Number(/ <(\d+(?:\.\d+)?)>$/.exec(line)?.[1] ?? 0) * 1e9),
    )
    expect(total(profile.syscalls.map(({ wall }) => wall?.totalNs ?? 0))).toBeCloseTo(ns, -1)
    for (const { latency, calls } of profile.syscalls)
      if (latency !== undefined) expect(total([...latency.counts])).toBe(calls)
  })

  test.each(files.filter((_, i) => i % 7 === 0))('$name: pieces of any size make the same profile', ({ bytes }) => {
    for (const size of [1, 61, 4096]) expect(read(bytes, size)).toEqual(read(bytes))
  })
})

describe('one line', () => {
  test.each([
    ['write(3, "<unfinished ...>", 16)  = 16', 'write', 16],
    ['write(3, "<... read resumed>", 18) = 18', 'write', 18],
    ['write(3, "+++ exited with 0 +++", 21) = 21', 'write', 21],
    ['write(3, ") = 3 <0.000123>", 16) = 16 <0.000004>', 'write', 16],
    ['write(3, "\\") = 4", 7) = 7', 'write', 7],
    [
      String.raw`openat(AT_FDCWD</w>, "/d/a) = 3 <x>, \"q\".txt", O_RDWR|O_CREAT, 0644) = 4</d/a) = 3 \74x\76, \"q\".txt> <0.000012>`,
      'openat',
      4,
    ],
    [String.raw`openat(AT_FDCWD, "a) = 3\nb c", O_RDONLY) = 5`, 'openat', 5],
    ['wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 4242', 'wait4', 4242],
    ['poll([{fd=3</a) = 9>, events=POLLIN}], 1, 0) = 1 ([{fd=3</a) = 9>, revents=POLLIN}]) <0.1>', 'poll', 1],
    ['fcntl(3, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)', 'fcntl', 0x80_02],
    ['umask(022)                        = 022', 'umask', 0o22],
    ['lseek(3, -1, SEEK_CUR) = 41 (DELAYED)', 'lseek', 41],
    ['gettid() = 42 (INJECTED) <0.000004>', 'gettid', 42],
    ['mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</x>(deleted), 0) = 0x7f0000000000', 'mmap', 0x7f_00_00_00_00_00],
    ['dup(4<socket:[99]>) = 5<TCP:[127.0.0.1:80->127.0.0.1:9]>', 'dup', 5],
  ])('%s', (line, name, value) => {
    const profile = read(`${line}\n`)
    expect(profile.rejected).toEqual([])
    expect(counts(profile)).toEqual({ [name]: 1 })
    expect(row(profile, name)).toMatchObject({ errors: 0, zeroResults: value === 0 ? 1 : 0 })
    if (name === 'write')
      expect(row(profile, name)!.transfer).toEqual({
        calls: 1,
        bytes: value,
        oneByteCalls: 0,
        small: { calls: 1, bytes: value },
      })
  })

  test.each([
    ['open("/x", O_RDONLY) = -1 ENOENT (No such file or directory)', { ENOENT: 1 }, 0],
    ['open("/x", O_RDONLY) = -1 ENOENT (Datei oder Verzeichnis nicht gefunden) <0.1>', { ENOENT: 1 }, 0],
    ['open("/x) = -1 EIO (", O_RDONLY) = -1 EACCES (Permission denied) (INJECTED)', { EACCES: 1 }, 0],
    ['kcmp(1, 2, 3, 4, 5) = -1 (errno 38)', { 'errno 38': 1 }, 0],
    ['read(6, 0x7f, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)', {}, 1],
    ['nanosleep({tv_sec=1}, {tv_sec=0}) = ? ERESTART_RESTARTBLOCK (Interrupted by signal) <0.2>', {}, 1],
    ['rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call) <0.000010>', {}, 0],
  ])('%s', (line, errnos, restarts) => {
    const [only] = read(`${line}\n`).syscalls
    expect(only).toMatchObject({ calls: 1, errors: Object.keys(errnos).length, errnos, restarts })
  })

  test.each([
    'exit_group(0)                           = ?',
    'kill(8623, SIGKILL)                     = ?',
    'write(1, "x", 1) = ? <unavailable>',
  ])('%s never returned', line => {
    const profile = read(`${line}\n`)
    expect(profile.syscalls).toEqual([])
    expect(total(Object.values(profile.neverReturned!))).toBe(1)
  })

  test.each([
    ['read(3, ', 'a call without a result'],
    ['read(3, "abc", 3) = ', 'a call without a result'],
    ['hello world', 'not a line of strace'],
    ['1234 hello world', 'not a line of strace'],
    ['[pid 12', 'not a line of strace'],
  ])('%j is rejected: %s', (line, reason) => {
    const profile = read(`getpid() = 1\n${line}\n`)
    expect(profile.rejected).toEqual([{ reason, lines: 1, firstLine: 2, quote: line }])
    expect(counts(profile)).toEqual({ getpid: 1 })
  })
})

describe('what stands before a call', () => {
  const CALL = 'read(3, "x", 1) = 1 <0.000002>'
  test.each([
    ['12  ', 12, undefined],
    ['[pid 12] ', 12, undefined],
    ['[pid    12] ', 12, undefined],
    ['12<a b> c> ', 12, 'a b> c'],
    ['[pid 12<zoo>] ', 12, 'zoo'],
    ['4194304 11:50:36 ', 4_194_304, undefined],
    ['12 11:50:36.425533 ', 12, undefined],
    ['12 1795175445.673443 (+     0.000031) ', 12, undefined],
    ['12 1795175444 ', 12, undefined],
    ['12      0.000028 ', 12, undefined],
    ['12 [00007f6ab704aca3] [   0] ', 12, undefined],
    ['1795175444.123 ', undefined, undefined],
    ['1795175444 ', undefined, undefined],
    ['11:50:36 ', undefined, undefined],
    ['     0.000028 ', undefined, undefined],
    ['[ 0] ', undefined, undefined],
    ['', undefined, undefined],
  ])('%j', (prefix, tid, comm) => {
    const profile = read(`${prefix}${CALL}\n`)
    expect(profile.rejected).toEqual([])
    expect(counts(profile)).toEqual({ read: 1 })
    expect(profile.threads!.map(thread => [thread.tid, thread.comm])).toEqual([[tid, comm]])
  })

  test.each([
    ['1795175445.673443 ', '1795175447.673444 ', 2_000_001_000],
    ['23:59:59.500000 ', '00:00:01.500000 ', 2_000_000_000],
    ['     0.000000 ', '     2.000003 ', 2_000_003_000],
    ['11:50:36 ', '11:50:38 ', 2_000_000_000],
  ])('%j to %j', (first, second, durationNs) => {
    expect(read(`${first}${CALL}\n${second}${CALL}\n`).meta.durationNs).toBe(durationNs)
  })

  test('colours of strace 7 are no part of it', () => {
    expect(counts(read('\x1b[34m12\x1b[0m \x1b[1mread\x1b[0m(3, "x", 1) = 1\n'))).toEqual({ read: 1 })
  })
})

describe('threads', () => {
  const log = [
    '10 execve("/bin/sh", ["sh", "-c", "echo \\"hi\\""], 0x7f /* 3 vars */) = 0',
    '10 clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0} => {parent_tid=[11]}, 88) = 11',
    '10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>',
    '12 getpid() = 12',
    '10 <... clone resumed>, child_tidptr=0x7f) = 12',
    '11 pause( <unfinished ...>',
    '12 +++ killed by SIGSEGV (core dumped) +++',
    '12 getpid() = 12',
    '10 +++ exited with 3 +++',
  ].join('\n')
  const { threads, inFlight } = read(log)

  test('belong to processes, which have parents', () => {
    expect(threads!.map(({ tid, pid, parentId }) => [tid, pid, parentId])).toEqual([
      [10, 10, undefined],
      [12, 12, 0],
      [11, 10, 0],
      [12, 12, undefined],
    ])
  })

  test('end as they did, and a tid used again is another thread', () => {
    expect(threads!.map(thread => thread.end)).toEqual([
      { kind: 'exited', code: 3 },
      { kind: 'killed', signal: 'SIGSEGV' },
      undefined,
      undefined,
    ])
  })

  test('have exec lines, and names from them', () => {
    expect(threads![0]!.execs).toEqual([{ atNs: undefined, path: '/bin/sh', argv: ['sh', '-c', 'echo "hi"'] }])
    expect(threads!.map(thread => thread.comm)).toEqual(['sh', 'sh', 'sh', undefined])
  })

  test('may be in a call when the log ends', () => {
    expect(inFlight).toMatchObject([{ name: 'pause', tid: 11, text: 'pause(' }])
  })

  test('exec of another thread goes on under the id of the process', () => {
    const {
      threads: after,
      halves,
      neverReturned,
    } = read(
      [
        '20 clone3({flags=CLONE_VM|CLONE_THREAD} => {parent_tid=[21]}, 88) = 21',
        '20 pause( <unfinished ...>',
        '21 execve("/bin/true", ["true"], 0x7f /* 35 vars */ <unfinished ...>',
        '20 <... pause resumed>) = ?',
        '20 +++ superseded by execve in pid 21 +++',
        '20 <... execve resumed>) = 0',
      ].join('\n'),
    )
    expect(halves).toEqual({ first: 0, second: 0 })
    expect(neverReturned).toEqual({ pause: 1 })
    expect(after!.map(({ tid, end, execs }) => [tid, end?.kind, execs.length])).toEqual([
      [20, undefined, 1],
      [21, 'superseded', 0],
    ])
  })

  test('the files of -ff are one log: an exec begun in one file ends in another', () => {
    const reader = new StraceLogReader({ threads: true })
    reader.beginInput({ label: 'out.20', tid: 20 })
    reader.push(Buffer.from('pause() = ?\n+++ superseded by execve in pid 21 +++\n<... execve resumed>) = 0\n'))
    reader.beginInput({ label: 'out.21', tid: 21 })
    reader.push(Buffer.from('getpid() = 20\nexecve("/bin/true", ["true"], 0x7f <pid changed to 20 ...>\n'))
    const profile = reader.end()
    expect(counts(profile)).toEqual({ execve: 1, getpid: 1 })
    expect(profile.halves).toEqual({ first: 0, second: 0 })
    expect(profile.inFlight).toEqual([])
  })

  test('calls of another table are kept apart once strace says so', () => {
    const profile = read(
      'strace: [ Process PID=5 runs in 32 bit mode. ]\ngetpid() = 5\n[ Process PID=5 runs in 64 bit mode. ]\ngetpid() = 5\n',
    )
    expect(
      profile.syscalls
        .map(({ name, abi, calls }) => [name, abi, calls] as const)
        .toSorted((a, b) => a[1].localeCompare(b[1])),
    ).toEqual([
      ['getpid', '32', 1],
      ['getpid', 'native', 1],
    ])
  })
})

describe('lines that a message broke', () => {
  test.each([
    ['clone(flags=SIGCHLDstrace: Process 9 attached\n, child_tidptr=0x1) = 9 <0.1>', { clone: 1 }],
    ['clone(Process 9 attached\nchild_stack=NULL, flags=SIGCHLD) = 9', { clone: 1 }],
    [
      'vfork(strace: Process 9 attached\n <unfinished ...>\n[pid 9] getpid() = 9\n[pid 8] <... vfork resumed>) = 9',
      { getpid: 1, vfork: 1 },
    ],
    ['nanosleep({}, strace: Process 7 attached\nstrace: Process 9 attached\nNULL) = 0', { nanosleep: 1 }],
    ['clone3({flags=CLONE_THREAD}strace: Process 9 attached\n => {parent_tid=[9]}, 88) = 9 <0.000052>', { clone3: 1 }],
  ])('%j', (log, expected) => {
    const profile = read(`${log}\n`)
    expect(counts(profile)).toEqual(expected)
    expect(profile.rejected).toEqual([])
    expect(profile.halves).toEqual({ first: 0, second: 0 })
  })

  test('a call that the tracer let go in is in flight', () => {
    const profile = read(
      'restart_syscall(<... resuming interrupted nanosleep ...>strace: Process 1 detached\n <detached ...>\n',
    )
    expect(profile.inFlight).toMatchObject([{ name: 'restart_syscall' }])
  })
})

describe('files and peers', () => {
  test('are named by descriptors and paths alike', () => {
    const { files, peers } = read(
      [
        'openat(AT_FDCWD</home>, "a\\74b", O_RDONLY) = 3</home/a\\74b>',
        'read(3</home/a\\74b>, "xyz", 9) = 3 <0.000005>',
        'newfstatat(3</home/a\\74b>, "", {st_mode=S_IFREG}, AT_EMPTY_PATH) = 0',
        'openat(AT_FDCWD</home>, "gone", O_RDONLY) = -1 ENOENT (No such file or directory)',
        'access("/etc/x", R_OK) = -1 ENOENT (No such file or directory)',
        'sendto(4<TCP:[10.0.0.1:5->10.0.0.2:80]>, "x", 1, 0, NULL, 0) = 1',
      ].join('\n'),
    )
    expect(
      files!.map(({ name, calls, missing, stats, readBytes }) => [name, calls, missing, stats, readBytes]),
    ).toEqual([
      ['/home/a<b', 3, 0, 0, 3],
      ['/home/gone', 1, 1, 0, 0],
      ['/etc/x', 1, 1, 1, 0],
    ])
    expect(peers).toMatchObject([{ name: 'TCP:[10.0.0.1:5->10.0.0.2:80]', calls: 1, writtenBytes: 1 }])
  })
})

test('the tables of -C behind a log give the system time the log lacks', () => {
  const profile = read(
    [
      '12 read(3, "x", 1) = 1 <0.500000>',
      '% time     seconds  usecs/call     calls    errors syscall',
      '------ ----------- ----------- --------- --------- ----------------',
      '100.00    0.000012          12         1           read',
      '------ ----------- ----------- --------- --------- ----------------',
      '100.00    0.000012          12         1           total',
    ].join('\n'),
  )
  expect(profile.rejected).toEqual([])
  expect(profile.syscalls).toMatchObject([
    { name: 'read', calls: 1, system: { totalNs: 12_000 }, wall: { totalNs: 5e8 } },
  ])
})

describe('any order of threads', () => {
  const call = fc.record({
    name: fc.constantFrom('read', 'write', 'futex', 'openat', 'nanosleep'),
    args: fc.constantFrom('3, "x"', '3, ") = 4 <0.1>"', '3</a) = 7>, "<unfinished ...>"', '0x7f, FUTEX_WAIT'),
    result: fc.constantFrom(
      '0',
      '7',
      '-1 EAGAIN (Resource temporarily unavailable)',
      '? ERESTARTSYS (To be restarted)',
      '0x1f (flags)',
    ),
    micros: fc.nat(5_000_000),
  })
  const threads = fc.array(fc.array(call, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })

  test('and any way of splitting calls gives the same profile', () => {
    fc.assert(
      fc.property(threads, fc.infiniteStream(fc.nat(7)), (made, dice) => {
        const whole = made.flatMap((calls, i) =>
          calls.map(
            ({ name, args, result, micros }) =>
              `${i + 100} ${name}(${args}) = ${result} <${(micros / 1e6).toFixed(6)}>`,
          ),
        )
        const queues = made.map((calls, i) =>
          calls.flatMap(({ name, args, result, micros }) => {
            const end = `) = ${result} <${(micros / 1e6).toFixed(6)}>`
            return dice.next().value! % 2 === 0
              ? [`${i + 100} ${name}(${args}${end}`]
              : [`${i + 100} ${name}(${args} <unfinished ...>`, `${i + 100} <... ${name} resumed>${end}`]
          }),
        )
        const mixed: string[] = []
        while (queues.some(queue => queue.length > 0)) {
          const waiting = queues.filter(queue => queue.length > 0)
          mixed.push(waiting[dice.next().value! % waiting.length]!.shift()!)
        }
        const essence = (log: string[]) => {
          const { syscalls, threads: told, files: named, rejected, halves, inFlight } = read(`${log.join('\n')}\n`)
          const byName = <T extends { name: string }>(rows: readonly T[]) =>
            [...rows].sort((a, b) => (a.name < b.name ? -1 : 1))
          return {
            syscalls: byName(syscalls).map(({ latency, ...rest }) => ({
              ...rest,
              latency: latency && [...latency.counts].filter(n => n > 0),
            })),
            threads: told!
              .map(({ tid, total: all }) => ({ tid, calls: all.calls, errors: all.errors, wall: all.wall }))
              .sort((a, b) => a.tid! - b.tid!),
            files: byName(named!),
            rejected,
            halves,
            inFlight,
          }
        }
        expect(essence(mixed)).toEqual(essence(whole))
      }),
    )
  })

  test('bytes of any kind never throw', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '<',
            '>',
            '(',
            ')',
            ' = ',
            '"',
            '\\',
            '\n',
            '-1 E',
            '?',
            '12 ',
            'read',
            ' <unfinished ...>',
            '<... read resumed>',
            '%',
            '+++ ',
            'é\x1b',
          ),
          { maxLength: 60 },
        ),
        parts => {
          const log = parts.join('')
          const profile = read(log)
          const calls = total(profile.syscalls.map(({ calls: n }) => n))
          expect(calls).toBeLessThanOrEqual(log.split('\n').length)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('calls that a line end within them broke', () => {
  test('a path with a line end, as strace 4.8 prints it', () => {
    const profile = read(readFileSync(fixture('strace/f-y-4.8.log')))
    expect(profile.rejected).toEqual([])
    expect(total(Object.values(counts(profile)))).toBe(312)
    expect(profile.files!.map(({ name }) => name).filter(name => name.includes('\n'))).toEqual([
      expect.stringMatching(/\/new\nline$/),
    ])
  })

  test('what the traced program wrote in the middle of a call', () => {
    const profile = read('write(1, "a\\nb\\n", 4a\nb\n)     = 4\nread(3, "", 9) = 0\n')
    expect(counts(profile)).toEqual({ write: 1, read: 1 })
    expect(profile.rejected).toEqual([])
  })

  test('is no reason to lose the line behind one that was cut', () => {
    const profile = read('read(3, "abc\nclose(3) = 0\nnoise\n')
    expect(counts(profile)).toEqual({ close: 1 })
    expect(profile.rejected.map(({ reason, firstLine, quote }) => [reason, firstLine, quote])).toEqual([
      ['a call without a result', 1, 'read(3, "abc'],
      ['not a line of strace', 3, 'noise'],
    ])
  })

  test('ends after a few lines: each of them is told', () => {
    const profile = read(`read(3, "abc\n${'noise\n'.repeat(20)}close(3) = 0\n`)
    expect(counts(profile)).toEqual({ close: 1 })
    expect(total(profile.rejected.map(({ lines }) => lines))).toBe(21)
  })
})

test('the time it takes is in proportion to threads of which no end is told', () => {
  const log = (threads: number) =>
    Buffer.from(
      Array.from({ length: threads * 4 }, (_, i) => `${100 + Math.floor(i / 4)} read(3, "", 9) = 0\n`).join(''),
    )
  const cpuMs = (bytes: Buffer) => {
    const before = process.cpuUsage()
    expect(read(bytes).threads).toHaveLength(bytes.toString('latin1').split('\n').length >> 2)
    return process.cpuUsage(before).user / 1e3
  }
  cpuMs(log(4000))
  // Each that began went through all before it: 16 times as long, and more.
  expect(cpuMs(log(32_000))).toBeLessThan(4 * 8 * Math.max(20, cpuMs(log(4000))))
})

test('a line of a megabyte that is none of strace takes no time', () => {
  const reader = new StraceLogReader()
  const startMs = performance.now()
  reader.push(Buffer.from(`close(3) = 0\n${'x'.repeat(1 << 20)}\nclose(4) = 0\n`))
  expect(performance.now() - startMs).toBeLessThan(2_000)
  expect(reader.end().syscalls[0]!.calls).toBe(2)
})
