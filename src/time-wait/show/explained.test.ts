import { expect, test } from 'vitest'
import { textWidth } from '../../terminal/text-width.ts'
import { explainedText } from './explained.ts'

const words = (text: string) => text.split(/\s+/).filter(word => word !== '')

test.each([40, 80, 120])('fits %d columns and loses no word', width => {
  const text = explainedText(width)
  expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(width)
  expect(words(text)).toEqual(words(explainedText(Infinity)))
})

test('at 80 columns entries stay beside their text', () => {
  expect(explainedText(80)).toContain(`
verdict
  HARMLESS   do nothing.
  WATCH      no connect() fails; something is broken, slower or less safe than
             it could be.
`)
})
