import type { Statement } from '../../statement.ts'
import type { PortForecast, TuplePressure } from '../model.ts'
import type { PortSettings } from '../read/port-settings.ts'
import type { AdviceFacts, AdviceRule } from './rule.ts'
import { isBound } from '../rules/ports/port-parity.ts'
import { fixed, ownerNames, percent, tupleName } from '../words.ts'

/** Open connections are only worth a word when they leave few ports. */
const NEARLY = 0.8
/** Connects start to fail this soon: time enough for a person to react. */
const SOON_S = 60
/** With fewer ports the search through half of them is too short to matter. Measured: 0.1 ms with 1000, 2 ms with 28232. */
const LONG_SEARCH_PORTS = 10_000

export const portRules: readonly AdviceRule[] = [portsRunOut, heldOpen, burst, slowConnect, bindBeforeConnect]

const CALL_THAT_FAILS: Record<NonNullable<TuplePressure['parity']>, string> = {
  'slow-connect': 'connect() fails with EADDRNOTAVAIL',
  'bind-before-connect': 'bind() fails with EADDRINUSE',
  'perhaps-bind-before-connect': 'connect() fails with EADDRNOTAVAIL, or bind() with EADDRINUSE',
}

function portsRunOut({ snapshot, figures }: AdviceFacts): Statement | undefined {
  const tuple = worst(
    figures.tuples.filter(
      t => !isHeldOpen(t) && (isExhausted(t) || (t.forecast?.exhaustedInS ?? Infinity) <= SOON_S * 1.1),
    ),
  )
  if (tuple === undefined) return undefined
  const { forecast } = tuple
  const bound = isBound(tuple.parity)
  const call = CALL_THAT_FAILS[tuple.parity ?? 'slow-connect']
  return {
    code: isExhausted(tuple) ? 'ports-exhausted' : 'ports-run-out',
    severity: 'critical',
    finding: isExhausted(tuple)
      ? `every local port towards ${tupleName(tuple)} is taken: ${call}${recoveryText(forecast)}`
      : `local ports towards ${tupleName(tuple)} run out in ${fixed(forecast!.exhaustedInS!)} s`,
    evidence: [
      [`${tuple.blocked} of ${tuple.capacity} ports held`, ...ratesOf(forecast)].join(', '),
      ...(tuple.elsewhere > 0
        ? [`${tuple.elsewhere} of them by connections to other destinations whose client binds its ports`]
        : []),
      ...(forecast?.waves === undefined
        ? []
        : [`then connects fail for ${fixed(forecast.waves.lengthS)} s of every ${fixed(forecast.waves.periodS)} s`]),
    ],
    do: [
      ...(bound || tuple.elsewhere > 0 ? [DO_NOT_BIND] : []),
      'keep connections open: a pool or keep-alive in the client',
      'in an nginx upstream: keepalive, with proxy_http_version 1.1 and an empty Connection header',
      'let the server close first: its TIME_WAIT takes no local port from anybody',
      ...(bound ? [] : reuseRemedy(tuple, snapshot.settings)),
      'a wider net.ipv4.ip_local_port_range, such as 1024-65535 with the ports of your services in ip_local_reserved_ports',
      'more destination addresses or ports, or more source addresses (bind with IP_BIND_ADDRESS_NO_PORT): each pair has its own ports',
    ],
    not: [
      'tcp_fin_timeout: it is the life of an orphaned FIN_WAIT2; TIME_WAIT stays 60 s whatever it says',
      'SO_LINGER of 1 s: the row stays a minute all the same',
      'tcp_tw_recycle: gone since Linux 4.12, and broke clients behind NAT before',
      'lowering tcp_max_tw_buckets: it removes the protection, not the load',
    ],
  }
}

/** `; the next port is free in 1.8 s, the last in 61.2 s` */
function recoveryText(forecast: PortForecast | undefined): string {
  const recovery = forecast?.recovery
  return recovery === undefined
    ? ''
    : `; the next port is free in ${fixed(recovery.nextPortInS)} s, the last in ${fixed(recovery.allPortsInS)} s`
}

/** New connections that fail are not to be seen: where every port is taken, the rate is that of the rows there are. */
function ratesOf(forecast: PortForecast | undefined): string[] {
  if (forecast === undefined) return []
  const { arrivalsPerS, filledPerS, sustainablePerS } = forecast
  const sustained = `${fixed(sustainablePerS)}/s can be sustained`
  if (forecast.exhaustedInS !== 0) return [`${fixed(arrivalsPerS)}/s arrive`, sustained]
  return filledPerS === undefined ? [sustained] : [`taken at ${fixed(filledPerS)}/s`, sustained]
}

const DO_NOT_BIND =
  'set IP_BIND_ADDRESS_NO_PORT on the socket before bind(), so that connect() picks the port; or do not bind the source address at all'

function reuseRemedy(tuple: TuplePressure, { twReuse, timestamps }: PortSettings): string[] {
  if (tuple.reusable === true) return []
  if (twReuse === 1)
    return timestamps === 0 ? ['sysctl -w net.ipv4.tcp_timestamps=1 (now 0): tcp_tw_reuse=1 does nothing without'] : []
  const now = twReuse === undefined ? '' : ` (now ${twReuse}${twReuse === 2 ? ': loopback only' : ''})`
  return [
    `sysctl -w net.ipv4.tcp_tw_reuse=1${now} on this side, the client; needs net.ipv4.tcp_timestamps=1 at both ends and gives a port back after 1 s`,
  ]
}

