import type { BpfMachine } from './machine/machine.ts'
import { kernelQuestions } from './kernel.ts'
import { programQuestions } from './programs.ts'
import { rightsQuestions } from './rights.ts'
import type { Verdict } from './verdict.ts'

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
