import { expect, test } from 'vitest'
import { ByteInterner } from '../fast/byte-interner.ts'
import { MAX_NAMES, StraceLine } from './line.ts'

test.each([
  ['close(3) = 0 <0.000010>', 10_000],
  ['close(3) = 0 <9.999999>', 9_999_999_000],
  ['close(3) = 0 <12.000001>', 12_000_001_000],
  ['close(3) = 0 <0.000000123>', 123],
  ['close(3) = 0 <0.012>', 12e6],
  ['close(3) = 0 <3>', 3e9],
  ['close(3) = 0', -1],
  ['open("/a") = 3</0.000010>', -1],
  ['open("/a") = 3</a> <0.5>', 5e8],
])('%s took %i ns', (text, ns) => {
  const line = new StraceLine(new ByteInterner(MAX_NAMES))
  const bytes = Buffer.from(text)
  line.scan(bytes, 0, bytes.length)
  expect(line.durationNs).toBe(ns)
})
