import { describe, expect, test } from 'vitest'
import type { SyscallProfile } from '../../profile.ts'
import { StraceLogReader } from '../log-reader.ts'

function read(...lines: string[]): SyscallProfile {
  const reader = new StraceLogReader({ threads: true })
  reader.push(Buffer.from(`${lines.join('\n')}\n`))
  return reader.end()
}
const threads = (profile: SyscallProfile) =>
  profile.threads!.map(({ id, tid, pid, parentId, total }) => ({ id, tid, pid, parentId, calls: total.calls }))

describe('whose a line is', () => {
  test('lines without an id are of the only thread, which the first id names', () => {
    expect(threads(read('close(3) = 0', 'close(4) = 0'))).toEqual([
      { id: 0, tid: undefined, pid: undefined, parentId: undefined, calls: 2 },
    ])
    expect(threads(read('close(3) = 0', '[pid 7] close(4) = 0')).map(({ tid, calls }) => [tid, calls])).toEqual([
      [7, 2],
    ])
  })

  test('a child has its parent, a thread its process too', () => {
    const lines = [
      '7 clone(flags=SIGCHLD) = 8',
      '7 clone(flags=CLONE_VM|CLONE_THREAD) = 9',
      '8 close(3) = 0',
      '9 close(3) = 0',
    ]
    expect(threads(read(...lines)).map(({ tid, pid, parentId }) => [tid, pid, parentId])).toEqual([
      [7, 7, undefined],
      [8, 8, 0],
      [9, 7, 0],
    ])
  })

  test('a child seen before its parent made it is the same child', () => {
    const lines = ['7 clone(flags=SIGCHLD <unfinished ...>', '8 close(3) = 0', '7 <... clone resumed>) = 8']
    expect(threads(read(...lines)).map(({ tid, parentId }) => [tid, parentId])).toEqual([
      [7, undefined],
      [8, 0],
    ])
  })

  test('an id that is used again is another thread', () => {
    const lines = ['7 close(3) = 0', '7 +++ exited with 0 +++', '7 close(3) = 0', '7 close(4) = 0']
    expect(threads(read(...lines)).map(({ id, tid, calls }) => [id, tid, calls])).toEqual([
      [0, 7, 1],
      [1, 7, 2],
    ])
  })
})

test('ended threads beyond two thousand are told together by program; no call is lost', () => {
  const lines = Array.from({ length: 5000 }, (_, i) => [`${i + 10} close(3) = 0`, `${i + 10} +++ exited with 0 +++`])
  const profile = read('7<main> close(3) = 0', ...lines.flat())
  expect(profile.threads!.length).toBeLessThan(2100)
  expect(profile.threads!.reduce((sum, thread) => sum + thread.total.calls, 0)).toBe(5001)
  expect(profile.warnings.map(({ code }) => code)).toContain('threads-limited')
})

test('threads that have not ended are never told together', () => {
  const profile = read(...Array.from({ length: 5000 }, (_, i) => `${i + 10} close(3) = 0`))
  expect(profile.threads).toHaveLength(5000)
  expect(profile.warnings).toEqual([])
})
