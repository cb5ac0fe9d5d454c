import { expect, test } from 'vitest'
import { bpfWarnings } from './warnings.ts'
import type { BpfSummary, Dialect } from '../model.ts'
import { headerOf } from '../../../test/support/bpf-run-header.ts'

const header = headerOf({ job: 'opensnoop' })
const fine: BpfSummary = {
  events: 3,
  attachedProbes: 2,
  skippedProbes: [],
  lostAtLeast: 0,
  cutStrings: 0,
  fullMaps: [],
  mapsWithAlikeKeys: [],
  faults: [],
  unreadableLines: 0,
  tracerWarnings: [],
  mapsWithJoinedKeys: [],
  mapsWithTextKeys: [],
  behind: false,
  childrenLeft: [],
  durationMs: 1000,
  endedBy: 'interrupt',
}

test('a run that went well has no warnings', () => {
  expect(bpfWarnings(fine, header)).toEqual([])
})

test.each([
  [
    { skippedProbes: ['kprobe:a', 'kprobe:b'] },
    'probes-skipped',
    '2 probes could not be attached and show nothing: kprobe:a, kprobe:b',
  ],
  [{ lostAtLeast: 12 }, 'events-lost', 'at least 12 events lost: the tracer could not keep up'],
  [{ fullMaps: ['@x'] }, 'map-full', '@x was full: later keys are missing from the result'],
  [{ cutStrings: 1 }, 'strings-cut', '1 string cut: the tracer takes 199 bytes of each'],
  [{ faults: [{ message: 'Divide by 0', count: 2 }] }, 'program-failed', 'the program failed 2 times: Divide by 0'],
  [{ unreadableLines: 1 }, 'lines-skipped', '1 line of bpftrace could not be read'],
  [
    { endedBy: 'kill' },
    'ended-by-force',
    'bpftrace did not end in time and was killed: the results are those of the last interval',
  ],
  [{ tracerWarnings: ['odd (line 1)'] }, 'tracer-warning', 'bpftrace warns: odd (line 1)'],
  [
    { behind: true },
    'events-lost',
    'the tracer did not report in time that it had read everything: its last records may be missing',
  ],
  [
    { childrenLeft: [{ pid: 7, comm: 'sleep' }] },
    'children-left',
    'a process of the command still ran when it ended and is no longer traced: 7 sleep',
  ],
  [
    { childrenLeft: [1, 2, 3, 4, 5, 6, 7].map(pid => ({ pid, comm: 'a, b\n' })) },
    'children-left',
    "7 processes of the command still ran when it ended and are no longer traced: 1 'a, b\n', 2 'a, b\n', 3 'a, b\n', 4 'a, b\n', 5 'a, b\n' and 2 more",
  ],
  [{ endedBy: undefined }, 'recording-cut', 'the recording ends before the run did'],
] as [Partial<BpfSummary>, string, string][])('%j', (change, code, message) => {
  expect(bpfWarnings({ ...fine, ...change }, header)).toEqual([{ code, message }])
})

const JOINED = { mapsWithJoinedKeys: ['@x'] }
const TEXTS = { mapsWithTextKeys: ['@x', '@y'] }

test.each<[Dialect, string, Partial<BpfSummary>, string[]]>([
  ['C', '@x["a b"] = count();', TEXTS, ['key-blanks']],
  ['C', '@x[pid, comm] = count();', { ...JOINED, ...TEXTS }, ['keys-joined', 'key-blanks']],
  ['B', '@x[pid, comm] = count();', { ...JOINED, ...TEXTS }, ['keys-joined']],
  // One part that holds a comma, and a script that printed nothing.
  ['B', '@x[comm] = count();', JOINED, []],
  ['C', '@x[pid, comm] = count();', {}, []],
  ['C', '@x[pid] = count(); END { print(@x, 2); clear(@x) }', {}, ['map-top']],
  ['C', 'END { print(@x); print((1, 2)); }', {}, []],
  ['B', 'END { print(@x, 2); }', {}, []],
])('a script in dialect %s: %s, %j', (dialect, program, seen, codes) => {
  const summary = { ...fine, ...seen }
  const remarks = bpfWarnings(summary, { ...header, job: undefined, script: 'a.bt', dialect, program })
  expect(remarks.map(remark => remark.code)).toEqual(codes)
})
