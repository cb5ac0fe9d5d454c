import type { ScreenState } from '../keys/screen-state.ts'
import type { Sample } from '../model.ts'
import type { Sampler } from '../sample/sampler.ts'
import type { FrameFacts } from '../show/frame.ts'
import type { BackgroundDiagnosis } from './background-diagnosis.ts'
import { clockText } from './clock.ts'
import { connectionFacts } from './connection-facts.ts'
import type { Looking } from './looking.ts'
import { paceText } from './pace-text.ts'

export interface Session {
  sampler: Sampler
  intervalMs: number
  looking: Looking
  diagnosis: BackgroundDiagnosis
}

/** What a frame is made of, but for the terminal. */
export function frameFacts(
  { sampler, intervalMs, looking, diagnosis }: Session,
  sample: Sample,
  state: ScreenState,
): Omit<FrameFacts, 'width' | 'height' | 'paint'> {
  const { recordings, source } = sampler
  const detail = state.details.at(-1)
  return {
    state,
    sample,
    history: looking.history,
    diagnosis: diagnosis.diagnosis,
    diagnosing: diagnosis.isRunning,
    connection: detail?.kind === 'connection' ? connectionFacts(sample, detail.key, source) : undefined,
    clock: clockText(sample.atMs, recordings === undefined),
    pace: paceText({ paused: state.paused, recordings, intervalMs, paceMs: looking.paceMs }),
    diagnosedAgo: diagnosis.ago,
  }
}
