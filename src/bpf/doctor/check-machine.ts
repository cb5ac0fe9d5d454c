import type { Questions } from './answer.ts'
import type { BpfMachine } from './machine/machine.ts'
import { kernelQuestions } from './kernel.ts'
import { programQuestions } from './programs.ts'
import { rightsQuestions } from './rights.ts'
import type { Statement } from '../../statement.ts'

/** Codes of all checks, in the order of the report. */
const CHECK_IDS = [
  'user',
  'capabilities',
  'user-namespace',
  'memlock',
  'seccomp',
  'pid-namespace',
  'container',
  'kernel',
  'bpf-syscall',
  'unprivileged',
  'lockdown',
  'btf',
  'tracefs',
  'syscall-tracepoints',
  'kprobes',
  'uprobes',
  'fentry',
  'hardware',
  'cpufreq',
  'sampling',
  'symbols',
  'jit',
  'bpftrace',
  'libbpf-tools',
  'bcc-tools',
  'headers',
  'companions',
] as const
export type CheckId = (typeof CHECK_IDS)[number]

const QUESTIONS: Readonly<Record<CheckId, Questions[string]>> = {
  ...rightsQuestions,
  ...kernelQuestions,
  ...programQuestions,
}

/** The answer to one question about a machine; the code is the name of the question. */
export interface Check extends Statement {
  code: CheckId
}

/** Answers every question about a machine: who we are, what the kernel allows, what is installed. */
export function checkMachine(machine: BpfMachine): Check[] {
  return Object.entries(QUESTIONS).map(([code, ask]) => Object.assign({ code: code as CheckId }, ask(machine)))
}
