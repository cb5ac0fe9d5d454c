import { expect, test } from 'vitest'
import { labelAt } from './tool-labels.ts'

test.each([
  ['PID COMM', 0, { label: 'PID', key: 'pid', form: 'integer', known: true }],
  ['PID COMM', 4, { label: 'COMM', key: 'comm', form: 'padded', known: true }],
  ['TIME(s) PID', 0, { label: 'TIME(s)', key: 'timeS', form: 'clock', known: true }],
  // The longest that fits: not TIME, not PREV.
  ['TIME (us) X', 0, { label: 'TIME (us)', key: 'totalUs', form: 'number', known: true }],
  ['PREV COMM  Y', 0, { label: 'PREV COMM', key: 'prevComm', form: 'padded', known: true }],
  ['NEW_THING 1', 0, { label: 'NEW_THING', key: 'newThing', form: 'word', known: false }],
  ['PIDS 1', 0, { label: 'PIDS', key: 'pids', form: 'word', known: false }],
  ['lower case', 0, undefined],
])('%j at %i', (line, at, label) => {
  expect(labelAt(line, at)).toEqual(label)
})
