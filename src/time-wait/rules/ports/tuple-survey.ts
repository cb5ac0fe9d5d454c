import { isLoopbackIp } from '../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { SocketOwners } from '../../../processes/owner.ts'
import type { TimeWaitTable } from '../../../sockets/model.ts'
import type { PortCapacity, TimeWaitTiming, TuplePressure } from '../../model.ts'
import type { PortRange, PortSettings } from '../../read/port-settings.ts'
import { Arrivals, type ArrivalRate } from './arrival-rate.ts'
import type { ActiveGroup } from '../connections-by-opener.ts'
import { isBound, paritySignal, type ParityAges, type PortsTaken } from './port-parity.ts'

const DEFAULT_REUSE_DELAY_MS = 1000

export interface PressureFacts {
  timeWaitSockets: TimeWaitTable
  settings: PortSettings
  capacity: PortCapacity | undefined
  timing: TimeWaitTiming | undefined
  /** Ticks per second of the timers. */
  userHz: number
  owners: SocketOwners
  /** TIME_WAITs of this namespace that have ended since it began. */
  ended?: number | undefined
  /** Whether there are as many TIME_WAITs as tcp_max_tw_buckets allows: what comes now leaves no row. */
  isAtLimit?: boolean | undefined
  /** Whether ports outside the range tell of the load, too: the range in question is not the one they came from. */
  countsAllArrivals?: boolean | undefined
  /** Ports that a tuple held at an earlier look; absent where there was none. */
  earlierPorts?: ((tuple: ActiveGroup) => ReadonlySet<number> | undefined) | undefined
}

/** What the rows and open sockets of one tuple show by themselves. */
export interface TupleSurvey {
  group: ActiveGroup
  /** Ports of the range held by rows and, without a row, by open connections. */
  rowPorts: number[]
  openPorts: number[]
  /** When each port is free, of those a connect() cannot take over at once. */
  freesInTicks: Uint32Array
  /** The same for each of `rowPorts`, where nothing is taken over. */
  endsInTicks: Uint32Array
  otherParity: number
  parity: TuplePressure['parity']
  /** How fast the rows came from the first to the last. */
  filledPerS: number | undefined
  arrivals: ArrivalRate
  /** Whether connect() may take over a TIME_WAIT; absent where the settings are not known. */
  reusable: boolean | undefined
  reuseDelayS: number
}

