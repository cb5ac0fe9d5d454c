import { expect, test } from 'vitest'
import { checkMachine } from '../doctor/check-machine.ts'
import { findJob } from '../jobs/catalog.ts'
import type { BpfNote } from '../model.ts'
import { bpfFailure } from './failure.ts'
import { followRun } from './session.ts'
import { headerOf } from '../../../test/support/bpf-run-header.ts'

type End = Partial<BpfNote & { linsight: 'end' }>

interface Run {
  job?: string
  /** Attached probes, those of linsight not counted; undefined: bpftrace does not say. */
  attached?: number
  stdout?: string[]
  stderr?: string[]
  end?: End | null
}

function failureOf({ job, attached, stdout = [], stderr = [], end = {} }: Run) {
  const header = headerOf(job === undefined ? { script: 'x.bt', program: 'BEGIN { x }', ownProbes: 1 } : { job })
  const session = followRun(header, job === undefined ? undefined : findJob(job), () => {})
  if (attached !== undefined)
    session.line(JSON.stringify({ type: 'attached_probes', data: { probes: attached + (job === undefined ? 1 : 0) } }))
  for (const line of stdout) session.line(line)
  for (const line of stderr) session.note({ linsight: 'stderr', line })
  if (end !== null) session.note({ linsight: 'end', exitCode: 0, durationMs: 1, endedBy: 'itself', ...end })
  return bpfFailure(session, checkMachineOfNothing)
}

const checkMachineOfNothing: ReturnType<typeof checkMachine> = []
const beat = '{"type": "value", "data": ["beat",1]}'

test.each<[string, Run]>([
  ['a script that ended', { attached: 1 }],
  ['a script that was stopped', { attached: 1, end: { endedBy: 'interrupt' } }],
  ['a script that was stopped before it began', { end: { endedBy: 'interrupt' } }],
  ['a job that ran', { job: 'opensnoop', stdout: [beat] }],
  ['a job that was stopped before it began', { job: 'opensnoop', end: { endedBy: 'interrupt' } }],
  ['a recording that was cut', { job: 'opensnoop', end: null }],
  ['errors of a run that went on', { attached: 1, stderr: ['ERROR: odd'] }],
])('%s did not fail', (_, run) => {
  expect(failureOf(run)).toBeUndefined()
})

test.each<[string, Run, string]>([
  [
    'no probe of the script attached',
    { attached: 0, end: { endedBy: 'interrupt' } },
    'x.bt attached nothing: its probes match nothing that is here',
  ],
  [
    'a syntax error',
    { stderr: ['stdin:1:9-10: ERROR: syntax error, unexpected x', 'BEGIN { x }', '        ~'], end: { exitCode: 1 } },
    'x.bt does not compile: syntax error, unexpected x (line 1, column 9: BEGIN { x })',
  ],
  [
    'a tracepoint that is not there',
    { stderr: ['stdin:1:1-5: ERROR: tracepoint not found: sched:nosuch'], end: { exitCode: 1 } },
    'x.bt attached nothing: tracepoint not found: sched:nosuch (line 1, columns 1-4: BEGIN { x })',
  ],
  [
    'a limit of the kernel',
    {
      stderr: [
        "ERROR: Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace.",
        'ERROR: Looks like the BPF stack limit of 512 bytes is exceeded.',
      ],
      end: { exitCode: 255 },
    },
    'x.bt does not load: Looks like the BPF stack limit of 512 bytes is exceeded.',
  ],
  [
    'a crash',
    { attached: 1, end: { exitCode: undefined, signal: 'SIGABRT' } },
    'bpftrace was ended by SIGABRT while it ran x.bt',
  ],
  [
    'a job that never began',
    { job: 'opensnoop', stderr: ['perf_event_open failed: No such file'] },
    'opensnoop attached nothing: perf_event_open failed: No such file',
  ],
  [
    'errors and a status',
    { attached: 1, stderr: ['ERROR: Error attaching probe: kprobe:x'], end: { exitCode: 255 } },
    'x.bt attached nothing: Error attaching probe: kprobe:x',
  ],
])('%s', (_, run, message) => {
  const failure = failureOf(run)
  expect(failure?.message).toBe(message)
  expect(failure?.exit).toBe(5)
})
