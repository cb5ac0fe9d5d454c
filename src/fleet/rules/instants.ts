import type { Warning } from '../../warnings.ts'
import type { HostAnswer } from '../model.ts'

/** Differences below that may be the way of the answer, or the whole seconds in which a clock is told. */
const LEAST_CLOCK_S = 2
/** Answers further apart than that are no look at one instant. */
const LEAST_APART_MS = 2000

type Timed = Pick<HostAnswer, 'host' | 'askedAtMs' | 'beganAtMs' | 'clockSeconds'>

/**
 * By how many seconds a clock is ahead of ours (negative: behind); undefined where no difference can be told. The clock was
 * read between our question and the beginning of the answer.
 */
export function clockAheadSeconds({ askedAtMs, beganAtMs, clockSeconds }: Timed): number | undefined {
  if (clockSeconds === undefined) return undefined
  // It is told in whole seconds, so it was at most one more.
  const ahead = clockSeconds - beganAtMs / 1000
  const behind = clockSeconds + 1 - askedAtMs / 1000
  if (ahead > LEAST_CLOCK_S) return Math.round(ahead)
  if (behind < -LEAST_CLOCK_S) return Math.round(behind)
  return undefined
}

/** Milliseconds between the first and the last host that began to look, by our clock. */
export function apartMs(answers: readonly Timed[]): number {
  const began = answers.map(({ beganAtMs }) => beganAtMs)
  return began.length === 0 ? 0 : Math.max(...began) - Math.min(...began)
}

/** What is to be known before times and rows of several hosts are compared. */
export function instantWarnings(answers: readonly Timed[]): Warning[] {
  const warnings: Warning[] = []
  const apart = apartMs(answers)
  if (apart > LEAST_APART_MS)
    warnings.push({
      code: 'hosts-apart',
      message: `the hosts were read up to ${(apart / 1000).toFixed(1)} s apart: what came or went meanwhile is seen on one side only`,
    })
  for (const answer of answers) {
    const ahead = clockAheadSeconds(answer)
    if (ahead === undefined) continue
    warnings.push({
      code: 'host-clock',
      message: `the clock of ${answer.host} is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} the one here: times of it are by its own`,
    })
  }
  return warnings
}
