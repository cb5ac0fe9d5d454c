import { expect, test } from 'vitest'
import { paceText } from './pace-text.ts'

const machine = { paused: false, recordings: undefined, intervalMs: 1000, paceMs: 1000 }

test.each([
  [machine, 'every 1 s'],
  [{ ...machine, intervalMs: 250, paceMs: 250 }, 'every 250 ms'],
  [{ ...machine, paceMs: 2400 }, 'every 2.4 s, to spare the CPU'],
  [{ ...machine, paused: true }, 'PAUSED'],
  [{ ...machine, recordings: { at: 1, of: 1 } }, 'recording'],
  [{ ...machine, recordings: { at: 2, of: 3 } }, 'recording 2 of 3'],
  [{ ...machine, paused: true, recordings: { at: 2, of: 3 } }, 'PAUSED   recording 2 of 3'],
  // It would stand there anyway.
  [{ ...machine, paused: true, recordings: { at: 3, of: 3 } }, 'recording 3 of 3'],
])('%j', (pace, text) => {
  expect(paceText(pace)).toBe(text)
})
