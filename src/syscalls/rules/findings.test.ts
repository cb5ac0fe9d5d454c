import { describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import type { Finding } from '../model.ts'
import { StraceLogReader } from '../strace-log/log-reader.ts'

function found(lines: readonly string[]): { code: string; message: string }[] {
  return statements(lines).map(({ code, finding }) => ({ code, message: finding }))
}

function statements(lines: readonly string[]): Finding[] {
  const reader = new StraceLogReader()
  reader.push(Buffer.from(`${lines.join('\n')}\n`, 'latin1'))
  return findings(reader.end())
}
const times = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i))
const EAGAIN = '-1 EAGAIN (Resource temporarily unavailable)'
const SOCKADDR = '{sa_family=AF_INET, sin_port=htons(5432), sin_addr=inet_addr("127.0.0.1")}'
const REFUSED = '-1 ECONNREFUSED (Connection refused)'
const ENOENT = '-1 ENOENT (No such file or directory)'

describe('what stands out, and what does not', () => {
  test.each([
    ['one-byte-io', times(100, () => 'read(3</a>, "x", 1) = 1'), /^100 of 100 read calls moved a single byte$/],
    [
      'eagain-spin',
      times(150, i => `recvfrom(3, "", 9, 0, NULL, NULL) = ${i < 120 ? EAGAIN : '5'}`),
      /^120 of 150 recvfrom calls \(80 %\)/,
    ],
    [
      'poll-spin',
      times(100, () => 'poll([{fd=3}], 1, 0) = 0 (Timeout) <0.000005>'),
      /^100 of 100 poll calls timed out after 5 us/,
    ],
    ['yield-spin', times(1000, () => 'sched_yield() = 0'), /1000 times/],
    [
      'futex-contention',
      times(200, () => `futex(0x7f, FUTEX_WAIT, 2, NULL) = ${EAGAIN} <0.001000>`),
      /100 % of the wall time in 200 calls; 200 waits lost/,
    ],
    [
      'sync-storm',
      times(40, () => 'fsync(3) = 0 <0.005000>'),
      /^40 calls .*fsync 40\), 5 ms each on average, 200 ms in all$/,
    ],
    [
      'enoent-storm',
      times(60, i => `openat(AT_FDCWD, "/opt/lib${i % 20}/libz.so", O_RDONLY) = ${ENOENT}`),
      /^60 of 60 lookups by path \(100 %\).*most often libz\.so, in 20 folders$/,
    ],
    [
      'repeated-stat',
      times(100, () => 'stat("/etc/localtime", {st_mode=S_IFREG}) = 0'),
      /^\/etc\/localtime was asked about 100 times/,
    ],
    [
      'sleep-polling',
      times(50, () => 'nanosleep({tv_sec=0}, NULL) = 0 <0.010000>'),
      /^50 sleeps of 10 ms on average, 500 ms in all/,
    ],
    [
      'fork-storm',
      times(60, i => `1 clone(flags=SIGCHLD) = ${i + 100}`),
      /^60 processes and threads were made, 0 programs/,
    ],
    [
      'mostly-waiting',
      ['epoll_wait(3, [], 9, -1) = 1 <9.5>', 'read(3, "x", 9) = 9 <0.5>'],
      /^95 % of the wall time is waiting in epoll_wait, 1 call$/,
    ],
    [
      'connect-refused',
      times(3, () => `connect(3, ${SOCKADDR}, 16) = ${REFUSED}`),
      /^3 connections were refused .*: 127\.0\.0\.1:5432 3$/,
    ],
    [
      'connect-refused',
      times(
        3,
        () =>
          `connect(3, ${SOCKADDR}, 16) = -1 EINPROGRESS (x)\ngetsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0`,
      ),
      /^3 connections were refused .*: 127\.0\.0\.1:5432 3$/,
    ],
    [
      'connect-timeout',
      ['connect(3, {sa_family=AF_UNIX, sun_path="/run/a"}, 16) = -1 ETIMEDOUT (Connection timed out) <130.1>'],
      /^1 connection timed out \(ETIMEDOUT\): \/run\/a 1$/,
    ],
    [
      'small-io',
      times(1000, () => 'write(3, "x"..., 12) = 12'),
      /^1000 of 1000 write calls moved 12 bytes each on average$/,
    ],
    [
      'long-call',
      ['unlink("/big") = 0 <1.5>', 'read(3, "", 9) = 0 <0.1>'],
      /^one call took 1\.5 s: unlink\("\/big"\) = 0$/,
    ],
    [
      'repeated-open',
      times(101, () => 'openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 3'),
      /^\/etc\/hosts was opened again 100 times/,
    ],
    [
      'folder-scan',
      times(500, () => 'getdents64(3, 0x1, 32768) = 400'),
      /^500 getdents calls read about 250 folders, 195 KiB/,
    ],
    [
      'seek-and-move',
      times(500, i => `lseek(3, ${i}, SEEK_SET) = ${i}\nread(3, "", 100) = 100`),
      /^500 reads and writes had an lseek of their own right before them$/,
    ],
    ['mmap-churn', times(500, () => 'mmap(NULL, 9) = 0x7f\nmunmap(0x7f, 9) = 0'), /^500 mmap and 500 munmap calls/],
    [
      'clock-calls',
      times(1000, () => 'clock_gettime(CLOCK_MONOTONIC, {tv_sec=1}) = 0'),
      /^1000 calls asked for the time .*100 % of all/,
    ],
    [
      'mostly-waiting',
      times(150, () => 'futex(0x7f, FUTEX_WAIT, 2, NULL) = 0 <0.5>'),
      /100 % of the wall time is waiting in futex, 150 calls$/,
    ],
  ])('%s', (code, lines, message) => {
    expect(found(lines)).toContainEqual({ code, message: expect.stringMatching(message) })
  })

  test.each([
    ['one-byte-io', times(100, () => 'read(3, "xy", 2) = 2')],
    ['one-byte-io', times(99, () => 'read(3, "x", 1) = 1')],
    ['eagain-spin', times(300, i => `read(3, "", 9) = ${i < 120 ? EAGAIN : '5'}`)],
    ['poll-spin', times(100, () => 'poll([{fd=3}], 1, 1000) = 0 (Timeout) <1.000000>')],
    [
      'futex-contention',
      times(200, i => (i % 2 ? 'read(3, "", 9) = 9 <0.01>' : 'futex(0x7f, FUTEX_WAKE, 1) = 1 <0.000002>')),
    ],
    ['sync-storm', times(19, () => 'fsync(3) = 0')],
    ['enoent-storm', times(300, i => `open("/x${i}", O_RDONLY) = ${i < 60 ? ENOENT : '3'}`)],
    ['repeated-stat', times(100, i => `stat("/etc/f${i}", {st_mode=S_IFREG}) = 0`)],
    ['sleep-polling', times(50, () => 'nanosleep({tv_sec=1}, NULL) = 0 <1.0>')],
    ['fork-storm', times(60, i => `1 ${1_700_000_000 + i * 10}.000000 clone(flags=SIGCHLD) = ${i + 100}`)],
    ['mostly-waiting', ['read(3, "x", 9) = 9 <9.5>']],
    // Idle threads of a pool; one lost race is none.
    ['futex-contention', times(296, i => `futex(0x7f, FUTEX_WAIT, 2, NULL) = ${i === 5 ? EAGAIN : 0} <0.010000>`)],
    ['mostly-waiting', times(1500, () => 'clock_nanosleep(0, 0, {}, NULL) = 0 <0.001>')],
    ['connect-refused', times(2, () => `connect(3, ${SOCKADDR}, 16) = ${REFUSED}`)],
    ['connect-refused', times(9, () => 'connect(3, {sa_family=AF_UNIX, sun_path="/run/a"}, 16) = -1 ENOENT (No)')],
    ['small-io', times(999, () => 'write(3, "x"..., 12) = 12')],
    ['small-io', times(1000, () => 'write(3, "x"..., 65) = 65')],
    ['small-io', times(1000, () => 'write(3, "x", 1) = 1')],
    ['long-call', ['read(0, "", 9) = 0 <5.0>']],
    ['long-call', ['read(7<pipe:[4]>, "", 9) = 0 <5.0>']],
    ['long-call', ['unlink("/small") = 0 <0.4>']],
    // Of which folder each of them is, nobody knows.
    ['repeated-open', times(200, i => `openat(${i}, "x", O_RDONLY) = 3`)],
    ['repeated-stat', times(200, i => `newfstatat(${i}, "x", {}, 0) = 0`)],
    // A hundred programs open it once each.
    ['repeated-open', times(101, i => `${i + 5} openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY) = 3`)],
    ['folder-scan', times(499, () => 'getdents64(3, 0x1, 32768) = 400')],
    ['seek-and-move', times(500, () => 'lseek(3, 0, SEEK_SET) = 0')],
    ['seek-and-move', [...times(500, () => 'lseek(3, 0, SEEK_SET) = 0'), ...times(500, () => 'read(3, "", 9) = 9')]],
    ['seek-and-move', times(500, i => `7 lseek(3, ${i}, SEEK_SET) = ${i}\n8 read(3, "", 100) = 100`)],
    // A program that is started maps its libraries.
    [
      'mmap-churn',
      times(
        300,
        () =>
          `execve("/a", ["a"], 0x7) = 0\n${'mmap(NULL, 9) = 0x7f\n'.repeat(3)}munmap(0x7f, 9) = 0\nmunmap(0x7f, 9) = 0`,
      ),
    ],
    ['mmap-churn', times(2000, i => `mmap(NULL, 9) = 0x7f${i < 600 ? '\nmunmap(0x7f, 9) = 0' : ''}`)],
    ['mmap-churn', times(500, i => `mmap(NULL, 9) = 0x7f${i % 2 ? '\nmunmap(0x7f, 9) = 0' : ''}`)],
    ['clock-calls', times(999, () => 'clock_gettime(CLOCK_MONOTONIC, {tv_sec=1}) = 0')],
  ])('no %s', (code, lines) => {
    expect(found(lines).map(finding => finding.code)).not.toContain(code)
  })

  test('a finding is a statement, its numbers also as they are', () => {
    const lines = times(60, i => `openat(AT_FDCWD, "/opt/lib${i % 2}/libz.so", O_RDONLY) = ${ENOENT}`)
    expect(statements(lines)).toEqual([
      {
        code: 'enoent-storm',
        severity: 'info',
        finding: expect.stringMatching(/^60 of 60 lookups/),
        evidence: ['missing: 60', 'calls: 60', 'folders: /opt/lib0 30, /opt/lib1 30'],
        do: [expect.stringMatching(/^shorten the search path/)],
        not: [],
        facts: { missing: 60, calls: 60, folders: { '/opt/lib0': 30, '/opt/lib1': 30 } },
      },
    ])
    const slept = statements(times(50, () => 'nanosleep({tv_sec=0}, NULL) = 0 <0.010000>'))
    expect(slept.find(({ code }) => code === 'sleep-polling')).toMatchObject({
      evidence: ['calls: 50', 'mean: 10 ms', 'wall: 500 ms'],
      facts: { calls: 50, meanNs: 1e7, wallNs: 5e8 },
    })
  })

  test('what one-byte reads would need is told of their own bytes', () => {
    const lines = [...times(12_813, () => 'read(3, "x", 1) = 1'), ...times(400, () => 'read(4, "", 4096) = 4096')]
    const [finding] = statements(lines)
    expect(finding!.finding).toBe('12813 of 13213 read calls moved a single byte')
    expect(finding!.do[0]).toMatch(/^buffer it: 4 KiB a call would need 4 calls for these 12813 bytes;/)
  })

  test('without the order of calls their numbers tell of seeks', () => {
    const counted = (seeks: number, reads: number) =>
      findings({
        meta: { backend: 'bpftrace' },
        syscalls: [
          { name: 'lseek', abi: 'native', calls: seeks, errors: 0 },
          { name: 'read', abi: 'native', calls: reads, errors: 0 },
        ],
        rejected: [],
        warnings: [],
      }).map(({ code }) => code)
    expect(counted(500, 1000)).toEqual(['seek-and-move'])
    expect(counted(500, 1001)).toEqual([])
    expect(counted(499, 499)).toEqual([])
  })

  test('without single sizes the average tells', () => {
    const counted = (bytes: number) =>
      findings({
        meta: { backend: 'bpftrace' },
        syscalls: [
          { name: 'write', abi: 'native', calls: 2000, errors: 0, transfer: { calls: 2000, bytes, oneByteCalls: 10 } },
        ],
        rejected: [],
        warnings: [],
      }).map(({ code }) => code)
    expect(counted(2000 * 64)).toEqual(['small-io'])
    expect(counted(2000 * 64 + 1)).toEqual([])
  })

  test('where the numbers are not known, nothing is said', () => {
    expect(
      findings({
        meta: { backend: 'strace-summary' },
        syscalls: [{ name: 'read', abi: 'native', calls: 1e6, errors: 9 }],
        rejected: [],
        warnings: [],
      }),
    ).toEqual([])
  })
})
