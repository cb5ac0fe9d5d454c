import { describe, expect, test } from 'vitest'
import { changing, procOf } from '../../../test/support/fake-proc.ts'
import { MachineError, UsageError } from '../../errors.ts'
import { findTargets, readProcess, threadsOf } from './target.ts'

const status = (name: string, tgid: number, parent: number) =>
  `Name:\t${name}\nTgid:\t${tgid}\nPPid:\t${parent}\nTracerPid:\t0\nUid:\t1\t5\t1\t1\nThreads:\t2\n`
const RECORDED = procOf({
  files: {
    '1/status': status('init', 1, 0),
    '10/status': status('bash', 10, 1),
    '11/status': status('node', 11, 10),
    '20/status': status('server', 20, 1),
    '21/status': status('server', 20, 1),
    '20/task/20/comm': 'server\n',
    '20/task/21/comm': 'a-very-long-nam\n',
    '11/task/11/comm': 'server\n',
  },
})

const PROC = changing(RECORDED, {
  list: path => (path === '.' ? ['1', '10', '11', '20', 'self', 'net'] : RECORDED.list(path)),
})

test('a process, and one that is gone', () => {
  expect(readProcess(PROC, 21)).toEqual({
    pid: 21,
    processId: 20,
    parent: 1,
    uid: 5,
    threads: 2,
    tracer: 0,
    name: 'server',
  })
  expect(readProcess(PROC, 99)).toBeUndefined()
  expect(threadsOf(PROC, 20)).toEqual([20, 21])
  expect(threadsOf(PROC, 99)).toEqual([])
})

describe('targets', () => {
  const pids = (target: Parameters<typeof findTargets>[1]) => findTargets(PROC, target, 11).map(({ pid }) => pid)

  test('each pid once; a command needs none', () => {
    expect(pids({ kind: 'pids', pids: [20, 21, 20] })).toEqual([20, 21])
    expect(pids({ kind: 'command', argv: ['x'] })).toEqual([])
  })

  test('by the name of any thread, as the kernel cuts it, never ourselves', () => {
    expect(pids({ kind: 'comm', comm: 'server' })).toEqual([20])
    expect(pids({ kind: 'comm', comm: 'a-very-long-name-it-is' })).toEqual([20])
    expect(pids({ kind: 'comm', comm: 'nosuchcomm' })).toEqual([])
  })

  test('what is not there, ourselves and those above us are refused', () => {
    expect(() => pids({ kind: 'pids', pids: [99] })).toThrow(MachineError)
    expect(() => pids({ kind: 'pids', pids: [11] })).toThrow(UsageError)
    expect(() => pids({ kind: 'pids', pids: [10] })).toThrow(/process 10 \(bash\) started this command/)
  })
})
