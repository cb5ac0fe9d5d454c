import { expect, test } from 'vitest'
import { headerOf } from '../../../test/support/bpf-run-header.ts'
import { MAP_KEYS } from '../jobs/build.ts'
import { RunLosses } from './losses.ts'

const script = headerOf({ script: 'x.bt', program: 'kprobe:vfs_read { @ = count(); }' })

test('losses add up; the total that bpftrace gives at its end is no further loss', () => {
  const losses = new RunLosses(script)
  losses.countMessage({ type: 'lost', events: 3 })
  losses.countMessage({ type: 'lost', events: 4 })
  losses.countStderr({ kind: 'lost', events: 5 })
  expect(losses.summary().lostAtLeast).toBe(7)
  losses.countStderr({ kind: 'lost', events: 9 })
  expect(losses.summary().lostAtLeast).toBe(9)
})

test('a map with as many keys as it can hold is full; so is one that an update says is', () => {
  const entries = (count: number) => Array.from({ length: count }, (_, i) => ({ key: String(i), value: 1 }))
  const losses = new RunLosses(script)
  losses.countMessage({ type: 'map', name: '@a', entries: entries(MAP_KEYS - 1) })
  expect(losses.summary().fullMaps).toEqual([])
  losses.countMessage({ type: 'map', name: '@a', entries: entries(MAP_KEYS) })
  losses.countMessage({ type: 'fault', kind: 'helper_error', message: 'x', helper: 'map_update_elem', code: -7 })
  expect(losses.summary().fullMaps).toEqual(['@a', 'a map of the program'])
  expect(losses.summary().faults).toEqual([])
})

test('faults by their words', () => {
  const losses = new RunLosses(script)
  const fault = {
    type: 'fault',
    kind: 'helper_error',
    message: 'No such file',
    helper: 'map_delete_elem',
    code: -2,
  } as const
  losses.countMessage(fault)
  losses.countMessage(fault)
  expect(losses.summary().faults).toEqual([{ message: 'map_delete_elem: No such file', count: 2 }])
})

test('a probe that is skipped twice is one', () => {
  const losses = new RunLosses(script)
  losses.countStderr({ kind: 'skipped', probe: 'kprobe:a' })
  losses.countStderr({ kind: 'skipped', probe: 'kprobe:a' })
  expect(losses.summary().skippedProbes).toEqual(['kprobe:a'])
})

test.each([
  [script, ['Could not read functions from /x']],
  [headerOf({ script: 'x.bt', program: 'BEGIN { }' }), []],
  [headerOf({ job: 'opensnoop' }), []],
])('whether the missing list of functions matters', (header, warnings) => {
  const losses = new RunLosses(header)
  losses.countStderr({ kind: 'warning', text: 'Could not read functions from /x' })
  expect(losses.summary().tracerWarnings).toEqual(warnings)
})
