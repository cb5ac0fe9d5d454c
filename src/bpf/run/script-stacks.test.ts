import { expect, test } from 'vitest'
import type { ScriptMap } from '../model.ts'
import { gatherScriptStacks } from './script-stacks.ts'

const map = (name: string, entries: Record<string, number>): ScriptMap => ({
  type: 'map',
  name,
  entries: Object.entries(entries).map(([key, value]) => ({ key, value })),
})

test('keys of a map: user and kernel stacks in the order of the program, the last print counts', () => {
  const gather = gatherScriptStacks('profile:hz:99 { @n[tid] = count(); @[kstack, ustack, comm] = count(); }')
  gather.map(map('@n', { 7: 3 }))
  gather.map(map('@', { '\n    k+1\n,\n    u+2\n,dd': 4 }))
  gather.map(map('@', { '\n    k+1\n    l+1\n,\n    u+2\n,dd': 5, '\n    k+1\n,,a,b': 2, zero: 1 }))
  expect(gather.stacks()).toEqual([
    { pid: 0, comm: 'dd', kernel: ['l', 'k'], user: ['u'], weight: 5 },
    { pid: 0, comm: ',a,b', kernel: ['k'], user: [], weight: 2 },
  ])
})

test('a map with no other key', () => {
  const gather = gatherScriptStacks('profile:hz:99 { @[ustack] = count(); }')
  gather.map(map('@', { '\n    u+2\n': 4 }))
  expect(gather.stacks()).toEqual([{ pid: 0, comm: 'all', kernel: [], user: ['u'], weight: 4 }])
})

test('tuples count once each', () => {
  const gather = gatherScriptStacks('profile:hz:99 { print((ustack, comm, pid)); }')
  gather.value(['\n        u+2\n', 'dd', 7])
  gather.value(['\n        u+2\n', 'dd', 7])
  gather.value(['no stack', 'dd', 7])
  expect(gather.stacks()).toEqual([{ pid: 0, comm: 'dd', kernel: [], user: ['u'], weight: 2 }])
})
