import type { BpfMachine } from './machine/machine.ts'

/** What the files of a machine answer to one question. */
export interface Verdict {
  /** `caution`: works, but not as one may expect. `unknown`: no file tells. */
  state: 'ok' | 'caution' | 'fail' | 'unknown'
  /** One sentence: what was found and what follows from it. */
  finding: string
  /** The command or the setting that mends it. */
  remedy?: string | undefined
}

export type Questions = Readonly<Record<string, (machine: BpfMachine) => Verdict>>

/** The remedy where only another user helps. */
export const AS_ROOT = 'sudo linsight bpf …'

export const ok = (finding: string): Verdict => ({ state: 'ok', finding })
export const caution = (finding: string, remedy?: string): Verdict => ({ state: 'caution', finding, remedy })
export const fail = (finding: string, remedy?: string): Verdict => ({ state: 'fail', finding, remedy })
export const unknown = (finding: string, remedy?: string): Verdict => ({ state: 'unknown', finding, remedy })

/** Source: capability(7), include/uapi/linux/capability.h. */
const CAPABILITY = {
  DAC_READ_SEARCH: 2,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  SYS_RESOURCE: 24,
  PERFMON: 38,
  BPF: 39,
} as const

export const holds = (m: BpfMachine, name: keyof typeof CAPABILITY): boolean =>
  m.user.capabilities !== undefined && (m.user.capabilities >> BigInt(CAPABILITY[name])) % 2n === 1n

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
