import { expect, test } from 'vitest'
import { bpfWarnings } from './warnings.ts'
import type { BpfSummary } from '../model.ts'
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
  behind: false,
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
  [{ endedBy: undefined }, 'recording-cut', 'the recording ends before the run did'],
] as [Partial<BpfSummary>, string, string][])('%j', (change, code, message) => {
  expect(bpfWarnings({ ...fine, ...change }, header)).toEqual([{ code, message }])
})

test.each([
  ['C', '@[comm] = count();', ['key-blanks']],
  ['C', '@x[pid, comm] = count();', ['keys-joined', 'key-blanks']],
  ['B', '@x[pid, comm] = count();', ['keys-joined']],
  ['C', '@x[pid] = count();', []],
  ['A', '@[comm] = count();', []],
] as const)('a script in dialect %s: %s', (dialect, program, codes) => {
  const remarks = bpfWarnings(fine, { ...header, job: undefined, script: 'a.bt', dialect, program })
  expect(remarks.map(remark => remark.code)).toEqual(codes)
})
