import type { Statement } from '../../statement.ts'
import type { TuplePressure } from '../model.ts'
import type { AdviceFacts, AdviceRule } from './rule.ts'
import { fixed, percent, tupleName } from '../words.ts'

const HALF = 0.5
/** Connects start to fail this soon: time enough for a person to react. */
const SOON_S = 60
/** A prober or crawler talks to many services, a little each. */
const PROBER_TUPLES = 20

export const portRules: readonly AdviceRule[] = [
  portsRunOut,
  slowConnect,
  bindBeforeConnect,
  reuseCarries,
  manySmallTuples,
  serverSide,
  highChurn,
]

function portsRunOut({ figures }: AdviceFacts): Statement | undefined {
  const tuple = worst(
    figures.tuples.filter(t => isExhausted(t) || (t.forecast?.exhaustedInS ?? Infinity) <= SOON_S * 1.1),
  )
  if (tuple === undefined) return undefined
  const { forecast } = tuple
  const finding = isExhausted(tuple)
    ? `every local port towards ${tupleName(tuple)} is taken: connect() fails with EADDRNOTAVAIL`
    : `local ports towards ${tupleName(tuple)} run out in ${fixed(forecast!.exhaustedInS!)} s`
  const rates =
    forecast && `${fixed(forecast.arrivalsPerS)}/s arrive, ${fixed(forecast.sustainablePerS)}/s can be sustained`
  const waves = forecast?.waves
  return {
    code: isExhausted(tuple) ? 'ports-exhausted' : 'ports-run-out',
    severity: 'critical',
    finding,
    evidence: [
      `${tuple.blocked} of ${tuple.capacity} ports held${rates === undefined ? '' : `, ${rates}`}`,
      ...(waves === undefined
        ? []
        : [`then connects fail for ${fixed(waves.lengthS)} s of every ${fixed(waves.periodS)} s`]),
    ],
    do: [
      'keep connections open: a pool or keep-alive in the client (nginx upstream: keepalive, proxy_http_version 1.1, Connection "")',
      ...(tuple.reusable === true
        ? []
        : [
            'net.ipv4.tcp_tw_reuse=1 on this side, the client; needs net.ipv4.tcp_timestamps=1 at both ends and gives a port back after 1 s',
          ]),
      'a wider net.ipv4.ip_local_port_range, such as 1024-65535 with the ports of your services in ip_local_reserved_ports',
      'more destination addresses or ports, or more source addresses (bind with IP_BIND_ADDRESS_NO_PORT): each pair has its own ports',
    ],
    not: [
      'tcp_fin_timeout: it is the life of an orphaned FIN_WAIT2; TIME_WAIT stays 60 s whatever it says',
      'SO_LINGER of 1 s: the row stays a minute all the same',
      'tcp_tw_recycle: gone since Linux 4.12, and broke clients behind NAT before',
      'a lower tcp_max_tw_buckets: it drops the protection against late segments',
    ],
  }
}

export function isExhausted(tuple: TuplePressure): boolean {
  return tuple.utilization !== undefined && tuple.utilization >= 1
}

function slowConnect({ figures }: AdviceFacts): Statement | undefined {
  const tuple = worst(figures.tuples.filter(t => t.parity === 'slow-connect'))
  if (tuple === undefined) return undefined
  return {
    code: 'slow-connect',
    severity: 'warning',
    finding: `connect() to ${tupleName(tuple)} has left its fast path: it looks at every port of one parity before the first free one`,
    evidence: [
      `${tuple.otherParity} of ${tuple.used} ports are of the parity connect() tries last, ${percent(tuple.used / tuple.capacity!)} of ${tuple.capacity} taken`,
      'measured 1.9-2.4 ms instead of 15 us each with the default range',
    ],
    do: ['keep connections open: a pool or keep-alive in the client'],
    not: ['only a wider port range: it moves the wall and makes the search longer'],
  }
}

function bindBeforeConnect({ figures }: AdviceFacts): Statement | undefined {
  const tuple = worst(figures.tuples.filter(t => t.parity === 'bind-before-connect'))
  if (tuple === undefined) return undefined
  return {
    code: 'bind-before-connect',
    severity: 'warning',
    finding: `the client of ${tupleName(tuple)} binds its source address before it connects: each port is then taken for all destinations`,
    evidence: [
      `${tuple.otherParity} of ${tuple.used} local ports are of the parity that bind() picks and connect() tries last`,
    ],
    do: [
      'set IP_BIND_ADDRESS_NO_PORT (or SO_REUSEADDR) on the socket before bind(); the error to look for is EADDRINUSE from bind()',
    ],
    not: ['more ports: the next destination finds them taken too'],
  }
}

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
      `${tuples.length} destinations, none above ${percent(Math.max(...tuples.map(t => t.utilization ?? 0)))} of its ports`,
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
    do: ['nothing; keep-alive or letting clients close first saves memory and CPU, not ports'],
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
  if (figures.tuples.some(t => (t.utilization ?? 1) >= HALF || t.forecast?.exhaustedInS !== undefined)) return undefined
  return {
    code: 'short-connections',
    severity: 'info',
    finding: 'nearly every connection is closed from here soon after it was opened; ports are plenty',
    evidence: [`${births} TIME_WAITs for ${opens} connections, ${fixed(meanPerS)}/s over the last minute`],
    do: ['keep-alive would save that many handshakes; nothing is in danger without it'],
    not: [],
  }
}

function worst(tuples: readonly TuplePressure[]): TuplePressure | undefined {
  return [...tuples].sort((a, b) => (b.utilization ?? 0) - (a.utilization ?? 0))[0]
}
