import type { Statement } from '../../statement.ts'
import type { AdviceFacts, AdviceRule } from './rule.ts'

export const settingRules: readonly AdviceRule[] = [
  overflow,
  reuseWithoutTimestamps,
  withoutTimestamps,
  loweredFinTimeout,
  loweredMaxBuckets,
  rfc1337,
  twRecycle,
  lingerZero,
]

function overflow({ snapshot, figures }: AdviceFacts): Statement | undefined {
  const { overflowed, limit } = figures.totals
  if (!overflowed) return undefined
  const full = limit !== undefined && figures.totals.timeWait + figures.totals.finWait2 >= limit * 0.95
  return {
    code: 'tw-overflow',
    severity: full ? 'critical' : 'warning',
    finding:
      'connections were closed without TIME_WAIT because tcp_max_tw_buckets was reached: late segments then meet a reset or a new connection',
    evidence: [
      `TCPTimeWaitOverflow ${overflowed}, limit ${limit ?? 'not known'}, now ${snapshot.timeWaitSockets.length}`,
      'the kernel no longer logs it',
    ],
    do: ['raise net.ipv4.tcp_max_tw_buckets: a TIME_WAIT costs 256 bytes'],
    not: ['lowering it to get rid of TIME_WAIT: that removes the protection, not the load'],
  }
}

function reuseWithoutTimestamps({ snapshot }: AdviceFacts): Statement | undefined {
  const { twReuse, timestamps } = snapshot.settings
  if (twReuse !== 1 || timestamps !== 0) return undefined
  return {
    code: 'reuse-without-timestamps',
    severity: 'warning',
    finding: 'tcp_tw_reuse=1 does nothing here: it needs TCP timestamps, and they are off',
    evidence: ['net.ipv4.tcp_tw_reuse=1 with net.ipv4.tcp_timestamps=0'],
    do: ['net.ipv4.tcp_timestamps=1'],
    not: [],
  }
}

function withoutTimestamps({ snapshot }: AdviceFacts): Statement | undefined {
  const { twReuse, timestamps } = snapshot.settings
  if (timestamps !== 0 || twReuse === 1) return undefined
  return {
    code: 'timestamps-off',
    severity: 'warning',
    finding:
      'TCP timestamps are off: no port can be reused from TIME_WAIT, and old segments cannot be distinguished from new ones',
    evidence: ['net.ipv4.tcp_timestamps=0'],
    do: ['net.ipv4.tcp_timestamps=1'],
    not: [],
  }
}

function loweredFinTimeout({ snapshot, figures }: AdviceFacts): Statement | undefined {
  const { finTimeoutS } = snapshot.settings
  if (finTimeoutS === undefined || finTimeoutS >= 60) return undefined
  const rows = figures.totals.finWait2
  return {
    code: 'fin-timeout-lowered',
    severity: 'info',
    finding: 'tcp_fin_timeout is lowered: that ends orphaned FIN_WAIT2 sooner and leaves TIME_WAIT as long as it was',
    evidence: [
      `net.ipv4.tcp_fin_timeout=${finTimeoutS}, ${rows} in FIN_WAIT2, ${figures.totals.timeWait} in TIME_WAIT`,
    ],
    do: [
      rows > 0
        ? 'it works on the FIN_WAIT2 rows; their peers should close all the same'
        : 'the default, 60, unless peers do not close',
    ],
    not: [
      'lowering it further against TIME_WAIT',
      ...(finTimeoutS <= 4 ? ['reading TcpExt TW: rows of at most 4 s are counted as TWKilled'] : []),
    ],
  }
}

function loweredMaxBuckets({ snapshot }: AdviceFacts): Statement | undefined {
  const { maxTwBuckets, ehashEntries } = snapshot.settings
  if (maxTwBuckets === undefined || ehashEntries === undefined || maxTwBuckets >= ehashEntries / 2) return undefined
  return {
    code: 'max-buckets-lowered',
    severity: 'warning',
    finding:
      'tcp_max_tw_buckets is below what the kernel chose: connections beyond it lose the protection of TIME_WAIT',
    evidence: [`net.ipv4.tcp_max_tw_buckets=${maxTwBuckets}, the kernel's own choice is ${ehashEntries / 2}`],
    do: [`net.ipv4.tcp_max_tw_buckets=${ehashEntries / 2}, at most ${Math.round(((ehashEntries / 2) * 256) / 1e6)} MB`],
    not: [],
  }
}

function rfc1337({ snapshot }: AdviceFacts): Statement | undefined {
  if (snapshot.settings.rfc1337 !== 1) return undefined
  return {
    code: 'rfc1337',
    severity: 'warning',
    finding: 'tcp_rfc1337=1 keeps a reset from ending a TIME_WAIT: a reconnect that meets one hangs until it is over',
    evidence: ['net.ipv4.tcp_rfc1337=1', 'measured, 8 of 12 colliding reconnects hung for more than 6 s, with 0 none'],
    do: ['net.ipv4.tcp_rfc1337=0'],
    not: [],
  }
}

function twRecycle({ snapshot }: AdviceFacts): Statement | undefined {
  const files = snapshot.settings.twRecycleFiles ?? []
  if (files.length === 0) return undefined
  return {
    code: 'tw-recycle',
    severity: 'warning',
    finding: 'tcp_tw_recycle is still set in the settings files; no kernel since 4.12 has it',
    evidence: files,
    do: ['delete the line: applying it fails, and on an old kernel it loses clients behind NAT'],
    not: [],
  }
}

function lingerZero({ snapshot }: AdviceFacts): Statement | undefined {
  const { abortOnData: count, activeOpens = 0, passiveOpens = 0 } = snapshot.counters
  // A connection within the host counts as both.
  const opens = Math.max(activeOpens, passiveOpens)
  if (!count || count < 20 || count < opens * 0.01) return undefined
  return {
    code: 'linger-zero',
    severity: 'info',
    finding:
      'some program closes with a reset (SO_LINGER 0): no TIME_WAIT, but data in flight is lost and the peer sees an error',
    evidence: [
      `TCPAbortOnData ${count} since the namespace began, of ${activeOpens} connections opened and ${passiveOpens} accepted`,
    ],
    do: ['fine for pure TCP probes, a bug anywhere else'],
    not: [],
  }
}
