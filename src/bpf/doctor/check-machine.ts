import type { BpfMachine } from './machine/machine.ts'
import { kernelQuestions } from './kernel.ts'
import { programQuestions } from './programs.ts'
import { rightsQuestions } from './rights.ts'
import type { Statement } from '../../statement.ts'

const QUESTIONS = { ...rightsQuestions, ...kernelQuestions, ...programQuestions }

export type CheckId = keyof typeof QUESTIONS

/** The answer to one question about a machine; the code is the name of the question. */
export interface Check extends Statement {
  code: CheckId
}

/** Answers every question about a machine: who we are, what the kernel allows, what is installed. */
export function checkMachine(machine: BpfMachine): Check[] {
  return Object.entries(QUESTIONS).map(([code, ask]) => Object.assign({ code: code as CheckId }, ask(machine)))
}
