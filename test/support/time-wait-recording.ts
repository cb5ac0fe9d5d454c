import type { TimeWaitReport } from '../../src/time-wait/model.ts'
import { readSnapshot } from '../../src/time-wait/read/read-snapshot.ts'
import { timeWaitReport, type ReportRequest } from '../../src/time-wait/rules/report.ts'
import type { SourceMeta } from '../../src/proc/proc-source.ts'
import { procOf, TCP_HEADER, tcpRow } from './fake-proc.ts'

/** Settings of a host nobody has touched. */
export const DEFAULTS: Record<string, string> = {
  ip_local_port_range: '32768\t60999',
  ip_local_reserved_ports: '',
  tcp_tw_reuse: '2',
  tcp_tw_reuse_delay: '1000',
  tcp_max_tw_buckets: '131072',
  tcp_ehash_entries: '262144',
  tcp_fin_timeout: '60',
  tcp_timestamps: '1',
  tcp_rfc1337: '0',
}

export interface Recording {
  /** Rows of net/tcp. */
  rows?: string
  settings?: Record<string, string>
  ext?: Record<string, number>
  tcp?: Record<string, number>
  /** TCP: tw of sockstat; as many as there are mini-sockets where absent. */
  tw?: number
  files?: Record<string, string>
  links?: Record<string, string>
  meta?: SourceMeta
}

/** A recording of one namespace. */
export const recordingOf = (recording: Recording) => procOf(recordedParts(recording))

/** Its files, links and facts. */
export function recordedParts({ rows = '', settings, ext, tcp, tw, files, links, meta }: Recording) {
  const minis = rows.match(/ 0[56] \S+ 03:/g)?.length ?? 0
  const counters = (name: string, values: Record<string, number>) =>
    `${name}: ${Object.keys(values).join(' ')}\n${name}: ${Object.values(values).join(' ')}\n`
  return {
    files: {
      'net/tcp': TCP_HEADER + rows,
      'net/tcp6': TCP_HEADER,
      'net/sockstat': `sockets: used 1\nTCP: inuse 0 orphan 0 tw ${tw ?? minis} alloc 1 mem 0\n`,
      'net/netstat': counters('TcpExt', { TW: minis, TWKilled: 0, TWRecycled: 0, TCPTimeWaitOverflow: 0, ...ext }),
      'net/snmp': counters('Tcp', { ActiveOpens: minis, PassiveOpens: 0, ...tcp }),
      ...Object.fromEntries(
        Object.entries({ ...DEFAULTS, ...settings }).map(([name, value]) => [`sys/net/ipv4/${name}`, `${value}\n`]),
      ),
      ...files,
    },
    ...(links && { links }),
    ...(meta && { meta }),
  }
}

export function reportOf(recording: Recording, request?: ReportRequest): TimeWaitReport {
  return timeWaitReport(readSnapshot(recordingOf(recording)), request)
}

/** `192.0.2.1:80` → `010200C0:0050`, as a little-endian machine prints it. */
export function endpointHex(text: string): string {
  const [address = '', port] = text.split(':')
  const bytes = address.split('.').map(byte => Number(byte).toString(16).padStart(2, '0'))
  return `${bytes.toReversed().join('')}:${Number(port).toString(16).padStart(4, '0')}`.toUpperCase()
}

/** A mini-socket that came `ageS` seconds ago. */
export function mini(local: string, remote: string, ageS: number, state = '06'): string {
  const ticks = Math.max(0, Math.round((60 - ageS) * 100))
  return tcpRow({
    local: endpointHex(local),
    remote: endpointHex(remote),
    state,
    timer: `03:${ticks.toString(16).padStart(8, '0')}`,
    inode: '0',
    rest: '',
  })
}

/** `count` connections from ports `from`, `from` + `step`, … to one service, one every `everyS` seconds up to now. */
export function clients(
  count: number,
  { from = 32768, step = 2, remote = '192.0.2.10:80', local = '198.51.100.7', everyS = 0.1, state = '06' } = {},
): string {
  return Array.from({ length: count }, (_, i) => mini(`${local}:${from + i * step}`, remote, i * everyS, state)).join(
    '',
  )
}

export function socket(local: string, remote: string, state: string, inode: string, queues?: string): string {
  return tcpRow({ local: endpointHex(local), remote: endpointHex(remote), state, inode, ...(queues && { queues }) })
}
