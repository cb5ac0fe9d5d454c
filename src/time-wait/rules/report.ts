import { TCP_STATE, TIME_WAIT } from '../../kernel/tcp-state.ts'
import type { InetRow, TimeWaitTable } from '../../sockets/model.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import type { TimeWaitReading } from '../read/reading.ts'
import {
  MINI_SOCKET_BYTES,
  type Advice,
  type PassivePort,
  type TimeWaitReport,
  type TimeWaitTotals,
  type TuplePressure,
  type Verdict,
} from '../model.ts'
import type { AdviceFacts } from '../advice/facts.ts'
import { percent, tupleName } from '../words.ts'
import { peerRules } from '../advice/peers.ts'
import { portRules } from '../advice/ports.ts'
import { settingRules } from '../advice/settings.ts'
import { connectionSides, type PassiveGroup, type Sides } from './connection-sides.ts'
import { halfClosed } from './half-closed.ts'
import { listeningOf, type Listening } from '../../sockets/index.ts'
import { portCapacity } from './port-capacity.ts'
import { timeWaitHistory } from './history.ts'
import { timeWaitTiming } from './timing.ts'
import { tuplePressure } from './tuple-pressure.ts'

export interface ReportOptions {
  /** The longest stay at timer 0 that earlier reads have shown. */
  granuleSeenS?: number | undefined
}

/** The connections of a reading sorted by who opened them. */
export interface Connections {
  listening: Listening
  sides: Sides
}

export function connectionsOf(reading: Omit<TimeWaitReading, 'holders'>): Connections {
  const listening = listeningOf(reading.sockets)
  return {
    listening,
    sides: connectionSides(reading.minis, reading.sockets, reading.find, listening, reading.settings.range),
  }
}

/** All `tw-stats` says about one reading. */
export function timeWaitReport(
  reading: TimeWaitReading,
  { listening, sides }: Connections = connectionsOf(reading),
  options: ReportOptions = {},
): TimeWaitReport {
  const { minis, settings, find } = reading
  const userHz = reading.userHz ?? 100
  const timing = timeWaitTiming(minis, {
    userHz: reading.userHz,
    twTimeoutS: settings.twTimeoutS,
    hz: reading.hz,
    granuleSeenS: options.granuleSeenS,
  })
  const capacity = portCapacity(settings, listening.ports.keys())
  const facts = { minis, settings, capacity, timing, userHz, holders: reading.holders }
  const tuples = sides.active.map(group => tuplePressure(group, facts)).sort(byPressure)
  const secondsLeft = (group: PassiveGroup) => {
    if (timing === undefined) return undefined
    let ticks = 0
    for (const row of group.rows) ticks = Math.max(ticks, minis.ticks[row]!)
    return ticks / userHz + timing.granuleS
  }
  const { groups, torn } = halfClosed(reading.sockets, minis, find, listening, reading.holders)
  const rest: AdviceFacts['report'] = {
    totals: totalsOf(reading, sides),
    timing,
    capacity,
    tuples,
    ports: sides.passive
      .map(group => passivePort(group, reading, secondsLeft(group)))
      .sort((a, b) => b.timeWait + b.finWait2 - a.timeWait - a.finWait2),
    history: timing && timeWaitHistory(minis, timing, userHz),
    halfClosed: groups,
    tornPairs: torn,
  }
  const advice = [...portRules, ...peerRules, ...settingRules]
    .map(rule => rule({ reading, report: rest }))
    .filter(advice => advice !== undefined)
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  return { verdict: verdictOf(reading, rest, advice), ...rest, advice }
}

const LEVELS: Advice['level'][] = ['act', 'watch', 'info']

const byPressure = (a: TuplePressure, b: TuplePressure) =>
  (b.utilization ?? 0) - (a.utilization ?? 0) || b.used - a.used || b.timeWait - a.timeWait

function passivePort(group: PassiveGroup, reading: TimeWaitReading, clearsInS: number | undefined): PassivePort {
  const owners = new Map(
    group.listeners.flatMap(row => reading.holders.get(row.inode) ?? []).map(owner => [owner.pid, owner]),
  )
  return {
    port: group.port,
    localAddresses: [...group.localAddresses],
    timeWait: group.timeWait,
    finWait2: group.finWait2,
    remotes: remotesOf(group, reading.minis),
    listening: group.listeners.length > 0,
    owners: [...owners.values()],
    clearsInS,
  }
}

