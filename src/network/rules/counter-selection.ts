import type { CounterGroup } from '../model.ts'

/** What -t -u -U -w -S and -4 -6 leave of the counters. */
export interface CounterSelection {
  tcp: boolean
  udp: boolean
  udplite: boolean
  raw: boolean
  sctp: boolean
  ipv4: boolean
  ipv6: boolean
}

type Protocol = 'tcp' | 'udp' | 'udplite' | 'raw' | 'sctp'

/** Protocol of the kernel → netstat's letter; -w is what IP and ICMP count. */
const LETTERS: Readonly<Record<string, Protocol>> = {
  Ip: 'raw',
  Icmp: 'raw',
  IcmpMsg: 'raw',
  IpExt: 'raw',
  Ip6: 'raw',
  Icmp6: 'raw',
  Tcp: 'tcp',
  TcpExt: 'tcp',
  MPTcpExt: 'tcp',
  Udp: 'udp',
  Udp6: 'udp',
  UdpLite: 'udplite',
  UdpLite6: 'udplite',
  Sctp: 'sctp',
}

/** TCP and SCTP count both families together. */
const BOTH_FAMILIES: ReadonlySet<string> = new Set(['Tcp', 'TcpExt', 'MPTcpExt', 'Sctp'])

/** The groups that were asked for; no letter asks for all of them. What is not known here is shown unless letters were given. */
export function selectedGroups(groups: readonly CounterGroup[], selection: CounterSelection): CounterGroup[] {
  const { ipv4, ipv6, ...letters } = selection
  const anyLetter = Object.values(letters).some(Boolean)
  const anyFamily = ipv4 || ipv6
  return groups.filter(({ protocol }) => {
    const letter = LETTERS[protocol]
    if (anyLetter && !(letter !== undefined && letters[letter])) return false
    return !anyFamily || BOTH_FAMILIES.has(protocol) || (protocol.endsWith('6') ? ipv6 : ipv4)
  })
}
