import { BPF_RECORDING_SCHEMA, type BpfRunHeader } from '../../src/bpf/model.ts'

/** The header of a run with the oldest bpftrace. */
export function headerOf(changes: Partial<BpfRunHeader>): BpfRunHeader {
  return {
    schema: BPF_RECORDING_SCHEMA,
    tool: 'bpftrace',
    toolVersion: '0.17.0',
    dialect: 'A',
    program: 'BEGIN { }',
    host: 'h',
    kernel: '6.1',
    machine: 'x86_64',
    takenAt: '2026-01-01T00:00:00.000Z',
    btf: true,
    filter: {},
    intervalS: 1,
    stringBytes: 200,
    everyInterval: false,
    ...changes,
  }
}
