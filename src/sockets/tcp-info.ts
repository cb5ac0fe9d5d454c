/**
 * What the kernel knows of a TCP connection: struct tcp_info with its names, units added. A kernel gives the fields it
 * had when it was made; those it has not, and values that mean "none", are undefined.
 *
 * Source: Linux include/uapi/linux/tcp.h, net/ipv4/tcp.c tcp_get_info; tcp(7).
 */
export interface TcpInfo {
  state: number
  /** What the congestion control does: 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss. */
  caState: number
  /** Of the segment that is sent again now. */
  retransmits: number
  probes: number
  backoff: number
  /** What was agreed on: 1 timestamps, 2 SACK, 4 window scaling, 8 ECN, 16 ECN seen, 32 data in SYN, 64 timestamps in µs. */
  options: number
  sndWscale: number
  rcvWscale: number
  /** The last delivery rate was limited by what the application gave. */
  deliveryRateAppLimited: boolean
  fastopenClientFail: number
  rtoUs?: number | undefined
  atoUs?: number | undefined
  sndMssBytes?: number | undefined
  rcvMssBytes?: number | undefined
  /** Segments sent and not acknowledged; of a listener the connections that wait for accept(). */
  unacked?: number | undefined
  /** Segments; of a listener the limit of that queue. */
  sacked?: number | undefined
  lost?: number | undefined
  /** Segments sent again and not acknowledged yet. */
  retrans?: number | undefined
  fackets?: number | undefined
  lastDataSentMs?: number | undefined
  lastAckSentMs?: number | undefined
  lastDataRecvMs?: number | undefined
  lastAckRecvMs?: number | undefined
  pmtuBytes?: number | undefined
  rcvSsthreshBytes?: number | undefined
  /** Undefined until it was measured. */
  rttUs?: number | undefined
  rttvarUs?: number | undefined
  /** Segments; undefined while it is without bound. */
  sndSsthresh?: number | undefined
  /** Segments. */
  sndCwnd?: number | undefined
  advmssBytes?: number | undefined
  reordering?: number | undefined
  rcvRttUs?: number | undefined
  rcvSpaceBytes?: number | undefined
  /** Segments sent again since the connection was made. */
  totalRetrans?: number | undefined
  pacingRateBytesPerSecond?: number | undefined
  maxPacingRateBytesPerSecond?: number | undefined
  bytesAcked?: number | undefined
  bytesReceived?: number | undefined
  segsOut?: number | undefined
  segsIn?: number | undefined
  /** Given by the application and not sent yet. */
  notsentBytes?: number | undefined
  minRttUs?: number | undefined
  dataSegsIn?: number | undefined
  dataSegsOut?: number | undefined
  deliveryRateBytesPerSecond?: number | undefined
  /** Time with data to send. */
  busyTimeUs?: number | undefined
  /** … of it held up by the window of the receiver. */
  rwndLimitedUs?: number | undefined
  /** … of it held up by the send buffer. */
  sndbufLimitedUs?: number | undefined
  delivered?: number | undefined
  deliveredCe?: number | undefined
  bytesSent?: number | undefined
  bytesRetrans?: number | undefined
  dsackDups?: number | undefined
  reordSeen?: number | undefined
  rcvOoopack?: number | undefined
  /** The window that the peer announced. */
  sndWndBytes?: number | undefined
  rcvWndBytes?: number | undefined
  rehash?: number | undefined
  totalRto?: number | undefined
  totalRtoRecoveries?: number | undefined
  totalRtoTimeMs?: number | undefined
  receivedCe?: number | undefined
  deliveredE1Bytes?: number | undefined
  deliveredE0Bytes?: number | undefined
  deliveredCeBytes?: number | undefined
  receivedE1Bytes?: number | undefined
  receivedE0Bytes?: number | undefined
  receivedCeBytes?: number | undefined
  /** Bits of AccECN: mode, option seen, option failed. */
  ecnMode?: number | undefined
}
