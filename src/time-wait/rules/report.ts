import type { TimeWaitFigures, TimeWaitReport, TuplePressure, Grouping, WhatIf } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import type { WhoClosed } from '../who/who-closed.ts'
import type { AddressFilter } from '../../sockets/index.ts'
import { adviceOf } from '../advice/advice.ts'
import type { ActiveGroup } from './connections-by-opener.ts'
import { timeWaitGroups } from './groups.ts'
import { selectFigures, selectTuples } from './select-figures.ts'
import { halfClosed } from './half-closed.ts'
import { timeWaitHistory } from './history.ts'
import { passivePorts } from './passive-ports.ts'
import { portCapacity } from './ports/port-capacity.ts'
import { timeWaitTiming } from './timing.ts'
import { totalsOf } from './totals.ts'
import { withTracedOwners } from './traced-owners.ts'
import { tuplePressures } from './ports/tuple-pressure.ts'
import { verdictOf } from './verdict.ts'
import { whatIfTuples } from './what-if.ts'

/** What was asked, beside the snapshot itself. */
export interface ReportRequest {
  by?: Grouping | undefined
  whatIf?: { asked: string; change: WhatIf } | undefined
  who?: WhoClosed | undefined
  /** The longest stay at timer 0 that earlier snapshots have shown. */
  granuleSeenS?: number | undefined
  /** A look some seconds ago: what has come since tells how ports are picked. */
  earlier?: TimeWaitSnapshot | undefined
  /** Of destinations, local ports and half-closed connections only these. */
  filter?: AddressFilter | undefined
}

/** Makes the report: figures from the rows, then advice from the figures, then the verdict from the advice. */
export function timeWaitReport(snapshot: TimeWaitSnapshot, request: ReportRequest = {}): TimeWaitReport {
  const { by = 'tuple', whatIf, who, filter } = request
  const figures = selectFigures(figuresOf(snapshot, request), filter)
  const advice = adviceOf(snapshot, figures)
  const ofFilter = (tuples: TuplePressure[]) => (filter === undefined ? tuples : selectTuples(tuples, filter))
  return {
    verdict: verdictOf(snapshot, figures, advice),
    incomplete: snapshot.incomplete,
    ...figures,
    advice,
    by,
    groups: by === 'tuple' ? [] : timeWaitGroups(figures, by),
    who,
    whatIf: whatIf && { asked: whatIf.asked, tuples: ofFilter(whatIfTuples(snapshot, figures, whatIf.change)) },
    filter: filter?.text,
    warnings: snapshot.warnings,
    unreadable: snapshot.unreadable,
  }
}

function figuresOf(snapshot: TimeWaitSnapshot, { who, granuleSeenS, earlier }: ReportRequest): TimeWaitFigures {
  const { timeWaitSockets, settings, owners, connections } = snapshot
  const userHz = snapshot.userHz ?? 100
  const timing = timeWaitTiming(timeWaitSockets, {
    userHz: snapshot.userHz,
    twTimeoutS: settings.twTimeoutS,
    hz: snapshot.hz,
    granuleSeenS,
  })
  const capacity = portCapacity(settings, connections.listening.ports.keys())
  const totals = totalsOf(snapshot)
  const ended = totals.births === undefined ? undefined : totals.births - timeWaitSockets.length
  const isAtLimit = timeWaitSockets.length >= (settings.maxTwBuckets ?? Infinity)
  const facts = {
    timeWaitSockets,
    settings,
    capacity,
    timing,
    userHz,
    owners,
    ended,
    isAtLimit,
    earlierPorts: earlier && portsOf(earlier),
  }
  const tuples = tuplePressures(connections.active, facts).sort(byPressure)
  const { groups, torn } = halfClosed(snapshot)
  return {
    totals,
    timing,
    capacity,
    tuples: who === undefined ? tuples : withTracedOwners(tuples, who, snapshot),
    ports: passivePorts(snapshot, timing),
    history: timing && timeWaitHistory(timeWaitSockets, timing, userHz),
    halfClosed: groups,
    tornPairs: torn,
  }
}

/** The local ports that each tuple held, in any state. */
function portsOf({
  connections,
  timeWaitSockets,
}: TimeWaitSnapshot): (tuple: ActiveGroup) => ReadonlySet<number> | undefined {
  return ({ localAddress, remoteAddress, remotePort }) => {
    const group = connections.active.find(
      then =>
        then.remotePort === remotePort && then.remoteAddress === remoteAddress && then.localAddress === localAddress,
    )
    return new Set(group && [...[...group.rows].map(row => timeWaitSockets.localPort[row]!), ...group.openPorts])
  }
}

const byPressure = (a: TuplePressure, b: TuplePressure) =>
  (b.utilization ?? 0) - (a.utilization ?? 0) || b.used - a.used || b.timeWait - a.timeWait
