import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { TimeWaitTable } from '../../sockets/model.ts'
import type { TimeWaitTiming } from '../model.ts'

const USUAL_LENGTH_S = 60
/** Fewer rows are too few to compute the rate of a minute ago. */
const STEADY_ROWS = 20
const STEADY_WINDOW_S = 10
/** Common kernels; HZ=300 and others are only used where the configuration says so. */
const COMMON_HZ = [250, 1000, 100]

export interface TimingFacts {
  /** Ticks per second of the timers; absent where the recording does not tell. */
  userHz: number | undefined
  twTimeoutS: number | undefined
  /** CONFIG_HZ. */
  hz: number | undefined
  /** The longest stay at timer 0 that earlier snapshots have shown. */
  granuleSeenS?: number | undefined
}

/**
 * Decides how long TIME_WAIT lasts and how coarse the kernel's timer wheel is, from settings, the kernel configuration and
 * the timers of the rows; `undefined` where timers exceed a minute at 100 ticks a second and the length of a tick is not
 * known.
 *
 * Rows at timer 0 arrived a little more than 60 s ago. Their number divided by the rate of that time is the time since the
 * wheel last turned, so the step is at least that long.
 */
export function timeWaitTiming(timeWaitSockets: TimeWaitTable, facts: TimingFacts): TimeWaitTiming | undefined {
  const hz = facts.userHz ?? 100
  const longestS = longest(timeWaitSockets) / hz
  if (facts.userHz === undefined && facts.twTimeoutS === undefined && longestS > USUAL_LENGTH_S) return undefined
  const lengthS = facts.twTimeoutS ?? Math.max(USUAL_LENGTH_S, Math.ceil(longestS))
  const lengthFrom = facts.twTimeoutS !== undefined ? 'sysctl' : lengthS > USUAL_LENGTH_S ? 'timers' : 'constant'
  const steps = COMMON_HZ.map(common => wheelStep(common, lengthS))
  const atZeroS = stayAtZero(timeWaitSockets, hz)
  // No kernel has a coarser wheel: so many rows at timer 0 are the end of a burst.
  const plausibleS = atZeroS <= Math.max(...steps) * 1.1 ? atZeroS : 0
  const granuleAtLeastS = Math.max(plausibleS, facts.granuleSeenS ?? 0) || undefined
  const seen = granuleAtLeastS ?? 0
  // What is configured is a fact, what the rows show an estimate.
  if (facts.hz !== undefined)
    return { lengthS, lengthFrom, granuleS: wheelStep(facts.hz, lengthS), granuleFrom: 'config', granuleAtLeastS }
  // A tenth of tolerance: the rate it is taken from is itself counted from rows.
  const granuleS = steps.find(step => seen <= step * 1.1) ?? seen
  const shown = granuleS > steps[0]! || seen >= granuleS * 0.8
  return { lengthS, lengthFrom, granuleS, granuleFrom: shown ? 'timers' : 'assumed', granuleAtLeastS }
}

function longest(timeWaitSockets: TimeWaitTable): number {
  let ticks = 0
  for (let row = 0; row < timeWaitSockets.length; row += 1)
    if (timeWaitSockets.state[row] === TCP_STATE.timeWait && timeWaitSockets.ticks[row]! > ticks)
      ticks = timeWaitSockets.ticks[row]!
  return ticks
}

/** Rows at timer 0 by the rate of the seconds behind them; 0 where that rate was not steady. */
function stayAtZero(timeWaitSockets: TimeWaitTable, userHz: number): number {
  let zero = 0
  const before = [0, 0]
  for (let row = 0; row < timeWaitSockets.length; row += 1) {
    if (timeWaitSockets.state[row] !== TCP_STATE.timeWait) continue
    const ticks = timeWaitSockets.ticks[row]!
    if (ticks === 0) zero += 1
    else if (ticks <= STEADY_WINDOW_S * userHz) before[ticks * 2 <= STEADY_WINDOW_S * userHz ? 0 : 1]! += 1
  }
  const [sooner = 0, later = 0] = before
  if (sooner + later < STEADY_ROWS || Math.min(sooner, later) * 2 < Math.max(sooner, later)) return 0
  return zero / ((sooner + later) / STEADY_WINDOW_S)
}

/**
 * Step of the timer wheel for a timer that runs `seconds`: the wheel has levels of 64 slots, each level eight times as
 * coarse as the one below. 2.048 s at HZ=250, 4.096 s at HZ=1000. Source: Linux kernel/time/timer.c.
 */
export function wheelStep(hz: number, seconds: number): number {
  let level = 0
  while (seconds * hz >= 63 * 8 ** level) level += 1
  return 8 ** level / hz
}
