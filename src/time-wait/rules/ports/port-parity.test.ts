import { expect, test } from 'vitest'
import { paritySignal, type ParityAges, type ParityFacts } from './port-parity.ts'

const ages = (ports: number, newestS = Infinity, oldestS = -Infinity): ParityAges => ({ ports, newestS, oldestS })
const since = (other: number, firstThen: number): Partial<ParityFacts> => ({ taken: () => ({ other, firstThen }) })
const FACTS: ParityFacts = { capacity: 1000, reusable: false, ended: undefined }

test.each<[string, ParityAges, ParityAges, Partial<ParityFacts>, string | undefined]>([
  ['a few ports say nothing', ages(0), ages(15, 0, 10), {}, undefined],
  ['all of the other parity, the newest now', ages(0), ages(40, 0.1, 10), {}, 'perhaps-bind-before-connect'],
  [
    'one more since a look at which the others were free',
    ages(0),
    ages(40, 0.1, 10),
    since(1, 0),
    'bind-before-connect',
  ],
  ['none more since', ages(0), ages(40, 0.1, 10), since(0, 0), 'perhaps-bind-before-connect'],
  [
    'one more since a look at which the others were taken',
    ages(0),
    ages(40, 0.1, 10),
    since(1, 480),
    'perhaps-bind-before-connect',
  ],
  // The burst of a minute ago ended before this look, and no connection has come since.
  ['within one gap after a burst', ages(90, 50, 59), ages(411, 0.1, 59), { ended: 410 }, 'perhaps-bind-before-connect'],
  ['half of each', ages(40, 0.2, 10), ages(40, 0.1, 10), {}, undefined],
  // 400 at once and 9 a second since: their end a second ago left those of the other parity behind.
  ['left behind by a burst that has ended', ages(99, 0.1, 59), ages(411, 1.2, 50), { ended: 410 }, undefined],
  ['the same before the next connection', ages(90, 50, 59), ages(411, 3, 50), { ended: 410 }, undefined],
  ['not enough has ended to explain it', ages(20, 4, 9), ages(100, 5, 10), { ended: 0 }, 'bind-before-connect'],
  ['just enough has ended', ages(20, 4, 9), ages(100, 5, 10), { ended: 480 }, undefined],
  ['full, the other parity first', ages(480, 1, 20), ages(500, 20, 40), { ended: 0 }, 'bind-before-connect'],
  ['full, the first parity first', ages(500, 20, 40), ages(480, 1, 20), { ended: 0 }, 'slow-connect'],
  ['above half, connect() looks at all of one parity', ages(500, 1, 40), ages(20, 0, 1), {}, 'slow-connect'],
  ['but not where rows are taken over', ages(500, 1, 40), ages(20, 0, 1), { reusable: true }, undefined],
])('%s', (_, first, other, facts, expected) => {
  expect(paritySignal({ first, other }, { ...FACTS, ...facts })).toBe(expected)
})
