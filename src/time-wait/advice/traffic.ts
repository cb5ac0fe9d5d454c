import type { Statement } from '../../statement.ts'
import { fixed, percent } from '../words.ts'
import type { AdviceFacts, AdviceRule } from './rule.ts'

const HALF = 0.5
/** A prober or crawler talks to many services, a little each. */
const PROBER_TUPLES = 20

/** What kind of traffic it is, where no port is short. */
export const trafficRules: readonly AdviceRule[] = [reuseCarries, manySmallTuples, serverSide, highChurn]

function reuseCarries({ snapshot, figures }: AdviceFacts): Statement | undefined {
  const { recycled, activeOpens } = snapshot.counters
  if (!recycled || !activeOpens || recycled < activeOpens * 0.1) return undefined
  const ports = figures.capacity?.ports
  const delayS = (snapshot.settings.twReuseDelayMs ?? 1000) / 1000
  return {
    code: 'reuse-carries-load',
    severity: 'info',
    finding: 'tcp_tw_reuse carries part of the load: connect() reuses ports in TIME_WAIT',
    evidence: [
      `${recycled} of ${activeOpens} outgoing connections reused a port in TIME_WAIT`,
      ...(ports === undefined || delayS === 0
        ? []
        : [`the limit of one destination is now ${fixed(ports / delayS)} connections/s, a faster burst still fails`]),
    ],
    do: [],
    not: [],
  }
}

function manySmallTuples({ figures }: AdviceFacts): Statement | undefined {
  const { tuples, totals } = figures
  if (tuples.length < PROBER_TUPLES || totals.active < PROBER_TUPLES || tuples.some(t => (t.utilization ?? 1) >= HALF))
    return undefined
  return {
    code: 'many-destinations',
    severity: 'info',
    finding: 'short connections to many services, as health checks and probers make them: harmless',
    evidence: [
      `${tuples.length} destinations, the fullest has ${percent(Math.max(...tuples.map(t => t.utilization ?? 0)))} of its ports taken`,
    ],
    do: ['nothing; a pure TCP probe may set SO_LINGER 0 if the rows disturb'],
    not: [
      'SO_LINGER of 1 s: no effect on TIME_WAIT',
      'SO_LINGER 0 where data may be in flight: it is lost, and the peer sees a reset',
    ],
  }
}

function serverSide({ figures }: AdviceFacts): Statement | undefined {
  const { active, passive } = figures.totals
  if (passive < 100 || passive < active * 2) return undefined
  const busiest = figures.ports[0]
  return {
    code: 'server-side',
    severity: 'info',
    finding:
      'most of these connections were opened by the other side and closed first by a server here: they take no local port from any client',
    evidence: [
      `${passive} of ${passive + active} have a local service port${busiest === undefined ? '' : `, ${busiest.timeWait} of them port ${busiest.port}`}`,
    ],
    do: ['nothing; keep-alive would save handshakes, not ports'],
    not: ['tcp_tw_reuse on the server: it only acts on connect()'],
  }
}

function highChurn({ snapshot, figures }: AdviceFacts): Statement | undefined {
  const { activeOpens, passiveOpens, born } = snapshot.counters
  const births = figures.totals.births
  const opens = activeOpens === undefined || passiveOpens === undefined ? 0 : Math.max(activeOpens, passiveOpens)
  const meanPerS = figures.history?.meanPerS ?? 0
  if (born === undefined || births === undefined || opens < 100 || births < opens * HALF || meanPerS < 10)
    return undefined
  if (figures.tuples.some(t => t.used >= (t.capacity ?? 0) * HALF || t.forecast?.exhaustedInS !== undefined))
    return undefined
  return {
    code: 'short-connections',
    severity: 'info',
    finding: `${percent(Math.min(1, births / opens))} of the connections were closed first from here; no destination is short of ports`,
    evidence: [
      `${births} TIME_WAITs for ${opens} connections since the namespace began, ${fixed(meanPerS)}/s over the last minute`,
    ],
    do: ['keep-alive would save that many handshakes; nothing is in danger without it'],
    not: [],
  }
}
