import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { InetRow } from '../../sockets/model.ts'
import type { HalfClosed } from '../model.ts'
import type { Statement } from '../../statement.ts'
import type { AdviceFacts, AdviceRule } from './rule.ts'
import { endpoint, fixed, ownerNames } from '../words.ts'

/** Fewer CLOSE_WAITs than this are connections about to be closed. */
const LEAK_ROWS = 20

/** Further programs that leak, by name. */
const NAMED_LEAKS = 3

export const peerRules: readonly AdviceRule[] = [
  neverCloses,
  peerElsewhereNeverCloses,
  acceptQueue,
  restart,
  oldTimestamps,
]

/** What the others are other than the first: services of the same process, or programs. */
function kindOf(others: readonly HalfClosed[], first: HalfClosed, isPlural: boolean): string {
  const pidsOf = ({ owners }: HalfClosed) => owners.map(({ pid }) => pid).join(' ')
  const ofSame = others.filter(group => pidsOf(group) === pidsOf(first)).length
  const kinds = ofSame === others.length ? ['service'] : ofSame === 0 ? ['program'] : ['program', 'service']
  return kinds.map(kind => (isPlural ? `${kind}s` : kind)).join(' and ')
}

function neverCloses({ figures }: AdviceFacts): Statement | undefined {
  const groups = figures.halfClosed.filter(
    g => g.closeWait - g.unaccepted >= LEAK_ROWS || g.waitingHere - g.unaccepted > 0,
  )
  const [first] = groups
  if (first === undefined) return undefined
  const service = endpoint(first.address, first.port)
  const who =
    ownerNames(first.owners) ?? `the program ${first.side === 'server' ? 'behind' : 'connected to'} ${service}`
  const others = groups.slice(1)
  const otherRows = others.reduce((sum, group) => sum + group.closeWait - group.unaccepted, 0)
  const more =
    others.length === 0
      ? ''
      : `; ${otherRows} more of ${others.length} other ${kindOf(others, first, others.length > 1)}`
  const count = first.closeWait - first.unaccepted
  return {
    code: 'never-closes',
    severity: 'warning',
    finding: `${who} does not close ${count} connection${count === 1 ? '' : 's'} that the other side has closed${first.owners.length > 0 ? `, of ${service}` : ''}${more}`,
    evidence: [
      `${count} in CLOSE_WAIT`,
      ...(first.waitingHere > 0
        ? [`${first.waitingHere} of their other ends wait for it on this host in FIN_WAIT2`]
        : []),
      ...others
        .slice(0, NAMED_LEAKS)
        .map(
          group =>
            `${group.closeWait - group.unaccepted} in CLOSE_WAIT of ${endpoint(group.address, group.port)}, ${ownerNames(group.owners) ?? 'owner not known'}`,
        ),
    ],
    do: [
      'fix that program: a close() is missing. CLOSE_WAIT goes when it closes or exits; FIN_WAIT2 at the other end then becomes 60 s of TIME_WAIT',
    ],
    not: ['any sysctl: none ends a CLOSE_WAIT', 'blaming TIME_WAIT: these are not in it, whatever sockstat counts'],
  }
}

function peerElsewhereNeverCloses({ figures }: AdviceFacts): Statement | undefined {
  const here = figures.halfClosed.reduce((sum, group) => sum + group.waitingHere, 0)
  const elsewhere = figures.totals.finWait2 - here
  if (elsewhere < LEAK_ROWS || elsewhere < figures.totals.timeWait * 0.1) return undefined
  const busiest = [...figures.tuples].sort((a, b) => b.finWait2 - a.finWait2)[0]
  const named =
    busiest === undefined || busiest.finWait2 === 0
      ? 'the other side'
      : endpoint(busiest.remoteAddress, busiest.remotePort)
  return {
    code: 'peer-never-closes',
    severity: 'warning',
    finding: `${named} does not close its end: this host waits in FIN_WAIT2, which sockstat counts as tw`,
    evidence: [
      `${elsewhere} rows in FIN_WAIT2 without their other end on this host, ${figures.totals.timeWait} in TIME_WAIT`,
    ],
    do: [
      'look for CLOSE_WAIT there and fix that program',
      'net.ipv4.tcp_fin_timeout shortens this wait; this is the one case it is made for',
    ],
    not: ['blaming TIME_WAIT'],
  }
}

