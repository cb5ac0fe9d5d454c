import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forEachEvent } from './ring-page.ts'

const words = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, at) => bytes.writeUInt32LE(value >>> 0, at * 4))
  return bytes
}
const head = (type: number, delta: number) => ((delta << 5) | type) >>> 0

function page(ns: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const header = Buffer.alloc(16)
  header.writeBigUInt64LE(BigInt(ns))
  // The upper bits say that records were lost before.
  header.writeUInt32LE((body.length | 0x8000_0000) >>> 0, 8)
  return Buffer.concat([header, body])
}

function visited(bytes: Buffer) {
  const events: [first: number, length: number, ns: number][] = []
  forEachEvent(bytes, (at, end, ns) => events.push([bytes.readUInt32LE(at), end - at, ns]))
  return events
}

test('events with their time: short ones, long ones, more time, a time of their own, padding', () => {
  const bytes = page(
    1000,
    words(head(2, 5), 11, 0),
    words(head(30, 3), 2),
    words(head(1, 0), 22),
    words(head(0, 7), 16, 33, 0, 0),
    words(head(29, 1), 8, 0),
    words(head(31, 9), 4),
    words(head(1, 1), 44),
    words(head(29, 0)),
    words(head(1, 0), 55),
  )
  expect(visited(bytes)).toEqual([
    [11, 8, 1005],
    [22, 4, 1005 + 2 * 2 ** 27 + 3],
    [33, 12, 1012 + 2 * 2 ** 27 + 3],
    [44, 4, 4 * 2 ** 27 + 10],
  ])
})

test('what is behind the length of the page is old', () => {
  const bytes = Buffer.concat([page(0, words(head(1, 0), 7)), words(head(1, 0), 8)])
  expect(visited(bytes)).toEqual([[7, 4, 0]])
})

test('any bytes end, and nothing is visited outside of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), noise => {
      const bytes = Buffer.from(noise)
      forEachEvent(bytes, (at, end) => {
        expect(at).toBeGreaterThan(0)
        expect(end).toBeLessThanOrEqual(bytes.length)
        expect(end).toBeGreaterThan(at)
      })
    }),
  )
})
