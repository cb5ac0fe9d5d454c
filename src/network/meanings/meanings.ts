import { ICMP, ICMP_MESSAGES, ICMP_TYPES, ICMP6_TYPES } from './icmp.ts'
import { IP } from './ip.ts'
import { MPTCP } from './mptcp.ts'
import { TCP_EXT_CONNECTIONS } from './tcp-ext.ts'
import { TCP_EXT_DATA } from './tcp-ext-data.ts'
import { SCTP, TCP, UDP } from './tcp.ts'

/** Name of a counter → what it counts, in plain words. */
export type Meanings = Readonly<Record<string, string>>

/** By the kernel's name of the protocol. */
const TABLES: Readonly<Record<string, readonly Meanings[]>> = {
  Ip: [IP],
  IpExt: [IP],
  Ip6: [IP],
  Icmp: [ICMP],
  Icmp6: [ICMP],
  Tcp: [TCP],
  TcpExt: [TCP_EXT_CONNECTIONS, TCP_EXT_DATA],
  Udp: [UDP],
  UdpLite: [UDP],
  Udp6: [UDP],
  UdpLite6: [UDP],
  MPTcpExt: [MPTCP],
  Sctp: [SCTP],
}

/** What a counter counts; undefined for one that this version does not know. */
export function meaningOf(protocol: string, name: string): string | undefined {
  const own = protocol.endsWith('6') && name.startsWith(protocol) ? name.slice(protocol.length) : name
  for (const table of TABLES[protocol] ?? []) if (Object.hasOwn(table, own)) return table[own]
  return protocol.startsWith('Icmp') ? icmpMeaning(protocol, own) : undefined
}

/** `InType3` of IcmpMsg, `OutDestUnreachs` of Icmp. */
function icmpMeaning(protocol: string, name: string): string | undefined {
  const [, direction, message = ''] = /^(In|Out)(.+)$/.exec(name) ?? []
  if (direction === undefined) return undefined
  const way = direction === 'In' ? 'received' : 'sent'
  const type = /^Type(\d+)$/.exec(message)?.[1]
  if (type === undefined) return Object.hasOwn(ICMP_MESSAGES, message) ? `${way}: ${ICMP_MESSAGES[message]}` : undefined
  const known = (protocol === 'Icmp6' ? ICMP6_TYPES : ICMP_TYPES)[Number(type)]
  return `${way}: ${known ?? 'messages'} (type ${type})`
}

/** What a value is: most count up, a gauge is how many there are now, a setting never moves by itself. */
export type CounterKind = 'counter' | 'gauge' | 'setting'

const GAUGES: ReadonlySet<string> = new Set(['CurrEstab', 'MPCurrEstab', 'SctpCurrEstab'])
const SETTINGS: ReadonlySet<string> = new Set([
  'Forwarding',
  'DefaultTTL',
  'RtoAlgorithm',
  'RtoMin',
  'RtoMax',
  'MaxConn',
])

export function kindOf(name: string): CounterKind {
  if (GAUGES.has(name)) return 'gauge'
  return SETTINGS.has(name) ? 'setting' : 'counter'
}

/** What a protocol of the counters is, for a heading. */
export const PROTOCOL_TITLES: Meanings = {
  Ip: 'IPv4',
  IpExt: 'IPv4, bytes and ECN',
  Ip6: 'IPv6',
  Icmp: 'ICMP',
  IcmpMsg: 'ICMP by type',
  Icmp6: 'ICMPv6',
  Tcp: 'TCP, IPv4 and IPv6',
  TcpExt: 'TCP in detail, IPv4 and IPv6',
  Udp: 'UDP over IPv4',
  UdpLite: 'UDP-Lite over IPv4',
  Udp6: 'UDP over IPv6',
  UdpLite6: 'UDP-Lite over IPv6',
  MPTcpExt: 'Multipath TCP',
  Sctp: 'SCTP',
}
