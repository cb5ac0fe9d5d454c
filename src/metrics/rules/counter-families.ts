import type { ExactCounters } from '../../proc/net/counters.ts'
import type { FamilyName } from '../families.ts'
import type { MetricSet } from '../metric-set.ts'
import type { Labels } from '../model.ts'

/** Family → protocol and counter, as net/snmp and net/netstat name them. */
export const COUNTERS = {
  linsight_tcp_listen_overflows_total: ['TcpExt', 'ListenOverflows'],
  linsight_tcp_listen_drops_total: ['TcpExt', 'ListenDrops'],
  linsight_tcp_request_queue_drops_total: ['TcpExt', 'TCPReqQFullDrop'],
  linsight_tcp_backlog_drops_total: ['TcpExt', 'TCPBacklogDrop'],
  linsight_tcp_time_wait_started_total: ['TcpExt', 'TW'],
  linsight_tcp_time_wait_overflows_total: ['TcpExt', 'TCPTimeWaitOverflow'],
  linsight_tcp_active_opens_total: ['Tcp', 'ActiveOpens'],
  linsight_tcp_passive_opens_total: ['Tcp', 'PassiveOpens'],
  linsight_tcp_attempt_fails_total: ['Tcp', 'AttemptFails'],
  linsight_tcp_established_resets_total: ['Tcp', 'EstabResets'],
  linsight_tcp_sent_segments_total: ['Tcp', 'OutSegs'],
  linsight_tcp_retransmitted_segments_total: ['Tcp', 'RetransSegs'],
  linsight_tcp_syn_retransmits_total: ['TcpExt', 'TCPSynRetrans'],
  linsight_tcp_memory_pressures_total: ['TcpExt', 'TCPMemoryPressures'],
  linsight_udp_receive_buffer_errors_total: ['Udp', 'RcvbufErrors'],
} as const satisfies Partial<Record<FamilyName, readonly [protocol: string, counter: string]>>

/**
 * Adds the counters of a network namespace; one that this kernel does not have is left out. Of too many namespaces the
 * first keep their series: all weigh the same.
 */
export function addCounters(set: MetricSet, counters: readonly ExactCounters[], own: Labels = {}): void {
  for (const [family, [protocol, name]] of Object.entries(COUNTERS)) {
    const found = counters.map(file => file.get(protocol)?.get(name)).find(value => value !== undefined)
    if (found !== undefined) set.addRows([family as FamilyName], [{ labels: own, values: [Number(found)], weight: 0 }])
  }
}