/** Surveys one tuple in one pass over its rows: there may be tens of thousands. */
export function surveyTuple(group: ActiveGroup, facts: PressureFacts): TupleSurvey {
  const { timeWaitSockets, settings, capacity, timing, userHz } = facts
  const { localPort, state, ticks } = timeWaitSockets
  const range: PortRange = capacity ?? { low: 0, high: 65535 }
  const { low, high } = range
  const openPorts = group.openPorts.filter(port => port >= low && port <= high)
  // Whole ticks throughout: numbers of this many rows must not become objects.
  const length = Math.round((timing?.lengthS ?? 0) * userHz)
  const granule = Math.round((timing?.granuleS ?? 0) * userHz)
  const arrivals = new Arrivals(userHz)
  const rowPorts: number[] = []
  const endsInTicks = new Uint32Array(group.rows.length)
  const agesInTicks = new Int32Array(group.rows.length)
  const isTimeWait = new Uint8Array(group.rows.length)
  const counts = [0, 0]
  const newest = [Infinity, Infinity]
  const oldest = [-Infinity, -Infinity]
  let zeros = 0
  for (const row of group.rows) {
    const port = localPort[row]!
    const isInRange = port >= low && port <= high
    if (!isInRange && facts.countsAllArrivals !== true) continue
    const left = ticks[row]!
    const age = length - left
    if (state[row] === TCP_STATE.timeWait) arrivals.add(age)
    if (!isInRange) continue
    const at = rowPorts.push(port) - 1
    const parity = (port ^ low) & 1
    counts[parity]! += 1
    agesInTicks[at] = age
    if (state[row] === TCP_STATE.timeWait) {
      isTimeWait[at] = 1
      if (age < newest[parity]!) newest[parity] = age
      if (age > oldest[parity]!) oldest[parity] = age
    }
    if (left > 0) endsInTicks[at] = left + (granule >> 1)
    else zeros += 1
  }
  // Rows at timer 0 leave when the wheel turns next, some time within its step.
  for (let at = 0, zero = 0; at < rowPorts.length && zero < zeros; at += 1)
    if (endsInTicks[at] === 0) endsInTicks[at] = Math.round((granule * (zero += 1)) / zeros)
  for (const port of openPorts) counts[(port ^ low) & 1]! += 1
  const ages = (parity: 0 | 1): ParityAges => ({
    ports: counts[parity]!,
    newestS: newest[parity]! / userHz,
    oldestS: oldest[parity]! / userHz,
  })
  const mayReuse = timeWaitReusable(group, settings)
  const parity =
    capacity &&
    paritySignal(
      { first: ages(0), other: ages(1) },
      {
        capacity: capacity.ports,
        reusable: mayReuse === true,
        ended: facts.ended,
        taken: () => portsTaken(facts.earlierPorts?.(group), [...rowPorts, ...openPorts], capacity),
      },
    )
  // bind() does not take a TIME_WAIT over, whatever tcp_tw_reuse says. Source: inet_bind_conflict.
  const reusable = isBound(parity) ? false : mayReuse
  const reuseDelayS = (settings.twReuseDelayMs ?? DEFAULT_REUSE_DELAY_MS) / 1000
  const ends = endsInTicks.subarray(0, rowPorts.length)
  const spanS = (Math.max(...oldest) - Math.min(...newest)) / userHz
  return {
    group,
    rowPorts,
    openPorts,
    endsInTicks: ends,
    freesInTicks: reusable === true ? afterDelay(ends, agesInTicks, isTimeWait, reuseDelayS * userHz) : ends,
    otherParity: counts[1]!,
    parity,
    filledPerS: spanS > 0 && Number.isFinite(spanS) ? (rowPorts.length - 1) / spanS : undefined,
    arrivals: rateOf(arrivals, reusable === true, facts.isAtLimit === true),
    reusable,
    reuseDelayS,
  }
}

function portsTaken(
  then: ReadonlySet<number> | undefined,
  now: readonly number[],
  { low, high }: PortRange,
): PortsTaken | undefined {
  if (then === undefined) return undefined
  const isFirst = (port: number) => ((port ^ low) & 1) === 0
  return {
    firstThen: [...then].filter(port => port >= low && port <= high && isFirst(port)).length,
    other: now.filter(port => !isFirst(port) && !then.has(port)).length,
  }
}

/** Where connect() takes rows over, those older than the delay may be gone: only the last second can be counted. */
function rateOf(arrivals: Arrivals, reusable: boolean, isAtLimit: boolean): ArrivalRate {
  const rate = arrivals.rate()
  if (isAtLimit) return { load: 'unseen', perS: rate.perS }
  return reusable && rate.load === 'steady' ? { load: 'steady', perS: arrivals.lastSecond } : rate
}

/** Times until connect() may take over a row: the delay for a TIME_WAIT, its end for a FIN_WAIT2. */
function afterDelay(ends: Uint32Array, ages: Int32Array, isTimeWait: Uint8Array, delayTicks: number): Uint32Array {
  const frees = new Uint32Array(ends.length)
  let held = 0
  for (let at = 0; at < ends.length; at += 1) {
    if (isTimeWait[at] === 0) frees[held++] = ends[at]!
    else if (ages[at]! <= delayTicks) frees[held++] = Math.round(delayTicks - ages[at]!)
  }
  return frees.subarray(0, held)
}

/** Whether connect() may reuse the port of a TIME_WAIT of this tuple; `undefined` where a setting is not known. Source: tcp_twsk_unique. */
export function timeWaitReusable(
  tuple: { localAddress: string; remoteAddress: string },
  settings: PortSettings,
): boolean | undefined {
  if (settings.twReuse === 0 || settings.timestamps === 0) return false
  if (settings.twReuse === undefined || settings.timestamps === undefined) return undefined
  return settings.twReuse === 1 || isLoopbackIp(tuple.localAddress) || isLoopbackIp(tuple.remoteAddress)
}
