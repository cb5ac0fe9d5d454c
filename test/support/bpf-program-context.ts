import type { ProgramContext } from '../../src/bpf/jobs/job.ts'

/** A kernel that has every tracepoint, or none of those that may be missing. */
export function programContextOf(changes: Partial<ProgramContext> = {}): ProgramContext {
  return {
    filter: {},
    ownPids: [11, 22],
    intervalS: 1,
    btf: true,
    hasTracepoint: () => true,
    objectPath: name => (name === 'libc' ? '/lib/libc.so.6' : '/bin/bash'),
    ...changes,
  }
}
