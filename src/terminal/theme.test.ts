import { expect, test } from 'vitest'
import { createTheme } from './theme.ts'

const COLOURS = ['heading', 'good', 'caution', 'bad', 'quiet', 'strong'] as const

test('without colour a text stays as it is, with it the text is within', () => {
  const [plain, coloured] = [createTheme(false), createTheme(true)]
  expect(COLOURS.map(colour => plain[colour]('x'))).toEqual(COLOURS.map(() => 'x'))
  for (const colour of COLOURS) expect(coloured[colour]('x')).toMatch(/^\x1b\[\d+mx\x1b\[\d+m$/)
  expect([plain.enabled, coloured.enabled]).toEqual([false, true])
  expect(coloured.bad('x')).not.toBe(coloured.good('x'))
})
