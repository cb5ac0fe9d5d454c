import { expect, test } from 'vitest'
import { refuseBesideScripts } from './script-flags.ts'

test.each<[Record<string, unknown>, string[], string]>([
  [{ wait: '80', 'wait-gone': '80' }, [], '--wait and --wait-gone do not go together'],
  [{ wait: '80', 'group-by': 'state' }, [], '--wait and --group-by do not go together'],
  [{ 'group-by': 'state', summary: true }, [], '--group-by and --summary do not go together'],
  [{ 'group-by': 'state', columns: 'pid' }, [], '--group-by and --columns do not go together'],
  [{ summary: true, continuous: true }, [], '--summary and --continuous do not go together'],
  [{ 'wait-gone': '80', from: 'x' }, [], '--wait-gone and --from do not go together'],
  [{ wait: '80', 'fail-on': ['x'] }, [], '--wait and --fail-on do not go together'],
  [{ wait: '80' }, ['state', 'all'], '"state" is not expected beside --wait'],
  [{ 'fail-on': ['x'], compat: true }, [], '--fail-on and --compat do not go together'],
  [{ 'fail-on': ['x'], continuous: true }, [], '--fail-on and --continuous do not go together'],
  [{ top: 3 }, [], '--top is for --group-by'],
  [{ timeout: 3 }, [], '--timeout is for --wait'],
])('%j %j is refused', (flags, words, message) => {
  expect(() => refuseBesideScripts(flags, words)).toThrow(message)
})

test.each<[Record<string, unknown>, string[]]>([
  [{ wait: '80', timeout: 3, for: 1 }, []],
  [{ 'group-by': 'state', top: 3, 'fail-on': ['x'] }, ['pid', '=', '1']],
  [{ summary: true, from: 'x', continuous: false }, []],
])('%j %j is taken', (flags, words) => refuseBesideScripts(flags, words))
