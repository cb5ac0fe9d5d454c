import { expect, test } from 'vitest'
import { bytesCell, bytesText, countCell, durationCell, perSecondCell, timeText } from './cells.ts'

test.each([
  [undefined, '-    '],
  [0, '0    '],
  [0.2, '0    '],
  [1, '1 B  '],
  [999, '999 B  '],
  [1000, '0.98 KiB'],
  [1024, '1.00 KiB'],
  [1_000_000, '977 KiB'],
  [1_250_000, '1.19 MiB'],
  [1.5e12, '1.36 TiB'],
  [1e17, '88.8 PiB'],
])('%s bytes', (bytes, text) => {
  expect(bytesCell(bytes).text).toBe(text)
  expect(bytesCell(bytes).text.length).toBeLessThanOrEqual(8)
})

test.each([
  [undefined, '-'],
  [0, '0'],
  [12, '12'],
  [99_999, '99999'],
  [123_456, '123k'],
  [1_500_000, '1.50M'],
])('%s as a count', (count, text) => {
  expect(countCell(count).text).toBe(text)
})

test.each([
  [undefined, '-'],
  [0, '0'],
  [0.004, '0'],
  [0.5, '0.50'],
  [19.96, '20.0'],
  [1240, '1240'],
])('%s a second', (rate, text) => {
  expect(perSecondCell(rate).text).toBe(text)
})

test.each([
  [12, '12s'],
  [200, '3m 20s'],
  [7500, '2h 5m'],
])('%s s', (seconds, text) => {
  expect(timeText(seconds)).toBe(text)
})

test('units in running text have no blanks behind them; zero is quiet, unknown is said', () => {
  expect([bytesText(12), durationCell(1500).text, durationCell(undefined).text]).toEqual(['12 B', '1.5 ms', '-'])
  expect([bytesCell(0).tone, countCell(0).tone]).toEqual(['quiet', 'quiet'])
})
