import type { BpfEvent, BpfRunState } from '../model.ts'
import type { Field } from '../run/output/row.ts'

/** What is shown: the part of a job that its view needs. A user's script has no fields. */
export interface BpfSubject {
  readonly name: string
  readonly shape: 'events' | 'histogram' | 'counts' | 'stacks' | 'script'
  readonly fields: readonly Field[]
  /** What keys the histograms. */
  readonly key?: Field | undefined
  /** Of the values of histograms, or of the weights of stacks. */
  readonly unit?: string | undefined
}

/** A user's script as something to show. */
export function scriptSubject(file = 'script'): BpfSubject {
  return { name: file, shape: 'script', fields: [] }
}

/** Turns a run into text or JSON lines: the same for a live run and a recorded one. */
export interface BpfView {
  /** What an event adds to the output. */
  event(event: BpfEvent, run: BpfRunState): string
  /** The final results. */
  end(run: BpfRunState): string
}
