import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { liveOptions, tableColumns, type TraceFlags } from './options.ts'

const FLAGS = {
  backend: 'auto',
  follow: false,
  wall: false,
  by: 'syscall',
  tree: false,
  folded: false,
  summary: false,
} as unknown as TraceFlags
const options = (flags: Partial<TraceFlags>, argv: string[] = []) => liveOptions({ ...FLAGS, ...flags }, argv)

describe('columns of -U', () => {
  test.each([
    ['time-percent,count,name', ['% time', 'calls', 'syscall']],
    ['calls', ['calls', 'syscall']],
    ['name, p99.9,distribution', ['syscall', 'p99.9', 'distribution']],
    [undefined, undefined],
  ])('%s', (words, columns) => {
    expect(tableColumns(words)).toEqual(columns)
  })

  test.each(['bogus', 'calls,count', ''])('%j is refused', words => {
    expect(() => tableColumns(words)).toThrow(UsageError)
  })
})

describe('what to trace', () => {
  test.each([
    [{ pid: ['1,2', '3 4'] }, [], { kind: 'pids', pids: [1, 2, 3, 4] }],
    [{ comm: 'nginx' }, [], { kind: 'comm', comm: 'nginx' }],
    [{ cgroup: '/a' }, [], { kind: 'cgroup', path: '/a' }],
    [{}, ['ls', '-l'], { kind: 'command', argv: ['ls', '-l'] }],
  ] as const)('%j %j', (flags, argv, target) => {
    expect(options(flags as Partial<TraceFlags>, [...argv]).target).toEqual(target)
  })

  test.each([
    [{}, []],
    [{ pid: ['1'] }, ['ls']],
    [{ pid: ['0'] }, []],
    [{ pid: ['x'] }, []],
    [{ comm: 'a', cgroup: 'b' }, []],
  ] as const)('%j %j is refused', (flags, argv) => {
    expect(() => options(flags as Partial<TraceFlags>, [...argv])).toThrow(UsageError)
  })

  test.each([
    [{ by: 'thread' }, true, false],
    [{ by: 'file' }, false, true],
    [{ tree: true }, true, true],
    [{ slowest: 3 }, false, true],
    [{ summary: true }, false, true],
    [{ by: 'errno' }, false, false],
  ] as const)('%j counts by thread: %s, needs a log: %s', (flags, byThread, needsLog) => {
    expect(options(flags, ['ls'])).toMatchObject({ byThread, needsLog })
  })
})
