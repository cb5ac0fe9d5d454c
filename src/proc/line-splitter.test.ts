import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitLines } from './line-splitter.ts'

function linesOf(chunks: Buffer[]): string[] {
  const lines: string[] = []
  const splitter = splitLines(line => lines.push(line))
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return lines
}

test.each([
  ['', []],
  ['a\nb\n', ['a', 'b']],
  ['a\nb', ['a', 'b']],
  ['\n\na', ['', '', 'a']],
  ['\xff\xfe\n\x00', ['\xff\xfe', '\x00']],
])('%j', (text, expected) => {
  expect(linesOf([Buffer.from(text, 'latin1')])).toEqual(expected)
})

test('the cuts between chunks do not show', () => {
  const bytes = fc.array(fc.oneof(fc.constant(10), fc.integer({ min: 0, max: 255 })), { maxLength: 60 })
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(60), { maxLength: 8 }), (content, cuts) => {
      const whole = Buffer.from(content)
      const at = [0, ...cuts.map(cut => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length]
      const chunks = at.slice(1).map((end, i) => whole.subarray(at[i], end))
      const expected = whole.toString('latin1').split('\n')
      if (expected.at(-1) === '') expected.pop()
      expect(linesOf(chunks)).toEqual(expected)
    }),
  )
})

test('a callback that throws loses only its own line', () => {
  const lines: string[] = []
  const splitter = splitLines(line => {
    if (line === 'bad') throw new Error('bad line')
    lines.push(line)
  })
  splitter.push(Buffer.from('ba'))
  expect(() => splitter.push(Buffer.from('d\n'))).toThrow('bad line')
  splitter.push(Buffer.from('good\n'))
  expect(lines).toEqual(['good'])
})
