import { describe, expect, test } from 'vitest'
import { programContextOf } from '../../../../test/support/bpf-program-context.ts'
import type { BpfValue } from '../../run/output/row.ts'
import type { TaskFilter } from '../job.ts'
import { tcpProgram, tcpReader } from './tcp-stream.ts'

/** `time pid cgroup family socket from to lport rport` of a transition. */
const change = (text: string, comm = 'curl'): BpfValue[] => {
  const numbers = text.split(' ').map(Number)
  return ['tcp', ...numbers, 5, 7, comm, '10.0.0.1', '10.0.0.2']
}
const accept = (pid: number, socket: number): BpfValue[] => ['accept', 50, pid, 3, 1, socket, 'nginx']

function owners(records: BpfValue[][], filter: TaskFilter = {}) {
  const reader = tcpReader({ filter, btf: true }, ({ pid, opened, lport }, { from, to }) => ({
    pid,
    opened,
    lport,
    from,
    to,
  }))
  return records.flatMap(record => reader.take(record))
}

describe('the owner', () => {
  test('of a connection to elsewhere: who called connect(); its port comes with the second change', () => {
    expect(owners([change('1 7 3 0 9 7 2 0 80'), change('2 0 0 0 9 2 1 40000 80')])).toEqual([
      { pid: 7, opened: 'here', lport: 0, from: 7, to: 2 },
      { pid: 7, opened: 'here', lport: 40_000, from: 2, to: 1 },
    ])
  })

  test('of one from elsewhere: who listens, then who accepts', () => {
    const records = [
      change('1 5 3 0 8 7 10 80 0'),
      change('2 0 0 0 9 10 3 80 999'),
      change('3 0 0 0 9 3 1 80 999'),
      accept(6, 9),
    ]
    expect(owners(records).map(row => [row['pid'], row['opened'], row['from']])).toEqual([
      [5, undefined, 7],
      [5, 'there', 10],
      [5, 'there', 3],
      [6, 'there', 'queue'],
    ])
  })

  test('of one that began before: not known; of a socket used again: the new one', () => {
    const records = [change('1 99 0 0 9 1 7 40000 80'), change('2 7 3 0 9 7 2 0 80')]
    expect(owners(records).map(row => row['pid'])).toEqual([undefined, 7])
  })
})

test.each<[TaskFilter, number]>([
  [{}, 1],
  [{ pid: 7 }, 1],
  [{ pid: 8 }, 0],
  [{ comm: 'curl' }, 1],
  [{ comm: 'wget' }, 0],
  [{ cgroupId: '3' }, 1],
  [{ cgroupId: '4' }, 0],
  [{ tree: 7 }, 0],
])('rows of %j', (filter, count) => {
  expect(owners([change('1 7 3 0 9 7 2 0 80')], filter)).toHaveLength(count)
})

test('one of the traced family', () => {
  expect(owners([change('1 7 3 1 9 7 2 0 80')], { tree: 1 })).toHaveLength(1)
})

test('without BTF neither accept() nor bytes are read', () => {
  const program = tcpProgram(programContextOf({ btf: false }))
  expect(program).not.toMatch(/accept|tcp_sock/)
  expect(tcpProgram(programContextOf())).toMatch(/sys_exit_accept4[^]*tcp_sock|tcp_sock[^]*sys_exit_accept4/)
})
