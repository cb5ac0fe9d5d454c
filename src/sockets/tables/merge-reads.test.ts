import { describe, expect, test } from 'vitest'
import { TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import { parseInetTable } from './inet.ts'
import { inetIdentity, mayBeTorn, mergeReads, readRepeatedly } from './merge-reads.ts'
import { rowIdentity } from './tcp-row.ts'

const rowsOf = (...lines: string[]) => parseInetTable(Buffer.from(TCP_HEADER + lines.join('')), 'tcp', true).rows

describe('identity of a socket', () => {
  const base = { local: '0100007F:0050', remote: '0200007F:1F90', state: '01', inode: '5', pointer: 'aa' }
  const same = (a: Partial<typeof base>, b: Partial<typeof base>) => {
    const lines = [tcpRow({ ...base, ...a }), tcpRow({ ...base, ...b })]
    const [first, second] = rowsOf(...lines)
    const byText = rowIdentity(lines[0]!) === rowIdentity(lines[1]!)
    expect(inetIdentity(first!) === inetIdentity(second!)).toBe(byText)
    return byText
  }

  test.each([
    ['the state changes', {}, { state: '08' }, true],
    ['a UDP socket connects', {}, { remote: '0300007F:1F90' }, true],
    ['another inode', {}, { inode: '6' }, false],
    ['another pointer', {}, { pointer: 'bb' }, false],
    ['another local address', {}, { local: '0200007F:0050' }, false],
    ['without an inode, the same pointer and addresses', { inode: '0' }, { inode: '0', state: '06' }, true],
    ['without an inode, another peer', { inode: '0' }, { inode: '0', remote: '0300007F:1F90' }, false],
  ])('%s', (_, a, b, expected) => {
    expect(same(a, b)).toBe(expected)
  })
})

test('the later reading of a repeated row wins, at the place of the first', () => {
  const merged = mergeReads(
    rowsOf(tcpRow({ inode: '1', state: '01' }), tcpRow({ inode: '2' }), tcpRow({ inode: '1', state: '08' })),
  )
  expect(merged.rows.map(({ inode, state }) => [inode, state])).toEqual([
    ['1', 8],
    ['2', 10],
  ])
  expect(merged.duplicates).toBe(1)
})

describe('reading a torn table again', () => {
  const read = (...reads: string[][]) => {
    const next = [...reads]
    const rows = readRepeatedly(
      next.shift()!,
      () => next.shift() ?? [],
      row => row,
    )
    return { rows, readsLeft: next.length }
  }

  test('ends when two reads in a row bring nothing new', () => {
    expect(read(['a', 'b'], ['b', 'c'], ['c'], ['a'], ['z'])).toEqual({ rows: ['a', 'b', 'c'], readsLeft: 1 })
  })

  test('a row that stood in one read only, and not in the last, is gone', () => {
    expect(read(['a', 'a', 'b'], ['b'], ['b'])).toEqual({ rows: ['b'], readsLeft: 0 })
  })

  test('a table that always changes is read twelve times', () => {
    let reads = 1
    readRepeatedly([0], () => [(reads += 1)], String)
    expect(reads).toBe(12)
  })

  test.each([
    [31, 31, false],
    [32, 32, true],
    [3, 2, true],
  ])('%i rows of %i sockets may be torn: %s', (rows, distinct, expected) => {
    expect(mayBeTorn(rows, distinct)).toBe(expected)
  })
})
