import { expect, test } from 'vitest'
import { portCapacity } from './port-capacity.ts'

const RANGE = { low: 1000, high: 1099 }

test.each([
  ['the whole range', [], [], { ports: 100, reserved: 0, listening: 0 }],
  ['without reserved ports', [{ low: 1000, high: 1009 }], [], { ports: 90, reserved: 10, listening: 0 }],
  ['reserved ports outside do not count', [{ low: 1, high: 999 }], [], { ports: 100, reserved: 0, listening: 0 }],
  ['without listeners', [], [1001, 80], { ports: 99, reserved: 0, listening: 1 }],
  [
    'a reserved port with a listener counts once',
    [{ low: 1000, high: 1009 }],
    [1001],
    { ports: 90, reserved: 10, listening: 0 },
  ],
])('%s', (_, reserved, listening, expected) => {
  expect(portCapacity({ range: RANGE, reserved }, listening)).toEqual({ ...RANGE, ...expected })
})

test('not known where a setting is not', () => {
  expect(portCapacity({ range: RANGE }, [])).toBeUndefined()
  expect(portCapacity({ reserved: [] }, [])).toBeUndefined()
})
