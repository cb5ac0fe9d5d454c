import { expect, test } from 'vitest'
import { parseLines } from './text-lines.ts'

const parse = (line: string) => (/^\d+$/.test(line.trim()) ? Number(line) : undefined)

test('rows below the header; a line that is none is kept with its place', () => {
  const { rows, bogus } = parseLines(Buffer.from('header\n1\n\n2x\n 3\n', 'latin1'), 'net/x', parse)
  expect(rows).toEqual([1, 3])
  expect(bogus).toEqual([{ file: 'net/x', line: 4, text: '2x' }])
})

test('no more of a long line than a quote holds; bytes stay bytes', () => {
  const { bogus } = parseLines(Buffer.concat([Buffer.from('h\n'), Buffer.alloc(500, 0xff)]), 'net/x', parse)
  expect(bogus[0]!.text).toBe('\xff'.repeat(120))
})

test('an empty file has no rows', () => {
  expect(parseLines(Buffer.alloc(0), 'net/x', parse)).toEqual({ rows: [], bogus: [] })
})
