import { describe, expect, test } from 'vitest'
import { clients, recordingOf, type Recording } from '../../../test/support/time-wait-recording.ts'
import { readSnapshot } from './read-snapshot.ts'
import { readingWarnings } from './reading-warnings.ts'

const WHOLE = { cut: [], bogus: 0, byteOrderAssumed: false }
const codesOf = (recording: Recording, found = {}) =>
  readingWarnings({ ...readSnapshot(recordingOf(recording)) }, { ...WHOLE, ...found }).map(({ code }) => code)

test.each<[string, Recording, object, string[]]>([
  ['nothing is missing', { rows: clients(3) }, {}, []],
  ['a table cut short', {}, { cut: ['tcp'] }, ['table-cut']],
  ['lines that are no rows', {}, { bogus: 2 }, ['lines-skipped']],
  ['no range', { settings: { ip_local_port_range: 'x' } }, {}, ['settings-unknown']],
  ['a byte order nobody told', { rows: clients(3) }, { byteOrderAssumed: true }, ['byte-order-assumed']],
  ['the same without a row it could matter for', {}, { byteOrderAssumed: true }, []],
])('%s', (_, recording, found, codes) => expect(codesOf(recording, found)).toEqual(codes))

describe('lines that were left out', () => {
  test.each([
    [1, '1 line of net/tcp and net/tcp6 is no socket row and was left out'],
    [2, '2 lines of net/tcp and net/tcp6 are no socket rows and were left out'],
  ])('%d', (bogus, message) => {
    const warnings = readingWarnings(readSnapshot(recordingOf({})), { ...WHOLE, bogus })
    expect(warnings.find(({ code }) => code === 'lines-skipped')!.message).toBe(message)
  })
})
