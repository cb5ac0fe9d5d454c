import { expect, test } from 'vitest'
import { countingWarnings, type CountingLoss } from './counting-warnings.ts'

const NONE: CountingLoss = { events: 0, mapFull: false, keyLimit: 100, byThread: false, childrenLeft: 0, syscalls: [] }

test('nothing was lost, nothing is said', () => {
  expect(countingWarnings(NONE)).toEqual([])
})

test.each([
  [{ mapFull: true }, 'map-full', /full at 100 keys/, undefined],
  [{ mapFull: true, byThread: true }, 'map-full', /full at 100 keys/, /trace fewer processes/],
  [{ events: 7 }, 'events-lost', /at least 7 records of forks/, undefined],
  [{ childrenLeft: 1 }, 'children-left', /^a child of the command/, undefined],
  [{ childrenLeft: 3 }, 'children-left', /^3 children of the command/, undefined],
  [
    { syscalls: [{ name: 'io_uring_enter', abi: 'native', calls: 1, errors: 0 }] },
    'io-uring',
    /io_uring was used/,
    undefined,
  ],
] as const)('%j', (loss, code, message, hint) => {
  const [warning, other] = countingWarnings({ ...NONE, ...(loss as Partial<CountingLoss>) })
  expect([warning!.code, other]).toEqual([code, undefined])
  expect(warning!.message).toMatch(message)
  if (hint === undefined) expect(warning!.hint).toBeUndefined()
  else expect(warning!.hint).toMatch(hint)
})
