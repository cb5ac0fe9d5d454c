import type { TcpInfo } from '../../tcp-info.ts'

/** A field of struct tcp_info: its name here, the kernel's, where it stands, and the value that means "none". */
export interface TcpInfoField {
  name: keyof TcpInfo
  kernelName: string
  at: number
  bytes: 1 | 2 | 4 | 8
  none?: number | undefined
  /** Of a bit field: its bits as they stand on a little-endian machine, and on a big-endian one. */
  bits?: { little: Bits; big: Bits }
}

interface Bits {
  shift: number
  mask: number
}

const U32_NONE = 2 ** 32 - 1
/** Source: Linux include/net/tcp.h, TCP_INFINITE_SSTHRESH. */
const INFINITE_SSTHRESH = 0x7fffffff

type Row = readonly [kernelName: string, bytes: 1 | 2 | 4 | 8, name?: keyof TcpInfo, none?: number]

/**
 * The fields in the order of the struct; an offset follows from the sizes before it by natural alignment. Two bytes hold
 * bit fields, see {@link BIT_FIELDS}.
 *
 * Source: Linux include/uapi/linux/tcp.h. It only ever grew at its end.
 */
const STRUCT: readonly Row[] = [
  ['state', 1, 'state'],
  ['ca_state', 1, 'caState'],
  ['retransmits', 1, 'retransmits'],
  ['probes', 1, 'probes'],
  ['backoff', 1, 'backoff'],
  ['options', 1, 'options'],
  ['(wscale)', 1],
  ['(limits)', 1],
  ['rto', 4, 'rtoUs'],
  ['ato', 4, 'atoUs'],
  ['snd_mss', 4, 'sndMssBytes'],
  ['rcv_mss', 4, 'rcvMssBytes'],
  ['unacked', 4, 'unacked'],
  ['sacked', 4, 'sacked'],
  ['lost', 4, 'lost'],
  ['retrans', 4, 'retrans'],
  ['fackets', 4, 'fackets'],
  ['last_data_sent', 4, 'lastDataSentMs'],
  ['last_ack_sent', 4, 'lastAckSentMs'],
  ['last_data_recv', 4, 'lastDataRecvMs'],
  ['last_ack_recv', 4, 'lastAckRecvMs'],
  ['pmtu', 4, 'pmtuBytes'],
  ['rcv_ssthresh', 4, 'rcvSsthreshBytes'],
  ['rtt', 4, 'rttUs', 0],
  ['rttvar', 4, 'rttvarUs'],
  ['snd_ssthresh', 4, 'sndSsthresh', INFINITE_SSTHRESH],
  ['snd_cwnd', 4, 'sndCwnd'],
  ['advmss', 4, 'advmssBytes'],
  ['reordering', 4, 'reordering'],
  ['rcv_rtt', 4, 'rcvRttUs', 0],
  ['rcv_space', 4, 'rcvSpaceBytes'],
  ['total_retrans', 4, 'totalRetrans'],
  ['pacing_rate', 8, 'pacingRateBytesPerSecond', 2 ** 64],
  ['max_pacing_rate', 8, 'maxPacingRateBytesPerSecond', 2 ** 64],
  ['bytes_acked', 8, 'bytesAcked'],
  ['bytes_received', 8, 'bytesReceived'],
  ['segs_out', 4, 'segsOut'],
  ['segs_in', 4, 'segsIn'],
  ['notsent_bytes', 4, 'notsentBytes'],
  ['min_rtt', 4, 'minRttUs', U32_NONE],
  ['data_segs_in', 4, 'dataSegsIn'],
  ['data_segs_out', 4, 'dataSegsOut'],
  ['delivery_rate', 8, 'deliveryRateBytesPerSecond'],
  ['busy_time', 8, 'busyTimeUs'],
  ['rwnd_limited', 8, 'rwndLimitedUs'],
  ['sndbuf_limited', 8, 'sndbufLimitedUs'],
  ['delivered', 4, 'delivered'],
  ['delivered_ce', 4, 'deliveredCe'],
  ['bytes_sent', 8, 'bytesSent'],
  ['bytes_retrans', 8, 'bytesRetrans'],
  ['dsack_dups', 4, 'dsackDups'],
  ['reord_seen', 4, 'reordSeen'],
  ['rcv_ooopack', 4, 'rcvOoopack'],
  ['snd_wnd', 4, 'sndWndBytes'],
  ['rcv_wnd', 4, 'rcvWndBytes'],
  ['rehash', 4, 'rehash'],
  ['total_rto', 2, 'totalRto'],
  ['total_rto_recoveries', 2, 'totalRtoRecoveries'],
  ['total_rto_time', 4, 'totalRtoTimeMs'],
  ['received_ce', 4, 'receivedCe'],
  ['delivered_e1_bytes', 4, 'deliveredE1Bytes'],
  ['delivered_e0_bytes', 4, 'deliveredE0Bytes'],
  ['delivered_ce_bytes', 4, 'deliveredCeBytes'],
  ['received_e1_bytes', 4, 'receivedE1Bytes'],
  ['received_e0_bytes', 4, 'receivedE0Bytes'],
  ['received_ce_bytes', 4, 'receivedCeBytes'],
  ['ecn_mode', 4, 'ecnMode'],
]

/** Bit fields begin at the lower end of their byte on one machine, at the upper end on the other. */
const BIT_FIELDS: readonly TcpInfoField[] = [
  bitField('snd_wscale', 'sndWscale', 6, 0, 4),
  bitField('rcv_wscale', 'rcvWscale', 6, 4, 4),
  bitField('delivery_rate_app_limited', 'deliveryRateAppLimited', 7, 0, 1),
  bitField('fastopen_client_fail', 'fastopenClientFail', 7, 1, 2),
]

function bitField(kernelName: string, name: keyof TcpInfo, at: number, first: number, count: number): TcpInfoField {
  const mask = (1 << count) - 1
  return {
    name,
    kernelName,
    at,
    bytes: 1,
    bits: { little: { shift: first, mask }, big: { shift: 8 - first - count, mask } },
  }
}

export const TCP_INFO_FIELDS: readonly TcpInfoField[] = [...withOffsets(), ...BIT_FIELDS]

function withOffsets(): TcpInfoField[] {
  const fields: TcpInfoField[] = []
  let end = 0
  for (const [kernelName, bytes, name, none] of STRUCT) {
    const at = Math.ceil(end / bytes) * bytes
    end = at + bytes
    if (name !== undefined) fields.push({ name, kernelName, at, bytes, none })
  }
  return fields
}

/** Where a field stands in {@link TCP_INFO_FIELDS}. */
export function tcpInfoPlace(name: keyof TcpInfo): number {
  return TCP_INFO_FIELDS.findIndex(field => field.name === name)
}
