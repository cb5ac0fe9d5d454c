import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SyscallProfile } from '../../profile.ts'
import { CLOCK, EVENT, RESULT } from '../line/event.ts'
import { MAX_NAMES, StraceLine } from '../line/line.ts'
import { LineScanner, ScannedLines, withoutReturn } from './scanned-lines.ts'
import { StraceLogReader } from '../log-reader.ts'
import { BROKEN_CALLS, captures } from '../../../../test/support/strace-captures.ts'

const files = [{ name: 'broken calls', bytes: BROKEN_CALLS }, ...(await captures('logs', /(\.log|^ff\/out\.\d+)$/))]
const options = { files: true, threads: true, stacks: true }

/** The profile of a log in chunks that end at `cuts`; those `isAhead` says are scanned by either of two scanners first. */
function read(bytes: Buffer, cuts: readonly number[], isAhead: (index: number) => number | undefined): SyscallProfile {
  const reader = new StraceLogReader(options)
  const scanners = [new LineScanner(0), new LineScanner(1)]
  // Kept from chunk to chunk, as the thread does.
  const scanned = new ScannedLines(new SharedArrayBuffer(ScannedLines.byteLength))
  const ends = [...new Set(cuts.map(cut => cut % bytes.length))].sort((a, b) => a - b).concat(bytes.length)
  ends.forEach((end, index) => {
    const chunk = bytes.subarray(ends[index - 1] ?? 0, end)
    const scanner = isAhead(index)
    if (scanner !== undefined) scanned.fill(chunk, scanners[scanner]!)
    reader.push(chunk, scanner === undefined ? undefined : scanned)
  })
  return reader.end()
}

const alternate = (index: number) => index % 2

describe('lines that were scanned ahead', () => {
  test.each(files)('$name: make the same profile', ({ bytes }) => {
    const ends = [...bytes.toString('latin1').matchAll(/\n/g)].map(({ index }) => index + 1)
    for (const cuts of [[], [bytes.length >> 1], ends.filter((_, i) => i % 5 === 0), [7, 300, 301, 4000]])
      expect(read(bytes, cuts, alternate)).toEqual(read(bytes, cuts, () => undefined))
  })

  test('make the same profile wherever a log is cut and whoever scanned the chunk', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.array(fc.option(fc.constantFrom(0, 1), { nil: undefined }), { minLength: 13, maxLength: 13 }),
        ({ bytes }, cuts, scanners) => {
          expect(read(bytes, cuts, index => scanners[index])).toEqual(read(bytes, cuts, () => undefined))
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** When a field of a line means something; a field that is missing here fails the first test below. */
const FIELDS: Record<string, (line: StraceLine) => boolean> = {
  from: always,
  to: always,
  event: always,
  tid: always,
  commFrom: always,
  commTo: line => line.commFrom !== -1,
  clock: always,
  timeS: line => line.clock === CLOCK.day || line.clock === CLOCK.relative,
  timeNs: line => line.clock === CLOCK.day || line.clock === CLOCK.relative,
  timeFrom: line => line.clock === CLOCK.epoch,
  timeTo: line => line.clock === CLOCK.epoch,
  nameFrom: always,
  argsFrom: always,
  argsTo: always,
  result: hasResult,
  value: hasResult,
  durationNs: hasResult,
  errnoFrom: isError,
  errnoTo: isError,
  descriptorFrom: hasResult,
  descriptorTo: line => hasResult(line) && line.descriptorFrom !== -1,
}

/** What a loaded line has otherwise: its bytes and names are the reader's, and the rest only other events need. */
const NOT_SAVED = ['bytes', 'view', 'names', 'name', 'nameTo', 'eventFrom']

function always(): boolean {
  return true
}

function hasResult(line: StraceLine): boolean {
  return line.event !== EVENT.unfinished
}

function isError(line: StraceLine): boolean {
  return hasResult(line) && (line.result === RESULT.error || line.result === RESULT.restart)
}

describe('a scanned line saves and loads every field', () => {
  test('of the class', () => {
    const { line } = new LineScanner(0)
    expect(Object.keys(line).toSorted()).toEqual([...Object.keys(FIELDS), ...NOT_SAVED].toSorted())
  })

  test('with its value, in every line of the captured logs', () => {
    const compared = new Map(Object.keys(FIELDS).map(field => [field, 0]))
    for (const { bytes } of files) {
      const ahead = new ScannedLines(new SharedArrayBuffer(ScannedLines.byteLength))
      ahead.fill(bytes, new LineScanner(0))
      const { line: scanned } = new LineScanner(0)
      const { line: loaded } = new LineScanner(0)
      const names = new Int32Array(MAX_NAMES).fill(-1)
      for (let index = 0; index < ahead.lines; index += 1) {
        scanned.scan(bytes, ahead.start(index), withoutReturn(bytes, ahead.start(index), ahead.start(index + 1) - 1))
        if (!ahead.load(index, loaded, bytes, names)) continue
        for (const [field, matters] of Object.entries(FIELDS)) {
          if (!matters(scanned)) continue
          const value = scanned[field as keyof StraceLine]
          // Millions of them: said only where they differ.
          const found = loaded[field as keyof StraceLine]
          if (!Object.is(found, value)) expect(found, `${field} of ${lineText(bytes, scanned)}`).toBe(value)
          if (value !== -1) compared.set(field, compared.get(field)! + 1)
        }
        const nameOf = (line: StraceLine) => line.names.all.text(line.internName())
        expect(nameOf(loaded)).toBe(nameOf(scanned))
      }
    }
    // A line with the name of its thread is scanned again: its row has no room for it.
    const never = [...compared].filter(([, times]) => times === 0).map(([field]) => field)
    expect(never.toSorted()).toEqual(['commFrom', 'commTo'])
  })
})

function lineText(bytes: Buffer, { from, to }: StraceLine): string {
  return bytes.toString('latin1', from, to)
}
