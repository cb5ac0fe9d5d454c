import type { DumpFamily } from '../../proc/proc-source.ts'

/** How a family of sockets is asked for. Source: Linux include/linux/socket.h, include/uapi/linux/in.h. */
export type FamilyKind =
  | { kind: 'inet'; family: number; protocol: number }
  | { kind: 'unix' | 'packet' | 'netlink'; family: number }

const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10
const AF_NETLINK = 16
const AF_PACKET = 17

const IPPROTO_TCP = 6
const IPPROTO_UDP = 17
const IPPROTO_UDPLITE = 136
const IPPROTO_MPTCP = 262

const inet = (family: number, protocol: number) => ({ kind: 'inet' as const, family, protocol })

export const FAMILIES: Readonly<Record<DumpFamily, FamilyKind>> = {
  tcp: inet(AF_INET, IPPROTO_TCP),
  tcp6: inet(AF_INET6, IPPROTO_TCP),
  udp: inet(AF_INET, IPPROTO_UDP),
  udp6: inet(AF_INET6, IPPROTO_UDP),
  udplite: inet(AF_INET, IPPROTO_UDPLITE),
  udplite6: inet(AF_INET6, IPPROTO_UDPLITE),
  mptcp: inet(AF_INET, IPPROTO_MPTCP),
  mptcp6: inet(AF_INET6, IPPROTO_MPTCP),
  unix: { kind: 'unix', family: AF_UNIX },
  packet: { kind: 'packet', family: AF_PACKET },
  netlink: { kind: 'netlink', family: AF_NETLINK },
}

export const DUMP_FAMILIES = Object.keys(FAMILIES) as DumpFamily[]

export function isDumpFamily(name: string): name is DumpFamily {
  return name in FAMILIES
}
