import type { Advice } from '../model.ts'
import type { AdviceFacts } from './facts.ts'

export const settingRules: ((facts: AdviceFacts) => Advice | undefined)[] = [
  overflow,
  reuseWithoutTimestamps,
  withoutTimestamps,
  loweredFinTimeout,
  loweredMaxBuckets,
  rfc1337,
  twRecycle,
  lingerZero,
]

function overflow({ reading, report }: AdviceFacts): Advice | undefined {
  const { overflowed, limit } = report.totals
  if (!overflowed) return undefined
  const full = limit !== undefined && report.totals.timeWait + report.totals.finWait2 >= limit * 0.95
  return {
    code: 'tw-overflow',
    level: full ? 'act' : 'watch',
    finding:
      'connections were closed without TIME_WAIT because tcp_max_tw_buckets was reached: late segments then meet a reset or a new connection',
    evidence: `TCPTimeWaitOverflow ${overflowed}, limit ${limit ?? 'not known'}, now ${reading.minis.length}; the kernel no longer logs it`,
    advice: ['raise net.ipv4.tcp_max_tw_buckets: a TIME_WAIT costs 256 bytes'],
    not: ['lowering it to get rid of TIME_WAIT: that removes the protection, not the load'],
  }
}

function reuseWithoutTimestamps({ reading }: AdviceFacts): Advice | undefined {
  const { twReuse, timestamps } = reading.settings
  if (twReuse !== 1 || timestamps !== 0) return undefined
  return {
    code: 'reuse-without-timestamps',
    level: 'act',
    finding: 'tcp_tw_reuse=1 does nothing here: it needs TCP timestamps, and they are off',
    evidence: 'net.ipv4.tcp_tw_reuse=1 with net.ipv4.tcp_timestamps=0',
    advice: ['net.ipv4.tcp_timestamps=1'],
    not: [],
  }
}

function withoutTimestamps({ reading }: AdviceFacts): Advice | undefined {
  const { twReuse, timestamps } = reading.settings
  if (timestamps !== 0 || twReuse === 1) return undefined
  return {
    code: 'timestamps-off',
    level: 'watch',
    finding:
      'TCP timestamps are off: no port can be taken over from TIME_WAIT, and old segments are not told from new ones',
    evidence: 'net.ipv4.tcp_timestamps=0',
    advice: ['net.ipv4.tcp_timestamps=1'],
    not: [],
  }
}

function loweredFinTimeout({ reading, report }: AdviceFacts): Advice | undefined {
  const { finTimeoutS } = reading.settings
  if (finTimeoutS === undefined || finTimeoutS >= 60) return undefined
  const rows = report.totals.finWait2
  return {
    code: 'fin-timeout-lowered',
    level: 'info',
    finding: 'tcp_fin_timeout is lowered: that ends orphaned FIN_WAIT2 sooner and leaves TIME_WAIT as long as it was',
    evidence: `net.ipv4.tcp_fin_timeout=${finTimeoutS}, ${rows} in FIN_WAIT2, ${report.totals.timeWait} in TIME_WAIT`,
    advice: [
      rows > 0
        ? 'it works on the FIN_WAIT2 rows; their peers should close all the same'
        : 'the default, 60, unless peers do not close',
    ],
    not: [
      'lowering it further against TIME_WAIT',
      ...(finTimeoutS <= 4 ? ['reading TcpExt TW: mini-sockets of at most 4 s are counted as TWKilled'] : []),
    ],
  }
}

function loweredMaxBuckets({ reading }: AdviceFacts): Advice | undefined {
  const { maxTwBuckets, ehashEntries } = reading.settings
  if (maxTwBuckets === undefined || ehashEntries === undefined || maxTwBuckets >= ehashEntries / 2) return undefined
  return {
    code: 'max-buckets-lowered',
    level: 'watch',
    finding:
      'tcp_max_tw_buckets is below what the kernel chose: connections beyond it lose the protection of TIME_WAIT',
    evidence: `net.ipv4.tcp_max_tw_buckets=${maxTwBuckets}, the kernel's own choice is ${ehashEntries / 2}`,
    advice: [
      `net.ipv4.tcp_max_tw_buckets=${ehashEntries / 2}, at most ${Math.round(((ehashEntries / 2) * 256) / 1e6)} MB`,
    ],
    not: [],
  }
}

function rfc1337({ reading }: AdviceFacts): Advice | undefined {
  if (reading.settings.rfc1337 !== 1) return undefined
  return {
    code: 'rfc1337',
    level: 'watch',
    finding: 'tcp_rfc1337=1 keeps a reset from ending a TIME_WAIT: a reconnect that meets one hangs until it is over',
    evidence: 'net.ipv4.tcp_rfc1337=1; measured, 8 of 12 colliding reconnects hung for more than 6 s, with 0 none',
    advice: ['net.ipv4.tcp_rfc1337=0'],
    not: [],
  }
}

function twRecycle({ reading }: AdviceFacts): Advice | undefined {
  const files = reading.settings.twRecycleFiles ?? []
  if (files.length === 0) return undefined
  return {
    code: 'tw-recycle',
    level: 'watch',
    finding: 'tcp_tw_recycle is still set in the settings files; no kernel since 4.12 has it',
    evidence: files.join(', '),
    advice: ['delete the line: applying it fails, and on an old kernel it loses clients behind NAT'],
    not: [],
  }
}

function lingerZero({ reading }: AdviceFacts): Advice | undefined {
  const count = reading.counters.abortOnData
  const opens = (reading.counters.activeOpens ?? 0) + (reading.counters.passiveOpens ?? 0)
  if (!count || count < 20 || count < opens * 0.01) return undefined
  return {
    code: 'linger-zero',
    level: 'info',
    finding:
      'some program closes with a reset (SO_LINGER 0): no TIME_WAIT, but data in flight is lost and the peer sees an error',
    evidence: `TCPAbortOnData ${count} in ${opens} connections`,
    advice: ['fine for pure TCP probes, a bug anywhere else'],
    not: [],
  }
}
