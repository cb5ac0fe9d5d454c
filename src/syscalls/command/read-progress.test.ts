import { expect, test } from 'vitest'
import { readProgress } from './read-progress.ts'

function shown(isTTY: boolean, sizeBytes: number | undefined) {
  let text = ''
  let ms = 0
  const progress = readProgress({ isTTY, write: piece => (text += piece) }, () => ms)
  for (const [at, consumedBytes] of [
    [100, 1e6],
    [600, 60e6],
    [650, 65e6],
    [1000, 100e6],
  ] as const) {
    ms = at
    progress.update({ label: 'a.log', consumedBytes, sizeBytes })
  }
  progress.done()
  return text.split('\r\x1b[K')
}

test('says how far it is, from half a second on, five times a second at most, and removes itself', () => {
  expect(shown(true, 200e6)).toEqual([
    '',
    'a.log: 60 of 200 MB, 100 MB/s, 1 s left',
    'a.log: 100 of 200 MB, 100 MB/s, 1 s left',
    '',
  ])
})

test('of a pipe nobody knows the size; where nobody looks nothing is said', () => {
  expect(shown(true, undefined)[1]).toBe('a.log: 60 MB, 100 MB/s')
  expect(shown(false, 200e6)).toEqual([''])
})
