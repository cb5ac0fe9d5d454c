import type { BpfMachine } from '../model/bpf-machine.ts'
import { kernelQuestions } from './bpf-kernel.ts'
import { programQuestions } from './bpf-programs.ts'
import { rightsQuestions } from './bpf-rights.ts'
import type { Verdict } from './bpf-verdict.ts'

const QUESTIONS = { ...rightsQuestions, ...kernelQuestions, ...programQuestions }

export type CheckId = keyof typeof QUESTIONS

/** One question about the machine and what its files say. */
export interface Check extends Verdict {
  id: CheckId
}

/** Answers every question about a machine: who we are, what the kernel allows, what is installed. */
export function checkMachine(machine: BpfMachine): Check[] {
  return Object.entries(QUESTIONS).map(([id, ask]) => Object.assign({ id: id as CheckId }, ask(machine)))
}
