import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SyscallProfile } from '../../profile.ts'
import { LineScanner, ScannedLines } from './scanned-lines.ts'
import { StraceLogReader } from '../log-reader.ts'
import { captures } from '../../../../test/support/strace-captures.ts'

const files = await captures('logs', /(\.log|^ff\/out\.\d+)$/)
const options = { files: true, threads: true, stacks: true }

/** The profile of a log in pieces that end at `cuts`; those `isAhead` says are scanned by either of two scanners first. */
function read(bytes: Buffer, cuts: readonly number[], isAhead: (piece: number) => number | undefined): SyscallProfile {
  const reader = new StraceLogReader(options)
  const scanners = [new LineScanner(0), new LineScanner(1)]
  // Kept from piece to piece, as the thread does.
  const scanned = new ScannedLines(new SharedArrayBuffer(ScannedLines.byteLength))
  const ends = [...new Set(cuts.map(cut => cut % bytes.length))].sort((a, b) => a - b).concat(bytes.length)
  ends.forEach((end, piece) => {
    const chunk = bytes.subarray(ends[piece - 1] ?? 0, end)
    const scanner = isAhead(piece)
    if (scanner !== undefined) scanned.fill(chunk, scanners[scanner]!)
    reader.push(chunk, scanner === undefined ? undefined : scanned)
  })
  return reader.end()
}

const alternate = (piece: number) => piece % 2

describe('lines that were scanned ahead', () => {
  test.each(files)('$name: make the same profile', ({ bytes }) => {
    const ends = [...bytes.toString('latin1').matchAll(/\n/g)].map(({ index }) => index + 1)
    for (const cuts of [[], [bytes.length >> 1], ends.filter((_, i) => i % 5 === 0), [7, 300, 301, 4000]])
      expect(read(bytes, cuts, alternate)).toEqual(read(bytes, cuts, () => undefined))
  })

  test('make the same profile wherever a log is cut and whoever scanned the piece', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.array(fc.option(fc.constantFrom(0, 1), { nil: undefined }), { minLength: 13, maxLength: 13 }),
        ({ bytes }, cuts, scanners) => {
          expect(read(bytes, cuts, piece => scanners[piece])).toEqual(read(bytes, cuts, () => undefined))
        },
      ),
      { numRuns: 300 },
    )
  })
})