function remotesOf(group: PassiveGroup, minis: TimeWaitTable): PassivePort['remotes'] {
  const byAddress = new Map<number, { timeWait: number; finWait2: number }>()
  for (const row of group.rows) {
    const at = minis.remote[row]!
    let counts = byAddress.get(at)
    if (counts === undefined) byAddress.set(at, (counts = { timeWait: 0, finWait2: 0 }))
    if (minis.state[row] === TIME_WAIT) counts.timeWait += 1
    else counts.finWait2 += 1
  }
  return [...byAddress]
    .map(([at, counts]) => ({ address: minis.addresses[at]!, ...counts }))
    .sort((a, b) => b.timeWait + b.finWait2 - a.timeWait - a.finWait2)
}

function totalsOf(reading: TimeWaitReading, sides: Sides): TimeWaitTotals {
  const sum = (counts: readonly { timeWait: number; finWait2: number }[], key: 'timeWait' | 'finWait2') =>
    counts.reduce((total, group) => total + group[key], 0)
  const all = [...sides.active, ...sides.passive]
  const timeWait = sum(all, 'timeWait')
  const finWait2 = sum(all, 'finWait2')
  const { counters, settings, sockstat, sockstatBefore } = reading
  const { born, bornShort } = counters
  return {
    timeWait,
    finWait2,
    active: sum(sides.active, 'timeWait'),
    passive: sum(sides.passive, 'timeWait'),
    duplicates: reading.duplicates,
    sockstat,
    sockstatBefore,
    balance: balanceOf(reading, timeWait, finWait2),
    births: born === undefined ? undefined : born + (bornShort ?? 0),
    recycled: counters.recycled,
    overflowed: counters.overflowed,
    limit: settings.maxTwBuckets,
    memoryBytes: reading.minis.length * MINI_SOCKET_BYTES,
  }
}

/** What sockstat's number is made of, or why it is not that of the rows. */
function balanceOf(reading: TimeWaitReading, timeWait: number, finWait2: number): string | undefined {
  const { sockstat, sockstatBefore } = reading
  const rows = timeWait + finWait2
  if (sockstat === undefined) return undefined
  const both =
    finWait2 > 0 ? `sockstat's tw counts both: ${timeWait} in TIME_WAIT and ${finWait2} in FIN_WAIT2` : undefined
  const low = Math.min(sockstat, sockstatBefore ?? sockstat)
  const high = Math.max(sockstat, sockstatBefore ?? sockstat)
  const slack = Math.max(3, rows * 0.01)
  if (rows >= low - slack && rows <= high + slack)
    return rows === sockstat
      ? both
      : `${both === undefined ? '' : `${both}; `}connections came and went while the table was read`
  if (reading.incomplete) return `the tables are incomplete: they show ${rows} of ${sockstat}`
  return rows < low
    ? `sockstat counts ${low - rows} more than the table shows: kernels before 4.10 count every network namespace`
    : `the table shows ${rows - high} more than sockstat counts: many ended while it was read`
}

function verdictOf(
  reading: TimeWaitReading,
  report: AdviceFacts['report'],
  advice: readonly Advice[],
): TimeWaitReport['verdict'] {
  const [first] = advice
  const level: Verdict = first === undefined || first.level === 'info' ? 'harmless' : first.level
  if (level !== 'harmless') return { level, sentence: first!.finding }
  if (reading.incomplete)
    return { level: 'unknown', sentence: 'a table is missing or cut short; what there is of it shows nothing wrong' }
  const { totals, tuples } = report
  if (totals.active > 0 && report.capacity === undefined)
    return {
      level: 'unknown',
      sentence: 'the local port range of this namespace is not known, so nor is how many ports are left',
    }
  if (totals.timeWait + totals.finWait2 === 0) return { level, sentence: 'nothing is in TIME_WAIT' }
  const [worst] = tuples
  if (worst?.utilization === undefined || worst.used === 0)
    return { level, sentence: 'do nothing: these connections take no local port from any client here' }
  const reuse =
    worst.reusable === true && worst.used > worst.blocked ? ` (${worst.used} taken, the rest can be taken over)` : ''
  return {
    level,
    sentence: `do nothing: the fullest destination, ${tupleName(worst)}, holds ${worst.blocked} of ${worst.capacity} ports, ${percent(worst.utilization)}${reuse}`,
  }
}

/** Inodes whose holders a report can name: servers with something left here, half-closed sockets, live clients of busy destinations. */
export function wantedInodes(sockets: readonly InetRow[], { listening, sides }: Connections): Set<string> {
  const wanted = new Set<string>()
  const add = (row: InetRow) => row.inode !== '0' && wanted.add(row.inode)
  for (const row of sockets) {
    if (row.state === TCP_STATE.closeWait) [row, ...listening.at(unmapIp(row.localAddress), row.localPort)].forEach(add)
    else if (row.state === TCP_STATE.listen && row.rxQueueBytes > 0) add(row)
  }
  for (const group of sides.passive) group.listeners.forEach(add)
  for (const group of sides.active) if (group.rows.length > 0) group.open.forEach(add)
  return wanted
}
