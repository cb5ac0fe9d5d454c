import { hasCapability, type CapabilityName } from '../../kernel/capabilities.ts'
import type { Severity, Statement } from '../../statement.ts'
import type { BpfMachine } from './machine/machine.ts'

/** What the files of a machine answer to one question: a statement whose code is the name of the question. */
export type Answer = Omit<Statement, 'code'>

export type Questions = Readonly<Record<string, (machine: BpfMachine) => Answer>>

/** The remedy where only another user helps. */
export const AS_ROOT = 'sudo linsight bpf …'

const answer = (severity: Severity, finding: string, remedy?: string): Answer => ({
  severity,
  finding,
  evidence: [],
  do: remedy === undefined ? [] : [remedy],
  not: [],
})

export const ok = (finding: string) => answer('ok', finding)
/** It works, but not as one may expect. */
export const caution = (finding: string, remedy?: string) => answer('warning', finding, remedy)
export const fail = (finding: string, remedy?: string) => answer('critical', finding, remedy)
/** No file that can be read answers the question. */
export const unknown = (finding: string, remedy?: string) => answer('unknown', finding, remedy)

export const holds = (m: BpfMachine, name: CapabilityName): boolean =>
  m.user.capabilities !== undefined && hasCapability(m.user.capabilities, name)

/** Holding SYS_ADMIN is holding BPF and PERFMON: they were split off from it in Linux 5.8. */
export const mayTrace = (m: BpfMachine): boolean => holds(m, 'SYS_ADMIN') || (holds(m, 'BPF') && holds(m, 'PERFMON'))

/** `5.11` or later; undefined where the release is not known. */
export function atLeast(m: BpfMachine, major: number, minor: number): boolean | undefined {
  const release = /^(\d+)\.(\d+)/.exec(m.kernel ?? '')
  if (release === null) return undefined
  return Number(release[1]) > major || (Number(release[1]) === major && Number(release[2]) >= minor)
}

export const builtWithout = (m: BpfMachine, option: string): string =>
  `the kernel was built without CONFIG_${option} (/${m.kernelSettings.configFile})`
