import { describe, expect, test } from 'vitest'
import { cellJson, cellText, jsonText, jsonValue, plainText } from './cell.ts'
import { rowColumns, rowJson, rowLines } from './rows.ts'
import { scriptMapJson, scriptMapLines } from './script-map.ts'
import type { FieldKind } from '../run/output/row.ts'

const context = { wallMs: (ns: number) => ns / 1e6, machine: 'x86_64', clock: (ms: number) => `clock ${ms}` }
const field = (kind: FieldKind) => ({ key: 'k', header: 'K', kind, about: '' })

test.each([
  ['errno', 2, 'ENOENT'],
  ['errno', 9999, 'errno_9999'],
  ['signal', 9, 'SIGKILL'],
  ['signal', 36, 'SIGRTMIN+2'],
  ['state', 10, 'LISTEN'],
  ['syscall', 39, 'getpid'],
  ['syscall', 437, 'openat2'],
  ['syscall', 99999, 'syscall_0x1869f'],
  ['device', 266338304, '254:0'],
  ['bytes', 1536, '1.5 KiB'],
  ['durationNs', 1_020_000, '1.02 ms'],
  ['time', 5e6, 'clock 5'],
  ['text', '\x1b[2J\n\xff', '\\x1b[2J\\n\\xff'],
  ['integer', undefined, ''],
] as [FieldKind, string | number | undefined, string][])('%s %j as text: %s', (kind, value, text) => {
  expect(cellText(field(kind), value, context)).toBe(text)
})

describe('JSON', () => {
  test.each([
    ['text', 'caf\xc3\xa9', 'café'],
    ['text', 'a\\b', 'a\\b'],
    ['text', '\xff', '\\xff'],
    ['time', 1_700_000_000_123_456_000, '2023-11-14T22:13:20.123456Z'],
    ['durationNs', 1500, 1500],
    ['errno', 13, 'EACCES'],
    ['integer', 2n ** 63n, '9223372036854775808'],
    ['pid', undefined, undefined],
  ] as [FieldKind, string | number | bigint | undefined, unknown][])('%s %s', (kind, value, json) => {
    const got = cellJson(kind, value, context)
    if (kind === 'time') expect(got).toEqual(expect.stringContaining(String(json).slice(0, 23)))
    else expect(got).toBe(json)
  })

  test('nested values', () => {
    expect(jsonValue([1, 'a\xc3\xa9', [2n ** 64n]])).toEqual([1, 'aé', ['18446744073709551616']])
    expect(plainText([1, 'a\n', [2n]])).toBe('(1, a\\n, (2))')
    expect(jsonText('\xe2\x82')).toBe('\\xe2\\x82')
  })
})

test('rows: columns stand still, absent is empty, a list stays a list in JSON', () => {
  const fields = [
    { key: 'pid', header: 'PID', kind: 'pid', about: '', width: 7 },
    { key: 'args', header: 'ARGS', kind: 'text', about: '' },
  ] as const
  const row = { pid: 42, args: 'ls -l', argv: ['ls', '-l'] }
  expect(
    [...rowLines(rowColumns(fields, context), [row, { args: 'x' }], true, { width: Infinity, fields })].join(''),
  ).toBe('    PID ARGS\n     42 ls -l\n        x\n')
  expect(rowJson(fields, row, context)).toEqual({ pid: 42, args: ['ls', '-l'] })
})

describe('maps of a script', () => {
  const map = {
    type: 'map' as const,
    name: '@',
    entries: [
      { key: 'b', value: 9 },
      { key: '\x1b', value: 2 },
    ],
  }
  test('smallest first, safe, in order', () => {
    expect([...scriptMapLines(map, Infinity)]).toEqual(['@[\\x1b]: 2\n', '@[b]: 9\n'])
    expect(scriptMapJson(map)).toEqual({
      type: 'map',
      name: '@',
      entries: [
        { key: '\x1b', value: 2 },
        { key: 'b', value: 9 },
      ],
    })
  })
  test('statistics and histograms', () => {
    const stats = { count: 2, average: 3, total: 6 }
    expect([...scriptMapLines({ type: 'stats', name: '@s', entries: [{ value: stats }] }, Infinity)]).toEqual([
      '@s: count 2, average 3, total 6\n',
    ])
    expect(
      [
        ...scriptMapLines(
          { type: 'histogram', name: '@h', entries: [{ value: [{ min: 1, max: 1, count: 1 }] }] },
          Infinity,
        ),
      ][0],
    ).toBe('@h:\n')
  })
})
