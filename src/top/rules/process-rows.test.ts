import { describe, expect, test } from 'vitest'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { processRows } from './process-rows.ts'

const OWNERS = {
  7: { program: 'nginx', unit: 'nginx.service' },
  8: { program: 'nginx', unit: 'nginx.service' },
  9: { program: 'psql', container: 'c'.repeat(64) },
}
const sample = sampleOf(
  [
    { owner: 7, received: 100, sent: 10, retransmits: 1, unread: 5 },
    { owner: 7, state: TCP_STATE.listen, unread: 3, unsent: 128 },
    { owner: 8, received: 50, sent: 5, retransmits: 0, state: TCP_STATE.closeWait },
    { owner: 9, received: 1, sent: 2, retransmits: 0, unsent: 4 },
    {},
  ],
  OWNERS,
)

describe('by process', () => {
  test('sockets, listeners and bytes are of their owner', () => {
    const rows = processRows(sample, 'process')
    expect(rows.find(({ pid }) => pid === 7)).toMatchObject({
      program: 'nginx',
      unit: 'nginx.service',
      processes: 1,
      sockets: 1,
      listening: 1,
      received: 100,
      sent: 10,
      retransmits: 1,
      unread: 5,
    })
    expect(rows.find(({ pid }) => pid === 8)).toMatchObject({ closeWait: 1, sockets: 1, listening: 0 })
  })

  test('what no process was found for is a row of its own', () => {
    expect(processRows(sample, 'process').filter(({ processes }) => processes === 0)).toMatchObject([
      { key: 'unknown', sockets: 1, pid: undefined, program: undefined },
    ])
  })

  test('before the second look nothing is known of rates', () => {
    const first = sampleOf([{ owner: 7 }], OWNERS, { look: { seconds: undefined, amounts: undefined } })
    expect(processRows(first, 'process')[0]).toMatchObject({ received: undefined, sent: undefined })
  })

  test('who carried something over connections that have ended is there without a socket', () => {
    const gone = sampleOf([], { 7: {} })
    gone.look.owners.get(7)!.amounts.sentBytes = 500
    expect(processRows(gone, 'process')).toMatchObject([{ pid: 7, sockets: 0, sent: 500 }])
  })
})

test.each([
  ['program', ['program nginx', 'program psql'], 2],
  ['unit', ['unit nginx.service', 'unit '], 2],
  ['container', ['container ', `container ${'c'.repeat(64)}`], 2],
] as const)('by %s', (by, keys, processes) => {
  const rows = processRows(sample, by).filter(({ key }) => key !== 'unknown')
  expect(rows.map(({ key }) => key)).toEqual(keys)
  expect(Math.max(...rows.map(row => row.processes))).toBe(processes)
  expect(rows.reduce((sum, row) => sum + row.received!, 0)).toBe(151)
})

test('processes of different programs have none in common', () => {
  const all = sampleOf([{ owner: 7 }, { owner: 9 }], { 7: { program: 'a' }, 9: { program: 'b' } })
  expect(processRows(all, 'unit')).toMatchObject([{ program: undefined, processes: 2 }])
})

test('of what a filter selects the counts are those of its rows', () => {
  const filtered = { ...sample, selected: Uint8Array.from([1, 0, 0, 0, 0]) }
  filtered.look.owners.get(7)!.amounts.receivedBytes = 999
  expect(processRows(filtered, 'process')).toMatchObject([{ pid: 7, sockets: 1, listening: 0, received: 100 }])
})
