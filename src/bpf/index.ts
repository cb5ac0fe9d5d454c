/** What other subjects ask of this one: whether tracing works on a machine, and with what; what bpftrace says. */
export { findBpftrace } from './doctor/find-bpftrace.ts'
export { openMachine, type MachineFiles } from './doctor/machine/machine-files.ts'
export type { BpfMachine } from './doctor/machine/machine.ts'
export { readBpfMachine } from './doctor/machine/read-machine.ts'
export { tracingObstacle } from './doctor/tracing-obstacle.ts'
export { holds, mayTrace } from './doctor/answer.ts'
export { parseBpftraceLine } from './run/output/bpftrace-json.ts'
export type { BpfMessage } from './run/output/message.ts'
