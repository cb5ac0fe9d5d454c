import type { Probe } from './job.ts'

/** Beginning and end of system calls as probes; those not `required` are left out where the kernel lacks them. */
export function syscallProbes(calls: readonly string[], required: readonly string[]): Probe[] {
  return calls.flatMap(call => {
    const optional = !required.includes(call)
    return [
      { kind: 'tracepoint', target: `syscalls:sys_enter_${call}`, optional },
      { kind: 'tracepoint', target: `syscalls:sys_exit_${call}`, optional },
    ] as const
  })
}
