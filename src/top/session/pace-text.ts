import type { Recordings } from '../sample/sampler.ts'

export interface Pace {
  paused: boolean
  /** How many there are, and which is shown; undefined of a machine. */
  recordings: Pick<Recordings, 'at' | 'of'> | undefined
  /** From look to look, as asked for and as it is. */
  intervalMs: number
  paceMs: number
}

/** `every 1 s`, `PAUSED`, `recording 2 of 3`. */
export function paceText({ paused, recordings, intervalMs, paceMs }: Pace): string {
  const held = paused ? 'PAUSED' : undefined
  if (recordings === undefined) {
    if (held !== undefined) return held
    return paceMs > intervalMs * 1.05
      ? `every ${secondsText(paceMs)}, to spare the CPU`
      : `every ${secondsText(intervalMs)}`
  }
  if (recordings.of === 1) return 'recording'
  const which = `recording ${recordings.at} of ${recordings.of}`
  return held === undefined || recordings.at === recordings.of ? which : `${held}   ${which}`
}

const secondsText = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`)
