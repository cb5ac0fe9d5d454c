import { describe, expect, test } from 'vitest'
import { filterText, groupingOf, refuseConflicts, sortOf } from './flags.ts'

test.each([
  [[], [], ''],
  [['dport', '=', ':443'], [], 'dport = :443'],
  [[], [7], 'pid 7'],
  [[], [7, 8], 'pid 7 or pid 8'],
  [['dport = :443 or sport = :80'], [7, 8], '(dport = :443 or sport = :80) and (pid 7 or pid 8)'],
])('%j and --pid %j', (words, pids, text) => {
  expect(filterText(words, pids)).toBe(text)
})

describe('what rows are gathered and ordered by', () => {
  test('is known of the view', () => {
    expect(groupingOf({ view: 'processes' })).toBe('process')
    expect(groupingOf({ view: 'hosts', by: 'network' })).toBe('network')
    expect(sortOf({ view: 'processes' })).toBeUndefined()
    expect(sortOf({ view: 'processes', sort: 'in' })).toEqual({ column: 'in', descending: true })
    expect(sortOf({ view: 'processes', sort: 'program' })).toEqual({ column: 'program', descending: false })
  })

  test.each([
    [() => groupingOf({ view: 'hosts', by: 'unit' }), '--by unit: hosts are not grouped by that'],
    [() => groupingOf({ view: 'listeners', by: 'unit' }), '--by unit: listeners are not grouped by that'],
    [() => sortOf({ view: 'hosts', sort: 'pid' }), '--sort pid: hosts have no such column'],
    [
      () => refuseConflicts({ view: 'hosts', diagnose: 10_000 }, true),
      '--diagnose is for this machine, and --from reads a recording',
    ],
  ])('is refused otherwise', (ask, message) => {
    expect(ask).toThrow(expect.objectContaining({ message }))
  })
})
