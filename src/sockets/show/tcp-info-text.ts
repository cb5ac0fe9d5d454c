import type { Socket, TcpInfo } from '../model.ts'
import { limitedBy } from '../rules/limited-by.ts'
import { formatBytes } from '../../terminal/units.ts'

/** Source: Linux include/uapi/linux/tcp.h, TCPI_OPT_*. */
const OPTIONS: readonly (readonly [bit: number, name: string])[] = [
  [64, 'usec_ts'],
  [1, 'ts'],
  [2, 'sack'],
  [8, 'ecn'],
  [16, 'ecnseen'],
  [32, 'syn_data'],
  [128, 'tfo_child'],
]

/** Source: Linux include/uapi/linux/tcp.h, enum tcp_ca_state. */
const CA_STATES = ['open', 'disorder', 'cwr', 'recovery', 'loss']

type Unit = 'number' | 'bytes' | 'us' | 'ms' | 'rate'

/** Every number of struct tcp_info that has a meaning of its own, by the kernel's name. */
const FIELDS: readonly (readonly [name: string, field: keyof TcpInfo, unit: Unit])[] = [
  ['rtt', 'rttUs', 'us'],
  ['rttvar', 'rttvarUs', 'us'],
  ['min_rtt', 'minRttUs', 'us'],
  ['rto', 'rtoUs', 'us'],
  ['ato', 'atoUs', 'us'],
  ['backoff', 'backoff', 'number'],
  ['snd_cwnd', 'sndCwnd', 'number'],
  ['snd_ssthresh', 'sndSsthresh', 'number'],
  ['snd_mss', 'sndMssBytes', 'bytes'],
  ['rcv_mss', 'rcvMssBytes', 'bytes'],
  ['advmss', 'advmssBytes', 'bytes'],
  ['pmtu', 'pmtuBytes', 'bytes'],
  ['bytes_sent', 'bytesSent', 'bytes'],
  ['bytes_acked', 'bytesAcked', 'bytes'],
  ['bytes_received', 'bytesReceived', 'bytes'],
  ['bytes_retrans', 'bytesRetrans', 'bytes'],
  ['segs_out', 'segsOut', 'number'],
  ['segs_in', 'segsIn', 'number'],
  ['data_segs_out', 'dataSegsOut', 'number'],
  ['data_segs_in', 'dataSegsIn', 'number'],
  ['unacked', 'unacked', 'number'],
  ['notsent', 'notsentBytes', 'bytes'],
  ['retransmits', 'retransmits', 'number'],
  ['retrans', 'retrans', 'number'],
  ['total_retrans', 'totalRetrans', 'number'],
  ['lost', 'lost', 'number'],
  ['sacked', 'sacked', 'number'],
  ['fackets', 'fackets', 'number'],
  ['dsack_dups', 'dsackDups', 'number'],
  ['reordering', 'reordering', 'number'],
  ['reord_seen', 'reordSeen', 'number'],
  ['rcv_ooopack', 'rcvOoopack', 'number'],
  ['probes', 'probes', 'number'],
  ['pacing_rate', 'pacingRateBytesPerSecond', 'rate'],
  ['max_pacing_rate', 'maxPacingRateBytesPerSecond', 'rate'],
  ['delivery_rate', 'deliveryRateBytesPerSecond', 'rate'],
  ['delivered', 'delivered', 'number'],
  ['delivered_ce', 'deliveredCe', 'number'],
  ['busy_time', 'busyTimeUs', 'us'],
  ['rwnd_limited', 'rwndLimitedUs', 'us'],
  ['sndbuf_limited', 'sndbufLimitedUs', 'us'],
  ['snd_wnd', 'sndWndBytes', 'bytes'],
  ['rcv_wnd', 'rcvWndBytes', 'bytes'],
  ['rcv_space', 'rcvSpaceBytes', 'bytes'],
  ['rcv_ssthresh', 'rcvSsthreshBytes', 'bytes'],
  ['rcv_rtt', 'rcvRttUs', 'us'],
  ['last_data_sent', 'lastDataSentMs', 'ms'],
  ['last_data_recv', 'lastDataRecvMs', 'ms'],
  ['last_ack_recv', 'lastAckRecvMs', 'ms'],
  ['rehash', 'rehash', 'number'],
  ['total_rto', 'totalRto', 'number'],
  ['total_rto_recoveries', 'totalRtoRecoveries', 'number'],
  ['total_rto_time', 'totalRtoTimeMs', 'ms'],
  ['received_ce', 'receivedCe', 'number'],
  ['delivered_e1_bytes', 'deliveredE1Bytes', 'bytes'],
  ['delivered_e0_bytes', 'deliveredE0Bytes', 'bytes'],
  ['delivered_ce_bytes', 'deliveredCeBytes', 'bytes'],
  ['received_e1_bytes', 'receivedE1Bytes', 'bytes'],
  ['received_e0_bytes', 'receivedE0Bytes', 'bytes'],
  ['received_ce_bytes', 'receivedCeBytes', 'bytes'],
]

/**
 * struct tcp_info in words, with the kernel's names; what is 0 or not set is left out, as ss does. Undefined where it is
 * not known, and of a listener, whose only numbers stand in Recv-Q and Backlog.
 */
export function tcpInfoText({ row, kernel }: Socket): string | undefined {
  const info = kernel?.tcpInfo
  if (info === undefined || ('acceptQueueLimit' in row && row.acceptQueueLimit !== undefined)) return undefined
  const by = limitedBy(info)
  let text = by === undefined ? '' : `limited by ${by}`
  if (info.caState > 0) text += `  ca_state ${CA_STATES[info.caState] ?? info.caState}`
  if (kernel?.congestion !== undefined) text += `  ${kernel.congestion}`
  for (const [bit, name] of OPTIONS) if ((info.options & bit) !== 0) text += ` ${name}`
  if ((info.options & 4) !== 0) text += ` wscale ${info.sndWscale},${info.rcvWscale}`
  if (info.fastopenClientFail > 0) text += `  fastopen_client_fail ${info.fastopenClientFail}`
  for (const [name, field, unit] of FIELDS) {
    const value = info[field] as number | undefined
    // A closed window is worth a word where data waits for it.
    const isClosed = field === 'sndWndBytes' && value === 0 && (info.notsentBytes ?? 0) > 0
    if (value || isClosed) text += `  ${name} ${unit === 'number' || unit === 'bytes' ? value : withUnit(value, unit)}`
  }
  return text.trimStart()
}

function withUnit(value: number, unit: Unit): string {
  if (unit === 'ms') return `${value}ms`
  return unit === 'us' ? `${value / 1000}ms` : `${formatBytes(value).replace(' ', '')}/s`
}
