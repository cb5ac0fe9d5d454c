import { describe, expect, test } from 'vitest'
import { counted, formatBytes, formatDurationNs } from './units.ts'

describe('three digits and a unit', () => {
  test.each([
    [0, '0 ns'],
    [0.5, '0.5 ns'],
    [999, '999 ns'],
    [1000, '1 us'],
    [12_345, '12.3 us'],
    [99_960, '100 us'],
    [999_600, '1 ms'],
    [1_020_000, '1.02 ms'],
    [1_500_000, '1.5 ms'],
    [4_500_000_000, '4.5 s'],
    [59_999_999_999, '1 min'],
    [90e9, '1.5 min'],
    [7_200e9, '2 h'],
    [360_000e9, '100 h'],
    [-1_500_000, '-1.5 ms'],
  ])('%d ns: %s', (ns, text) => {
    expect(formatDurationNs(ns)).toBe(text)
  })

  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1_048_575, '1 MiB'],
    [5 * 1024 ** 3, '5 GiB'],
    [1.5 * 1024 ** 4, '1.5 TiB'],
    [2 ** 60, '1024 PiB'],
  ])('%d bytes: %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

test.each([
  [counted(0, 'socket'), '0 sockets'],
  [counted(1, 'socket'), '1 socket'],
  [counted(2, 'process', 'es'), '2 processes'],
  [counted(1, 'process', 'es'), '1 process'],
])('how many of what: %s', (text, expected) => expect(text).toBe(expected))
