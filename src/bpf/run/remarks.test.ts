import { expect, test } from 'vitest'
import { bpfRemarks } from './remarks.ts'
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
  durationMs: 1000,
  endedBy: 'interrupt',
}

test('a run that went well needs no remark', () => {
  expect(bpfRemarks(fine, header)).toEqual([])
})

test.each([
  [
    { skippedProbes: ['kprobe:a', 'kprobe:b'] },
    'W_PROBES_SKIPPED',
    '2 probes could not be attached and show nothing: kprobe:a, kprobe:b',
  ],
  [{ lostAtLeast: 12 }, 'W_EVENTS_LOST', 'at least 12 events lost: the tracer could not keep up'],
  [{ fullMaps: ['@x'] }, 'W_MAP_FULL', '@x was full: later keys are missing from the result'],
  [{ cutStrings: 1 }, 'W_STRINGS_CUT', '1 string cut: the tracer takes 199 bytes of each'],
  [{ faults: [{ message: 'Divide by 0', count: 2 }] }, 'W_PROGRAM_FAULT', 'the program failed 2 times: Divide by 0'],
  [{ unreadableLines: 1 }, 'W_UNREADABLE', '1 line of bpftrace could not be read'],
  [
    { endedBy: 'kill' },
    'W_ENDED_BY_FORCE',
    'bpftrace did not end in time and was killed: the results are those of the last interval',
  ],
  [{ endedBy: undefined }, 'W_RECORDING_CUT', 'the recording ends before the run did'],
] as [Partial<BpfSummary>, string, string][])('%j', (change, code, message) => {
  expect(bpfRemarks({ ...fine, ...change }, header)).toEqual([{ code, message }])
})

test.each([
  ['C', '@[comm] = count();', ['W_KEY_BLANKS']],
  ['C', '@x[pid, comm] = count();', ['W_KEYS_JOINED', 'W_KEY_BLANKS']],
  ['B', '@x[pid, comm] = count();', ['W_KEYS_JOINED']],
  ['C', '@x[pid] = count();', []],
  ['A', '@[comm] = count();', []],
] as const)('a script in dialect %s: %s', (dialect, program, codes) => {
  const remarks = bpfRemarks(fine, { ...header, job: undefined, script: 'a.bt', dialect, program })
  expect(remarks.map(remark => remark.code)).toEqual(codes)
})