/** Whether it is open connections, more than TIME_WAIT, that hold the ports. */
export function isHeldOpen(tuple: TuplePressure): boolean {
  return tuple.capacity !== undefined && tuple.heldOpen > tuple.blocked / 2
}

function heldOpen({ figures }: AdviceFacts): Statement | undefined {
  const tuple = worst(figures.tuples.filter(t => isHeldOpen(t) && (t.utilization ?? 0) >= NEARLY))
  if (tuple === undefined) return undefined
  const who = tuple.traced ? undefined : ownerNames(tuple.candidates)
  return {
    code: 'ports-held-open',
    severity: isExhausted(tuple) ? 'critical' : 'warning',
    finding: isExhausted(tuple)
      ? `every local port towards ${tupleName(tuple)} is taken: connect() fails with EADDRNOTAVAIL; ${who ?? 'a process that is not known'} holds ${tuple.heldOpen} of them with open connections`
      : `${who ?? 'a process that is not known'} holds ${tuple.heldOpen} of ${tuple.capacity} local ports towards ${tupleName(tuple)} with open connections`,
    evidence: [
      `${tuple.blocked} of ${tuple.capacity} ports held: ${tuple.heldOpen} by open connections, ${tuple.blocked - tuple.heldOpen} in TIME_WAIT or FIN_WAIT2`,
    ],
    do: [
      'close connections that are not in use, or share them: a pool with a limit, a protocol with many requests at a time',
      'a wider net.ipv4.ip_local_port_range, more destination addresses or ports, or more source addresses',
    ],
    not: ['tcp_tw_reuse, tcp_fin_timeout or anything else about TIME_WAIT: that is not what holds the ports'],
  }
}

function burst({ figures }: AdviceFacts): Statement | undefined {
  const tuple = worst(
    figures.tuples.filter(
      ({ forecast, capacity, blocked }) =>
        forecast?.load === 'just-begun' &&
        forecast.exhaustedInS === undefined &&
        capacity !== undefined &&
        forecast.arrivalsPerS > forecast.sustainablePerS &&
        (capacity - blocked) / forecast.arrivalsPerS <= SOON_S,
    ),
  )
  if (tuple === undefined) return undefined
  const { arrivalsPerS } = tuple.forecast!
  return {
    code: 'burst',
    severity: 'warning',
    finding: `${fixed(arrivalsPerS)} connections to ${tupleName(tuple)} came within the last second: a burst, or a load that has just begun`,
    evidence: [
      `${tuple.blocked} of ${tuple.capacity} ports held; if it went on, they would run out in ${fixed((tuple.capacity! - tuple.blocked) / arrivalsPerS)} s`,
    ],
    do: ['look again in a second or two: tw-stats --watch'],
    not: [],
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
    severity: tuple.capacity! < LONG_SEARCH_PORTS && (tuple.utilization ?? 0) < NEARLY ? 'info' : 'warning',
    finding: `connect() to ${tupleName(tuple)} has left its fast path: it looks at every port of one parity before the first free one`,
    evidence: [
      `${tuple.otherParity} of ${tuple.used} ports are of the parity connect() tries last, ${percent(tuple.used / tuple.capacity!)} of ${tuple.capacity} taken`,
      ...(tuple.capacity! < LONG_SEARCH_PORTS
        ? ['with so few ports that costs little: 0.1 ms a connect was measured with 1000']
        : ['2 ms instead of 15 us a connect was measured with 28232 ports']),
    ],
    do: ['keep connections open: a pool or keep-alive in the client'],
    not: ['only a wider port range: it moves the wall and makes the search longer'],
  }
}

function bindBeforeConnect({ figures }: AdviceFacts): Statement | undefined {
  const proved = figures.tuples.filter(t => t.parity === 'bind-before-connect')
  const tuple = worst(proved) ?? worst(figures.tuples.filter(t => isBound(t.parity)))
  if (tuple === undefined) return undefined
  const isProved = proved.length > 0
  return {
    code: 'bind-before-connect',
    severity: 'warning',
    finding: isProved
      ? `the client of ${tupleName(tuple)} binds its source address before it connects: each port is then taken for all destinations`
      : `the client of ${tupleName(tuple)} may bind its source address before it connects: each port would then be taken for all destinations`,
    evidence: [
      `${tuple.otherParity} of ${tuple.used} local ports are of the parity that bind() picks and connect() tries last`,
      ...(isProved ? [] : ['a burst that ended a moment ago leaves the same ports behind: a second look tells']),
    ],
    do: [`${DO_NOT_BIND}; the error to look for is EADDRINUSE from bind()`],
    not: [
      'more ports: the next destination finds them taken too',
      'SO_REUSEADDR: bind() of port 0 passes over a port in TIME_WAIT all the same',
      'tcp_tw_reuse: it acts on connect(), not on bind()',
    ],
  }
}

function worst(tuples: readonly TuplePressure[]): TuplePressure | undefined {
  return [...tuples].sort((a, b) => (b.utilization ?? 0) - (a.utilization ?? 0))[0]
}
