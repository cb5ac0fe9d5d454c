import type { Meanings } from './meanings.ts'

/** Counters of Icmp; those of Icmp6 have the same names behind their prefix. */
export const ICMP: Meanings = {
  InMsgs: 'messages that arrived, broken ones included',
  InErrors: 'messages that arrived broken: too short, or nothing that they could be about',
  InCsumErrors: 'messages that arrived with a wrong checksum',
  OutMsgs: 'messages this host wanted to send',
  OutErrors: 'messages that could not be sent',
  OutRateLimitGlobal: 'messages not sent: more than the limit of the whole host (icmp_msgs_per_sec)',
  OutRateLimitHost: 'messages not sent: more than the limit for one destination (icmp_ratelimit)',
}

/** What follows In or Out in the name of a counter: the kind of message. */
export const ICMP_MESSAGES: Meanings = {
  DestUnreachs: 'destination unreachable: no route, no such port, refused by a filter',
  PktTooBigs: 'packet too big for a link: send smaller ones',
  TimeExcds: 'the hops of a packet, or the time for its fragments, ran out',
  ParmProbs: 'a header that the receiver cannot read',
  ParmProblems: 'a header that the receiver cannot read',
  SrcQuenchs: 'send more slowly (no longer in use)',
  Redirects: 'another router is the shorter way',
  Echos: 'echo requests: ping',
  EchoReps: 'echo replies',
  EchoReplies: 'echo replies',
  Timestamps: 'requests for the time',
  TimestampReps: 'answers with the time',
  AddrMasks: 'requests for the netmask',
  AddrMaskReps: 'answers with the netmask',
  GroupMembQueries: 'a router asks who listens to a multicast group',
  GroupMembResponses: 'a host listens to a multicast group',
  GroupMembReductions: 'a host leaves a multicast group',
  MLDv2Reports: 'which multicast groups a host listens to (MLDv2)',
  RouterSolicits: 'a host looks for routers',
  RouterAdvertisements: 'a router announces itself',
  NeighborSolicits: 'who has this address (the ARP of IPv6)',
  NeighborAdvertisements: 'I have this address',
}

/** Types of messages by number, of IcmpMsg. Source: IANA, ICMP parameters. */
export const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: 'echo replies',
  3: 'destination unreachable',
  4: 'source quench (no longer in use)',
  5: 'redirects',
  8: 'echo requests: ping',
  9: 'router advertisements',
  10: 'router solicitations',
  11: 'time exceeded',
  12: 'parameter problem',
  13: 'requests for the time',
  14: 'answers with the time',
  17: 'requests for the netmask',
  18: 'answers with the netmask',
  42: 'extended echo requests',
  43: 'extended echo replies',
}

/** The same of IPv6. Source: IANA, ICMPv6 parameters. */
export const ICMP6_TYPES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo requests: ping',
  129: 'echo replies',
  130: 'multicast listener queries',
  131: 'multicast listener reports',
  132: 'multicast listener done',
  133: 'router solicitations',
  134: 'router advertisements',
  135: 'neighbour solicitations',
  136: 'neighbour advertisements',
  137: 'redirects',
  143: 'multicast listener reports (MLDv2)',
  160: 'extended echo requests',
  161: 'extended echo replies',
}