function acceptQueue({ snapshot, figures }: AdviceFacts): Statement | undefined {
  const { listenOverflows } = snapshot.counters
  const { somaxconn } = snapshot.settings
  const waiting = snapshot.sockets.filter(row => row.state === TCP_STATE.listen && row.rxQueueBytes > 0)
  const fullest = waiting.sort((a, b) => excessOf(b) - excessOf(a) || b.rxQueueBytes - a.rxQueueBytes)[0]
  const unaccepted = figures.halfClosed.reduce((sum, group) => sum + group.unaccepted, 0)
  if (fullest === undefined) return undefined
  const limit = fullest.acceptQueueLimit
  // The kernel turns connections away when more wait than the limit. Where that is not shown, clients that gave up tell.
  const isFull =
    limit === undefined
      ? Boolean(listenOverflows) && (unaccepted > 0 || fullest.rxQueueBytes >= (somaxconn ?? Infinity))
      : fullest.rxQueueBytes > limit
  if (!isFull) return undefined
  const who = ownerNames(snapshot.owners.get(fullest.inode) ?? [])
  return {
    code: 'accept-queue',
    severity: 'critical',
    finding: `${who ?? 'the server'} on ${endpoint(fullest.localAddress, fullest.localPort)} does not accept its connections fast enough`,
    evidence: [
      `${fullest.rxQueueBytes} waiting in its accept queue${limit === undefined ? '' : `, which holds ${limit}`}, ${listenOverflows ?? 'an unknown number'} turned away since the namespace began` +
        (unaccepted > 0 ? `, ${unaccepted} already closed by their client` : ''),
    ],
    do: [
      'accept faster, or raise the backlog of listen() together with net.core.somaxconn' +
        (somaxconn === undefined ? '' : ` (now ${somaxconn})`),
    ],
    not: ['treating it as a TIME_WAIT problem'],
  }
}

/** Connections beyond the limit of an accept queue, where that is known. */
function excessOf({ rxQueueBytes, acceptQueueLimit }: InetRow): number {
  return acceptQueueLimit === undefined ? 0 : rxQueueBytes - acceptQueueLimit
}

function restart({ figures }: AdviceFacts): Statement | undefined {
  const gone = figures.ports.filter(port => !port.listening && port.clearsInS !== undefined)
  if (gone.length === 0) return undefined
  const { low = 32768, high = 60999 } = figures.capacity ?? {}
  // A port that connect() picks from is rarely that of a service.
  const isService = gone.some(({ port }) => port < low || port > high)
  const longest = Math.max(...gone.map(port => port.clearsInS!))
  const left = gone.reduce((sum, port) => sum + port.timeWait + port.finWait2, 0)
  return {
    code: 'restart',
    severity: isService ? 'warning' : 'info',
    finding: `no process listens on port${gone.length > 1 ? 's' : ''} ${gone
      .slice(0, 5)
      .map(port => port.port)
      .join(
        ', ',
      )}${gone.length > 5 ? ' ...' : ''}: a restart gets EADDRINUSE unless both the old and the new server set SO_REUSEADDR`,
    evidence: [`${left} connection${left === 1 ? '' : 's'} left, the last one ends in ${fixed(longest)} s`],
    do: ['set SO_REUSEADDR in the server before bind()', `or wait ${Math.ceil(longest)} s`],
    not: ['waiting 4 minutes', 'killing sockets'],
  }
}

function oldTimestamps({ snapshot }: AdviceFacts): Statement | undefined {
  const { pawsTimeWait, pawsEstablished } = snapshot.counters
  const count = pawsTimeWait ?? pawsEstablished
  if (!count) return undefined
  const name = pawsTimeWait === undefined ? 'PAWSEstab' : 'PAWSTimewait'
  return {
    code: 'old-timestamps',
    severity: count >= 100 ? 'warning' : 'info',
    finding:
      'segments with an older timestamp came in: there may be several clients behind one address (NAT, a load balancer), each with its own clock',
    evidence: [`${name} ${count} since the namespace began`],
    do: ['keep tcp_rfc1337=0, so that a reset can end the TIME_WAIT in the way of a reconnect'],
    not: ['tcp_timestamps=0: it takes tcp_tw_reuse and this very protection away'],
  }
}
