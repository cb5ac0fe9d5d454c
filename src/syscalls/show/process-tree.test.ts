import { expect, test } from 'vitest'
import type { ThreadProfile } from '../profile.ts'
import { processTreeLines } from './process-tree.ts'

const thread = (id: number, more: Partial<ThreadProfile> = {}): ThreadProfile => ({
  id,
  tid: id,
  pid: id,
  execs: [],
  total: { calls: id, errors: 0 },
  syscalls: [],
  ...more,
})

test('processes below their parents, with programs, threads and ends', () => {
  const lines = processTreeLines([
    [
      thread(1, {
        comm: 'sh',
        execs: [{ path: '/bin/sh', argv: ['sh', '-c', "echo 'a\x1b'"] }],
        end: { kind: 'exited', code: 0 },
        total: { calls: 5, errors: 0, wall: { totalNs: 2e9 } },
      }),
      thread(2, { parentId: 1 }),
    ],
    [thread(3, { parentId: 2, comm: 'ls', end: { kind: 'exited', code: 2 } })],
    [thread(4, { parentId: 3, end: { kind: 'killed', signal: 'SIGKILL' }, execs: [{ path: '/x', argv: [] }] })],
    [thread(5, { tid: undefined, pid: undefined, parentId: 99 })],
  ])
  expect([...lines].join('')).toBe(
    [
      '1  sh  7 calls  2 s  2 threads',
      "    exec /bin/sh: sh -c 'echo '\\\\''a\\x1b'\\\\'''",
      '  3  ls  3 calls  exit 2',
      '    4  4 calls  killed by SIGKILL',
      '        exec /x',
      '?  5 calls  running at the end',
      '',
    ].join('\n'),
  )
})

test('a chain of forks of any length', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => [thread(i, i === 0 ? {} : { parentId: i - 1 })])
  expect([...processTreeLines(chain)]).toHaveLength(20_000)
})
