import type { Meanings } from './meanings.ts'

/** Counters of Tcp. Source: RFC 4022, Linux include/uapi/linux/snmp.h. */
export const TCP: Meanings = {
  RtoAlgorithm: 'how the time to retransmission is found: 1, by what was measured',
  RtoMin: 'least time to a retransmission, in ms',
  RtoMax: 'longest time to a retransmission, in ms',
  MaxConn: 'most connections there may be; -1: no fixed number',
  ActiveOpens: 'connections this host began: connect()',
  PassiveOpens: 'connections others began: taken by a listener',
  AttemptFails: 'handshakes that came to nothing: refused, reset, given up',
  EstabResets: 'established connections that ended at once, with a reset and not with FIN',
  CurrEstab: 'connections now: ESTABLISHED and CLOSE_WAIT',
  InSegs: 'segments that arrived, broken ones included',
  OutSegs: 'segments sent, those with only retransmitted data not counted',
  RetransSegs: 'segments sent once more',
  InErrs: 'segments that arrived broken: a wrong checksum, too short',
  OutRsts: 'resets sent',
  InCsumErrors: 'segments that arrived with a wrong checksum',
}

/** Counters of Udp and UdpLite; those of Udp6 and UdpLite6 have the same names behind their prefix. */
export const UDP: Meanings = {
  InDatagrams: 'datagrams handed to programs',
  NoPorts: 'datagrams for a port nobody has: answered with "port unreachable"',
  InErrors: 'datagrams dropped on arrival, for any reason below',
  OutDatagrams: 'datagrams sent',
  RcvbufErrors: 'dropped: the receive buffer of the socket was full, as its program reads too slowly',
  SndbufErrors: 'not sent: no room in the send buffer',
  InCsumErrors: 'dropped: wrong checksum',
  IgnoredMulti: 'multicast datagrams that no socket here had asked for',
  MemErrors: 'dropped: all UDP sockets together had reached the limit of memory (udp_mem)',
}

/** Counters of Sctp. Source: RFC 3873, Linux net/sctp/proc.c. */
export const SCTP: Meanings = {
  SctpCurrEstab: 'associations now',
  SctpActiveEstabs: 'associations this host began',
  SctpPassiveEstabs: 'associations others began',
  SctpAborteds: 'associations that ended with ABORT',
  SctpShutdowns: 'associations that ended in order',
  SctpOutOfBlues: 'packets for no association there is',
  SctpChecksumErrors: 'packets with a wrong checksum',
  SctpOutCtrlChunks: 'control chunks sent',
  SctpOutOrderChunks: 'ordered data chunks sent',
  SctpOutUnorderChunks: 'unordered data chunks sent',
  SctpInCtrlChunks: 'control chunks that arrived',
  SctpInOrderChunks: 'ordered data chunks that arrived',
  SctpInUnorderChunks: 'unordered data chunks that arrived',
  SctpFragUsrMsgs: 'messages that were cut',
  SctpReasmUsrMsgs: 'messages that were put together',
  SctpOutSCTPPacks: 'packets sent',
  SctpInSCTPPacks: 'packets that arrived',
  SctpT1InitExpireds: 'waits for the answer to INIT that ran out',
  SctpT1CookieExpireds: 'waits for the answer to COOKIE that ran out',
  SctpT2ShutdownExpireds: 'waits for the end of a shutdown that ran out',
  SctpT3RtxExpireds: 'waits for an acknowledgement that ran out',
  SctpT4RtoExpireds: 'waits for the answer to a change of addresses that ran out',
  SctpT5ShutdownGuardExpireds: 'shutdowns that were given up',
  SctpDelaySackExpireds: 'delayed acknowledgements that were sent as their time had come',
  SctpAutocloseExpireds: 'associations closed because nothing moved',
  SctpT3Retransmits: 'chunks sent again because their time had run out',
  SctpPmtudRetransmits: 'chunks sent again because they were too large for the path',
  SctpFastRetransmits: 'chunks sent again because later ones had been acknowledged',
  SctpInPktSoftirq: 'packets handled at once',
  SctpInPktBacklog: 'packets that had to wait because a program held the socket',
  SctpInPktDiscards: 'packets dropped',
  SctpInDataChunkDiscards: 'data chunks dropped',
}
