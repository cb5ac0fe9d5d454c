import { describe, expect, test } from 'vitest'
import { StraceLogReader } from '../log-reader.ts'

function read(...lines: string[]) {
  const reader = new StraceLogReader({ threads: true })
  reader.push(Buffer.from(`${lines.join('\n')}\n`))
  return reader.end()
}

describe('what a log says of threads', () => {
  test('programs they run; the first is the command', () => {
    const { meta, threads } = read(
      '7 execve("/bin/sh", ["sh", "-c", "a b"], 0x7 /* 3 vars */) = 0',
      '7 execve("/bin/ls", ["ls"] <unfinished ...>',
      '7 <... execve resumed>, 0x7) = 0',
      '7 execve("/bin/none", ["none"], 0x7) = -1 ENOENT (No such file or directory)',
    )
    expect(meta.command).toEqual(['sh', '-c', 'a b'])
    expect(threads![0]).toMatchObject({
      comm: 'ls',
      execs: [
        { path: '/bin/sh', argv: ['sh', '-c', 'a b'] },
        { path: '/bin/ls', argv: ['ls'] },
      ],
    })
  })

  test.each([
    ['7 +++ exited with 3 +++', { kind: 'exited', code: 3 }],
    ['7 +++ killed by SIGSEGV (core dumped) +++', { kind: 'killed', signal: 'SIGSEGV' }],
    ['7 --- SIGCHLD {si_signo=SIGCHLD} ---', undefined],
  ])('%s', (line, end) => {
    expect(read('7 close(3) = 0', line).threads![0]!.end).toEqual(end)
  })

  test('a call in which a thread was killed never returned', () => {
    const { neverReturned, inFlight } = read('7 read(0,  <unfinished ...>', '7 +++ killed by SIGKILL +++')
    expect([neverReturned, inFlight]).toEqual([{ read: 1 }, []])
  })

  test('an exec of another thread goes on under the id of the process', () => {
    const { threads, neverReturned, halves, syscalls } = read(
      '7 pause( <unfinished ...>',
      '9 execve("/bin/true", ["true"], 0x7 <unfinished ...>',
      '7 +++ superseded by execve in pid 9 +++',
      '7 <... execve resumed>) = 0',
    )
    expect(neverReturned).toEqual({ pause: 1 })
    expect(halves).toEqual({ first: 0, second: 0 })
    expect(syscalls.map(({ name, calls }) => [name, calls])).toEqual([['execve', 1]])
    expect(threads!.map(({ tid, end, execs }) => [tid, end?.kind, execs.length])).toEqual([
      [7, undefined, 1],
      [9, 'superseded', 0],
    ])
  })

  test('the id that a call tells', () => {
    expect(read('gettid() = 42', 'close(3) = 0').threads![0]!.tid).toBe(42)
  })
})
