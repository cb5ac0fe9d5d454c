import { expect, test } from 'vitest'
import type { ScriptMap } from '../model.ts'
import { scriptMapJson, scriptMapLines, scriptValueJson, scriptValueText } from './script-map.ts'

const text = (map: ScriptMap) => [...scriptMapLines(map, Infinity)].join('')

test('a map, smallest value first; text and JSON', () => {
  const map: ScriptMap = {
    type: 'map',
    name: '@n',
    entries: [
      { key: 'b', value: 2 },
      { key: 'a\x1b', value: 1 },
    ],
  }
  expect(text(map)).toBe('@n[a\\x1b]: 1\n@n[b]: 2\n')
  expect(scriptMapJson(map)).toEqual({
    type: 'map',
    name: '@n',
    entries: [
      { key: 'a\x1b', value: 1 },
      { key: 'b', value: 2 },
    ],
  })
})

test('one value', () => {
  const map: ScriptMap = { type: 'map', name: '@', entries: [{ value: 2n ** 60n }] }
  expect(text(map)).toBe('@: 1152921504606846976\n')
  expect(scriptMapJson(map).entries).toEqual([{ value: '1152921504606846976' }])
})

test.each([
  ['0.17', '\n    k+1\n    l+2\n,dd'],
  ['0.23', '\n        k+1\n        l+2\n,dd'],
  ['0.27', '\nk+1\nl+2\n,dd'],
])('a stack in a key of %s', (_, key) => {
  const map: ScriptMap = { type: 'map', name: '@', entries: [{ key, value: 3 }] }
  expect(text(map)).toBe('@[\n    k+1\n    l+2\n,dd]: 3\n')
  expect([...scriptMapLines(map, 6)].join('')).toBe('@[\n    k…\n    l…\n,dd]: 3\n')
  expect(scriptMapJson(map).entries).toEqual([{ key: '\nk+1\nl+2\n,dd', stacks: [['l+2', 'k+1']], value: 3 }])
})

test('a stack in a tuple', () => {
  const value = ['dd', '\n        k+1\n        l+2\n', 7]
  expect(scriptValueText(value, Infinity)).toBe('(dd, \n    k+1\n    l+2\n, 7)')
  expect(scriptValueJson(value)).toEqual(['dd', ['l+2', 'k+1'], 7])
  expect(scriptValueText(['a\n', 7], Infinity)).toBe('(a\\n, 7)')
  expect(scriptValueJson('\nk+1\n')).toEqual(['k+1'])
})

test('statistics and series', () => {
  const stats: ScriptMap = { type: 'stats', name: '@s', entries: [{ value: { count: 2, average: 3, total: 6 } }] }
  expect(text(stats)).toBe('@s: count 2, average 3, total 6\n')
  expect(scriptMapJson(stats).entries).toEqual([{ value: { count: 2, average: 3, total: 6 } }])
  const series: ScriptMap = {
    type: 'series',
    name: '@t',
    entries: [{ key: 'a', value: [{ start: '12:00', value: 4 }] }],
  }
  expect(text(series)).toBe('@t[a]:\n12:00 4\n')
  expect(scriptMapJson(series).entries).toEqual([{ key: 'a', value: [{ start: '12:00', value: 4 }] }])
})

test('a histogram', () => {
  const map: ScriptMap = { type: 'histogram', name: '@h', entries: [{ value: [{ min: 2, max: 3, count: 1 }] }] }
  expect(text(map)).toBe(`@h:\n[2, 4)                  1 |${'@'.repeat(52)}|\n\n`)
})
