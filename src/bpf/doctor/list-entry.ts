import type { CheckId } from './check-machine.ts'
import type { BpfTool } from './machine/machine.ts'

/** Whether something works here; `unknown` where that can only be tried. */
export type Works = 'yes' | 'no' | 'unknown'

/** Something that can be run, and whether it would work here. */
export interface Candidate {
  name: string
  /** `own`: a program of linsight, run by bpftrace. */
  family: 'own' | BpfTool['family']
  path?: string | undefined
  works: Works
  /** Why not. */
  reason?: string | undefined
  /** The check of the doctor that says so. */
  because?: CheckId | undefined
  /** The command or setting that changes it. */
  remedy?: string | undefined
}

/** A line of the list: a job or tool with everything that can run it. */
export interface ListEntry {
  name: string
  kind: 'job' | 'tool'
  /** What a job shows; the tools found carry no description. */
  title?: string | undefined
  works: Works
  reason?: string | undefined
  remedy?: string | undefined
  /** The job to run instead, where it does not work. */
  substitute?: string | undefined
  backends: Candidate[]
}
