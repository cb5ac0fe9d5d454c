import { expect, test } from 'vitest'
import { programContextOf } from '../../../test/support/bpf-program-context.ts'
import { currentTask, familyProgram, longEnough, tracepoints, when } from './condition.ts'

test.each([
  [{}, ['pid != 11', 'pid != 22']],
  [{ pid: 7 }, ['pid == 7']],
  [{ tree: 7 }, ['@tree[tid]']],
  [{ comm: 'a"' }, [String.raw`comm == "a\x22"`, 'pid != 11', 'pid != 22']],
  [{ cgroupId: '18446744073709551' }, ['cgroup == 18446744073709551', 'pid != 11', 'pid != 22']],
  [{ pid: 7, comm: 'x', cgroupId: '5' }, ['pid == 7', 'cgroup == 5', 'comm == "x"']],
])('the tasks of %j', (filter, conditions) => {
  expect(currentTask(programContextOf({ filter }))).toEqual(conditions)
})

test('conditions of a probe', () => {
  expect(when('a', 'b')).toBe(' /a && b/')
  expect(when()).toBe('')
})

test.each([
  [undefined, '1'],
  [0, '$ns >= 0'],
  [1_500_000, '$ns >= 1500000'],
])('at least %s ns', (minLatencyNs, text) => {
  expect(longEnough(programContextOf({ minLatencyNs }))).toBe(text)
})

test('probes that the kernel has; all where it has none, so that bpftrace says it', () => {
  const context = programContextOf({ hasTracepoint: name => name === 'a:b' })
  expect(tracepoints(context, ['a:b', 'c:d'])).toBe('tracepoint:a:b')
  expect(tracepoints(context, ['c:d', 'e:f'])).toBe('tracepoint:c:d,\ntracepoint:e:f')
})

test('a command counts from its exec on, or from the beginning', () => {
  const context = programContextOf({ filter: { tree: 7 } })
  expect(familyProgram(context, true).split('\n')[0]).toBe(
    'tracepoint:sched:sched_process_exec /pid == 7/ { @tree[7] = 1; }',
  )
  expect(familyProgram(context, false).split('\n')[0]).toBe('BEGIN { @tree[7] = 1; }')
  expect(familyProgram(programContextOf(), true)).toBe('')
})
