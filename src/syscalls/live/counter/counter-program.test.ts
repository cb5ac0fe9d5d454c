import { assert, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CounterSpec } from './counter-target.ts'
import { syscallCounter } from './counter-program.ts'

const SPEC: CounterSpec = {
  target: { pids: [7] },
  machine: 'x86_64',
  followChildren: false,
  byThread: false,
  systemTime: true,
  ownPid: 99,
}
const program = (spec: Partial<CounterSpec>) => syscallCounter({ ...SPEC, ...spec })
const filterOf = (text: string) => /sys_enter \/(.*)\/ \{/.exec(text)![1]

describe('whom it counts', () => {
  test.each<[string, Partial<CounterSpec>, string]>([
    ['processes', { target: { pids: [7, 8] } }, '(pid == 7 || pid == 8) && @ready'],
    ['a thread', { target: { tids: [9] } }, '(tid == 9) && @ready'],
    ['processes and their children', { followChildren: true }, '(@member[pid]) && @ready'],
    ['a name', { target: { comm: 'dd' } }, '((comm == "dd") && pid != 99 && !@self[pid]) && @ready'],
    [
      'cgroups',
      { target: { cgroups: [3, 4] } },
      '((cgroup == 3 || cgroup == 4) && pid != 99 && !@self[pid]) && @ready',
    ],
    // The command stands still until the tick.
    ['a command', { target: { heldPid: 5 } }, '@member[pid]'],
  ])('%s', (_, spec, filter) => {
    expect(filterOf(program(spec))).toBe(filter)
  })

  test.each([[1.5], [Number.NaN], [1e300]])('%d is no pid', pid => {
    expect(() => program({ target: { pids: [pid] } })).toThrow(RangeError)
  })

  test('no name can become program text', () => {
    assert(
      property(uint8Array({ min: 1, minLength: 1, maxLength: 15 }), bytes => {
        const comm = Buffer.from(bytes).toString('latin1')
        expect(program({ target: { comm } })).toMatch(/\(comm == "(?:[\w./-]|\\x[0-9a-f]{2})*"\)/)
      }),
    )
  })
})

test('only the calls asked for', () => {
  expect(program({ only: { numbers: [1, 0x80000004], except: false } })).toContain('if ($n == 1 || $n == 2147483652) {')
  expect(program({ only: { numbers: [1], except: true } })).toContain('if (!($n == 1)) {')
})

test('the exec that starts a command is counted only where it is asked for', () => {
  const joins = '@begun[tid] = ((uint64)@begun[tid].0, (uint64)59)'
  expect(program({ target: { heldPid: 5 } })).toContain(joins)
  expect(program({ target: { heldPid: 5 }, only: { numbers: [59], except: false } })).toContain(joins)
  expect(program({ target: { heldPid: 5 }, only: { numbers: [1], except: false } })).not.toContain(joins)
  expect(program({ target: { heldPid: 5 }, only: { numbers: [59], except: true } })).not.toContain(joins)
})

test('every map it uses for itself is cleared at the end, so that none is printed', () => {
  const text = program({ followChildren: true, byThread: true, target: { heldPid: 5 }, intervalMs: 500 })
  const used = new Set([...text.matchAll(/@(\w+)/g)].map(match => match[1]!))
  const cleared = new Set([...text.slice(text.indexOf('END {')).matchAll(/clear\(@(\w+)\)/g)].map(match => match[1]!))
  expect([...used].filter(name => !cleared.has(name))).toEqual([])
})
