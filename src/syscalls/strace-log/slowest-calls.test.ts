import { expect, test } from 'vitest'
import { StraceLogReader } from './log-reader.ts'

test('the hundred longest of any number of calls, longest first, with their arguments', () => {
  const reader = new StraceLogReader()
  const us = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000)
  reader.push(Buffer.from(us.map(each => `read(${each}, "", 9) = 0 <0.00${String(each).padStart(4, '0')}>\n`).join('')))
  const { slowest } = reader.end()
  expect(slowest!.map(({ durationNs }) => durationNs / 1000)).toEqual(Array.from({ length: 100 }, (_, i) => 4999 - i))
  expect(slowest![0]!.text).toBe('read(4999, "", 9) = 0')
})

test('a call in two halves is told whole, a very long one cut', () => {
  const reader = new StraceLogReader()
  reader.push(
    Buffer.from(
      `7 read(3,  <unfinished ...>\n8 write(1, "${'x'.repeat(900)}", 900) = 900 <0.5>\n7 <... read resumed>"ab", 9) = 2 <2.0>\n`,
    ),
  )
  const { slowest } = reader.end()
  expect(slowest![0]).toMatchObject({ text: 'read(3, "ab", 9) = 2', tid: 7 })
  expect(slowest![1]!.text).toHaveLength(400)
})
