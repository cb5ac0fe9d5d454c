import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { SocketOwners } from '../../processes/owner.ts'
import type { TimeWaitTable } from '../../sockets/model.ts'
import type { PortRange, PortSettings } from '../read/port-settings.ts'
import type { OwnerCandidate, PortCapacity, PortForecast, TimeWaitTiming, TuplePressure } from '../model.ts'
import type { ActiveGroup } from './connections-by-opener.ts'
import { isLoopbackIp } from '../../kernel/ip-address.ts'
import { portForecast } from './forecast.ts'

/** The rate is that of the last seconds: a shorter window is noise, a longer one hides that a load has ended. */
const RATE_WINDOW_S = 5
const DEFAULT_REUSE_DELAY_MS = 1000
/** Fewer rows than this say nothing about parity: random ports would show it by accident. */
const PARITY_ROWS = 16

export interface PressureFacts {
  timeWaitSockets: TimeWaitTable
  settings: PortSettings
  capacity: PortCapacity | undefined
  timing: TimeWaitTiming | undefined
  /** Ticks per second of the timers. */
  userHz: number
  owners: SocketOwners
}

/**
 * Counts the local ports one tuple takes and decides how many connect() could still have, whether it has become slow, and
 * when the ports run out: from the tuple's rows and open sockets, the settings and the timing.
 */
export function tuplePressure(group: ActiveGroup, facts: PressureFacts): TuplePressure {
  const { settings, capacity, timing } = facts
  const reusable = timeWaitReusable(group, settings)
  const delayS = (settings.twReuseDelayMs ?? DEFAULT_REUSE_DELAY_MS) / 1000
  const range = capacity ?? { low: 0, high: 65535 }
  // Rows taken over are gone from the table, so behind the delay arrivals cannot be counted any more.
  const windowS = reusable === true ? Math.min(delayS || RATE_WINDOW_S, RATE_WINDOW_S) : RATE_WINDOW_S
  const openPorts = group.openPorts.filter(port => port >= range.low && port <= range.high)
  const rows = heldInTimeWait(group.rows, facts, range, reusable === true ? delayS : undefined, windowS)
  const used = rows.count + openPorts.length
  const blocked = rows.freesInTicks.length + openPorts.length
  const otherParity = rows.otherParity + openPorts.filter(port => ((port ^ range.low) & 1) === 1).length
  let forecast: PortForecast | undefined
  if (capacity !== undefined && timing !== undefined) {
    forecast = portForecast({
      freesInTicks: rows.freesInTicks,
      ticksPerS: facts.userHz,
      heldOpen: openPorts.length,
      capacity: capacity.ports,
      arrivalsPerS: rows.young / windowS,
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
    candidates: ownerCandidates(group, facts.owners),
    traced: false,
  }
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

/** connect() tries the ports with the parity of the lowest one first, bind() of port 0 the others. Source: __inet_hash_connect, inet_csk_find_open_port. */
function paritySignal(used: number, other: number, capacity: number, reusable: boolean): TuplePressure['parity'] {
  if (used < PARITY_ROWS) return undefined
  if (other > used - other && used < capacity * 0.9) return 'bind-before-connect'
  return !reusable && other > 0 && used * 2 >= capacity ? 'slow-connect' : undefined
}

/** Ports held by the rows of a tuple in TIME_WAIT and FIN_WAIT2, in one pass: there may be tens of thousands. */
function heldInTimeWait(
  rows: readonly number[],
  { timeWaitSockets, timing, userHz }: PressureFacts,
  range: PortRange,
  /** Age from which connect() takes a TIME_WAIT over; absent where it does not. */
  reuseAfterS: number | undefined,
  windowS: number,
): { count: number; otherParity: number; young: number; freesInTicks: Uint32Array } {
  const { localPort, state, ticks } = timeWaitSockets
  const { low, high } = range
  // Whole ticks throughout: numbers of this many rows must not become objects.
  const length = Math.round((timing?.lengthS ?? 0) * userHz)
  const granule = Math.round((timing?.granuleS ?? 0) * userHz)
  const window = Math.round(windowS * userHz)
  const reuseAfter = reuseAfterS === undefined ? undefined : Math.round(reuseAfterS * userHz)
  const freesInTicks = new Uint32Array(rows.length)
  let count = 0
  let otherParity = 0
  let young = 0
  let held = 0
  let zeros = 0
  for (const row of rows) {
    const port = localPort[row]!
    if (port < low || port > high) continue
    count += 1
    otherParity += (port ^ low) & 1
    const left = ticks[row]!
    const age = length - left
    if (state[row] === TCP_STATE.timeWait) {
      if (age < window) young += 1
      if (reuseAfter !== undefined) {
        if (age <= reuseAfter) freesInTicks[held++] = reuseAfter - age
        continue
      }
    }
    if (left > 0) freesInTicks[held++] = left + (granule >> 1)
    else zeros += 1
  }
  // Rows at timer 0 leave when the wheel turns next, some time within its step.
  for (let i = 1; i <= zeros; i += 1) freesInTicks[held++] = Math.round((granule * i) / zeros)
  return { count, otherParity, young, freesInTicks: freesInTicks.subarray(0, held) }
}

function ownerCandidates(group: ActiveGroup, owners: SocketOwners): OwnerCandidate[] {
  const byPid = new Map<number, OwnerCandidate>()
  for (const socket of group.open)
    for (const owner of owners.get(socket.inode) ?? []) {
      const known = byPid.get(owner.pid)
      if (known === undefined) byPid.set(owner.pid, { ...owner, hits: 1 })
      else known.hits += 1
    }
  return [...byPid.values()].sort((a, b) => b.hits - a.hits)
}
