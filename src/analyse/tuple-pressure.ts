import type { SocketHolders } from '../model/socket-holder.ts'
import { TIME_WAIT, type MiniSockets } from '../model/mini-sockets.ts'
import type { PortSettings } from '../model/port-settings.ts'
import type { OwnerCandidate, PortCapacity, PortForecast, TimeWaitTiming, TuplePressure } from '../model/time-wait.ts'
import type { ActiveGroup } from './connection-sides.ts'
import { isLoopback } from './listening.ts'
import { portForecast } from './port-forecast.ts'

/** Arrivals of the last seconds make the rate: shorter is noise, longer hides that a load has ended. */
const RATE_WINDOW_S = 5
const DEFAULT_REUSE_DELAY_MS = 1000
/** Fewer rows than this say nothing about parity: random ports would show it by accident. */
const PARITY_ROWS = 16

export interface PressureFacts {
  minis: MiniSockets
  settings: PortSettings
  capacity: PortCapacity | undefined
  timing: TimeWaitTiming | undefined
  /** Ticks per second of the timers. */
  userHz: number
  holders: SocketHolders
}

export function tuplePressure(group: ActiveGroup, facts: PressureFacts): TuplePressure {
  const { minis, settings, capacity, timing } = facts
  const reusable = timeWaitReusable(group, settings)
  const delayS = (settings.twReuseDelayMs ?? DEFAULT_REUSE_DELAY_MS) / 1000
  const range = capacity ?? { low: 0, high: 65535 }
  const inRange = (port: number) => port >= range.low && port <= range.high
  const rows = group.rows.every(row => inRange(minis.localPort[row]!))
    ? group.rows
    : group.rows.filter(row => inRange(minis.localPort[row]!))
  const openPorts = group.openPorts.filter(inRange)
  const used = rows.length + openPorts.length

  const freesInS = new Float64Array(timing === undefined ? 0 : rows.length)
  let held = 0
  let young = 0
  // Rows taken over are gone from the table, so behind the delay arrivals cannot be counted any more.
  const windowS = reusable === true ? Math.min(delayS || RATE_WINDOW_S, RATE_WINDOW_S) : RATE_WINDOW_S
  if (timing !== undefined) {
    let zeroRows = 0
    for (const row of rows) if (minis.ticks[row] === 0) zeroRows += 1
    let zeros = 0
    for (const row of rows) {
      const leftS = minis.ticks[row]! / facts.userHz
      const isTimeWait = minis.state[row] === TIME_WAIT
      const ageS = timing.lengthS - leftS
      if (isTimeWait && ageS < windowS) young += 1
      if (isTimeWait && reusable === true) {
        if (ageS <= delayS) freesInS[held++] = delayS - ageS
      } else if (leftS > 0) freesInS[held++] = leftS + timing.granuleS / 2
      else freesInS[held++] = (timing.granuleS * (zeros += 1)) / zeroRows
    }
  }
  const blocked = timing === undefined ? used : held + openPorts.length
  const otherParity = countOtherParity(rows, openPorts, minis, range.low)
  let forecast: PortForecast | undefined
  if (capacity !== undefined && timing !== undefined) {
    forecast = portForecast({
      freesInS: freesInS.subarray(0, held),
      heldOpen: openPorts.length,
      capacity: capacity.ports,
      arrivalsPerS: young / windowS,
      holdS: reusable === true ? delayS : timing.lengthS + timing.granuleS / 2,
      longestHoldS: reusable === true ? delayS : timing.lengthS + timing.granuleS,
    })
  }
  return {
    localAddress: group.localAddress,
    remoteAddress: group.remoteAddress,
    remotePort: group.remotePort,
    timeWait: group.timeWait,
    finWait2: group.finWait2,
    open: group.open.length,
    used,
    blocked,
    reusable,
    capacity: capacity?.ports,
    utilization: capacity === undefined ? undefined : capacity.ports === 0 ? 1 : blocked / capacity.ports,
    otherParity,
    parity: capacity === undefined ? undefined : paritySignal(used, otherParity, capacity.ports, reusable === true),
    forecast,
    candidates: ownerCandidates(group, facts.holders),
    traced: false,
  }
}

/** Whether connect() takes over a TIME_WAIT of these connections; `undefined` where a setting is not known. Source: tcp_twsk_unique. */
export function timeWaitReusable(
  tuple: { localAddress: string; remoteAddress: string },
  settings: PortSettings,
): boolean | undefined {
  if (settings.twReuse === 0 || settings.timestamps === 0) return false
  if (settings.twReuse === undefined || settings.timestamps === undefined) return undefined
  return settings.twReuse === 1 || isLoopback(tuple.localAddress) || isLoopback(tuple.remoteAddress)
}

/** connect() tries the ports with the parity of the lowest one first, bind() of port 0 the others. Source: __inet_hash_connect, inet_csk_find_open_port. */
function paritySignal(used: number, other: number, capacity: number, reusable: boolean): TuplePressure['parity'] {
  if (used < PARITY_ROWS) return undefined
  if (other > used - other && used < capacity * 0.9) return 'bind-before-connect'
  return !reusable && other > 0 && used * 2 >= capacity ? 'slow-connect' : undefined
}

function countOtherParity(
  rows: readonly number[],
  openPorts: readonly number[],
  minis: MiniSockets,
  low: number,
): number {
  let other = 0
  for (const row of rows) other += (minis.localPort[row]! ^ low) & 1
  for (const port of openPorts) other += (port ^ low) & 1
  return other
}

function ownerCandidates(group: ActiveGroup, holders: SocketHolders): OwnerCandidate[] {
  const byPid = new Map<number, OwnerCandidate>()
  for (const socket of group.open)
    for (const holder of holders.get(socket.inode) ?? []) {
      const known = byPid.get(holder.pid)
      if (known === undefined) byPid.set(holder.pid, { ...holder, hits: 1 })
      else known.hits += 1
    }
  return [...byPid.values()].sort((a, b) => b.hits - a.hits)
}
