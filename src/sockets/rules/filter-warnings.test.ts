import { describe, expect, test } from 'vitest'
import { filterWarnings } from './filter-warnings.ts'

const tally = (causes: Record<string, number>, unknown = 3) => ({ unknown, causes: new Map(Object.entries(causes)) })

describe('sockets that a filter could not be answered for', () => {
  test('are said once, with what would know', () => {
    expect(filterWarnings(tally({ fwmark: 3, dev: 2 }), false)).toEqual([
      {
        code: 'filter-unknown',
        message: '3 sockets are left out because the filter asks for what is not known of them: dev, fwmark',
        hint: "dev: only the kernel's own answer has it; fwmark: only the kernel's own answer has it",
      },
    ])
  })

  test.each([
    [tally({ pid: 1 }, 1), false, /^1 socket is left out .* of it: pid$/, /could not be looked into/],
    [tally({ unit: 1 }), true, /: unit$/, /does not tell who holds them/],
    [tally({ age: 1 }), false, /: age$/, /TIME_WAIT/],
    [tally({ rtt: 1 }), true, /: rtt$/, /the recording does not hold it/],
  ])('%#', (given, recorded, message, hint) => {
    const [warning] = filterWarnings(given, recorded)
    expect(warning!.message).toMatch(message)
    expect(warning!.hint).toMatch(hint)
  })

  test('none is nothing to say', () => expect(filterWarnings(tally({}, 0), false)).toEqual([]))
})
