import type { ProcSource } from '../../proc/proc-source.ts'
import type { SocketFilter, TrafficLook } from '../../sockets/index.ts'
import { readSnapshot, timeWaitReport } from '../../time-wait/index.ts'
import type { Sample } from '../model.ts'
import { selectRows } from './select-rows.ts'

export interface LookRequest {
  filter: SocketFilter | undefined
  /** The view of TIME_WAIT is shown. */
  timeWait: boolean
}

/** Looks at a machine again and again, or at its recordings one after the other. */
export interface Sampler {
  /** The next look; undefined where there is no further recording. */
  look(request: LookRequest): Sample | undefined
  /** The same look under another filter. */
  filtered(sample: Sample, filter: SocketFilter | undefined): Sample
  /** The same look with what its TIME_WAIT sockets say, where that was not read. */
  withTimeWait(sample: Sample): Sample
  /** The machine, or the recording that was looked at last. */
  readonly source: ProcSource
  readonly recordings: Recordings | undefined
  /** Reads the ends that wait: between looks of a slow pace. */
  hear(): void
  close(): void
}

/** What only recordings have. */
export interface Recordings {
  /** Which it is, from 1; 0 before the first look. */
  readonly at: number
  readonly of: number
  /** So many recordings further, or back; undefined where there is none. */
  step(by: number, request: LookRequest): Sample | undefined
}

export function sampleOf(source: ProcSource, atMs: number, look: TrafficLook): Sample {
  return {
    atMs,
    host: source.meta.host,
    source: source.label,
    look: { ...look, seconds: look.seconds || undefined },
    selected: undefined,
    undecided: 0,
    timeWait: undefined,
    waited: undefined,
    without: undefined,
  }
}

export function filteredSample(sample: Sample, filter: SocketFilter | undefined, source: ProcSource): Sample {
  if (filter === undefined) return { ...sample, selected: undefined, undecided: 0 }
  return { ...sample, ...selectRows(filter, sample.look, source) }
}

export const readTimeWait = (source: ProcSource) => timeWaitReport(readSnapshot(source))
