import { expect, test } from 'vitest'
import { frameOf, stackReader } from './tool-stack.ts'

function read(lines: string[]) {
  const reader = stackReader()
  const taken = lines.map(line => reader.take(line))
  return {
    stacks: taken.flatMap(part => part?.stack ?? []),
    refused: taken.filter(part => part === undefined),
    end: reader.flush(),
  }
}

test('offcputime: frames, task, weight', () => {
  const { stacks, end } = read([
    '    schedule',
    '    do_nanosleep',
    '    -                my app (442)',
    '        969201',
  ])
  expect(stacks).toEqual([
    { type: 'stack', frames: ['schedule', 'do_nanosleep'], key: { comm: 'my app', pid: 442 }, value: 969_201 },
  ])
  expect(end).toEqual({ lines: [], frames: [] })
})

test('wakeuptime: target, frames, waker, weight', () => {
  const lines = ['\ttarget:          bash', '\tffffffff814b824d try_to_wake_up', '\t          waker: rm', '\t1753']
  expect(read(lines).stacks).toEqual([
    { type: 'stack', frames: ['try_to_wake_up'], key: { target: 'bash', waker: 'rm' }, value: 1753 },
  ])
})

test('memleak: the next stack or the end ends one', () => {
  const { stacks, end } = read([
    '\t4096 bytes in 2 allocations from stack',
    '\t\t0 [<00007f00>] malloc+0x1b',
    '\t96 bytes in 1 allocations from stack',
  ])
  expect(stacks).toEqual([{ type: 'stack', frames: ['malloc+0x1b'], key: { allocations: 2 }, value: 4096 }])
  expect(end.stack).toEqual({ type: 'stack', frames: [], key: { allocations: 1 }, value: 96 })
})

test('a stack that never ends: its lines, and its frames without rules of a dash', () => {
  const { end } = read(['    -', '    futex_wait', '    -'])
  expect(end).toEqual({ lines: ['    -', '    futex_wait', '    -'], frames: ['futex_wait'] })
})

test('what is not indented belongs to no stack', () => {
  expect(read(['schedule', '  two']).refused).toHaveLength(2)
})

test.each([
  ['ffffffff814b824d bpf_trace_run1', 'bpf_trace_run1'],
  ['0 [<00007f12>] malloc+0x1b', 'malloc+0x1b'],
  ['#1 0x00007f12 main', 'main'],
  ['vfs_read+1', 'vfs_read+1'],
  ['ffffffff814b824d', 'ffffffff814b824d'],
])('the frame %j', (line, frame) => {
  expect(frameOf(line)).toBe(frame)
})
