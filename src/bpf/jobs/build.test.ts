import { expect, test } from 'vitest'
import { bpftraceEnv, buildProgram, resultMaps, scriptEnv, scriptStringBytes, withBeat } from './build.ts'
import { JOBS } from './catalog.ts'
import { programContextOf } from '../../../test/support/bpf-program-context.ts'

test('the clock ends every program, and no map that only serves is printed at its end', () => {
  for (const job of JOBS) {
    const program = buildProgram(job, programContextOf({ filter: { tree: 7 } }))
    expect(program).toMatch(/\ninterval:ms:50 \{ print\(\("beat", nsecs\)\); \}\ninterval:s:1 /)
    const cleared = /\nEND \{ (.*) \}\n$/.exec(program)?.[1] ?? ''
    for (const map of resultMaps(job)) expect(cleared).not.toContain(`clear(${map});`)
    // Who of the command's family still runs is printed.
    expect(cleared).not.toContain('@tree')
    const maps = new Set([...program.matchAll(/@[a-z]+/g)].map(match => match[0]))
    const serving = [...maps].filter(map => map !== '@tree' && !resultMaps(job).includes(map))
    expect([...cleared.matchAll(/clear\((@\w+)\);/g)].map(match => match[1])).toEqual(serving)
  }
})

test('a script keeps its lines, and its last comment ends before the clock', () => {
  expect(withBeat('BEGIN { } // all').split('\n')).toEqual([
    'BEGIN { } // all',
    'interval:ms:50 { print(("linsight-beat", nsecs)); }',
    '',
  ])
})

test('settings of a job are in both spellings', () => {
  expect(bpftraceEnv(80)).toEqual({
    BPFTRACE_STRLEN: '80',
    BPFTRACE_MAX_STRLEN: '80',
    BPFTRACE_MAP_KEYS_MAX: '10240',
    BPFTRACE_MAX_MAP_KEYS: '10240',
    BPFTRACE_PERF_RB_PAGES: '1024',
    BPFTRACE_CACHE_USER_SYMBOLS: '1',
  })
})

test.each([
  [
    {},
    undefined,
    ['BPFTRACE_MAP_KEYS_MAX', 'BPFTRACE_MAX_MAP_KEYS', 'BPFTRACE_PERF_RB_PAGES', 'BPFTRACE_CACHE_USER_SYMBOLS'],
  ],
  [
    { BPFTRACE_MAX_MAP_KEYS: '9', BPFTRACE_STRLEN: '64' },
    undefined,
    ['BPFTRACE_PERF_RB_PAGES', 'BPFTRACE_CACHE_USER_SYMBOLS'],
  ],
  [
    {
      BPFTRACE_PERF_RB_PAGES: '64',
      BPFTRACE_MAP_KEYS_MAX: '9',
      BPFTRACE_CACHE_USER_SYMBOLS: '0',
      BPFTRACE_STRLEN: '64',
    },
    100,
    ['BPFTRACE_STRLEN', 'BPFTRACE_MAX_STRLEN'],
  ],
])('what the user set for a script stays: %j, --strlen %j', (own, strlen, set) => {
  expect(Object.keys(scriptEnv(own, strlen))).toEqual(set)
})

test.each([
  [{}, undefined, '', 'A', 64],
  [{}, undefined, '', 'C', 1024],
  [{ BPFTRACE_STRLEN: '80' }, undefined, '', 'A', 80],
  [{ BPFTRACE_MAX_STRLEN: '90' }, undefined, '', 'B', 90],
  [{ BPFTRACE_STRLEN: '80' }, undefined, 'config = { max_strlen = 70 }', 'C', 70],
  [{ BPFTRACE_STRLEN: '80' }, 100, '', 'A', 100],
  [{ BPFTRACE_STRLEN: 'x' }, undefined, '', 'A', 64],
] as const)('bytes of a string: %j, --strlen %j, %j, %s → %j', (own, asked, program, dialect, bytes) => {
  expect(scriptStringBytes(own, asked, program, dialect)).toBe(bytes)
})
