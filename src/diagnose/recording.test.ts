import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../test/support/paths.ts'
import { InputError } from '../errors.ts'
import { isObservation, observationText, parseObservation } from './recording.ts'

const text = readFileSync(fixture('diagnose/stuck-reader.diag.json'), 'utf8')

test('a recording written and read is the same', () => {
  const seen = parseObservation(text, 'x')
  expect(parseObservation([...observationText(seen)].join(''), 'x')).toEqual(seen)
})

test('it says what it is at its beginning', () => {
  expect(isObservation(text.slice(0, 100))).toBe(true)
  expect(isObservation('{"schema":"linsight/snapshot/1"')).toBe(false)
})

test.each([
  ['cut short', text.slice(0, text.length / 2)],
  ['holds nothing', '{"schema":"linsight/observation/1"}'],
  ['processes is no list', text.replace('"processes":[', '"processes":5,"x":[')],
  ['socketOwners is no object', text.replace('"socketOwners":{', '"socketOwners":7,"y":{')],
  ['times are missing', text.replace('"durationMs"', '"z"')],
])('a damaged one is refused: %s', (_, damaged) => {
  expect(() => parseObservation(damaged, 'web1.diag.json')).toThrow(InputError)
  expect(() => parseObservation(damaged, 'web1.diag.json')).toThrow(/web1\.diag\.json is damaged/)
})
