/** RTF_… of a route. Source: Linux include/uapi/linux/route.h, ipv6_route.h. */
export const ROUTE_FLAGS = {
  up: 0x1,
  gateway: 0x2,
  host: 0x4,
  reinstate: 0x8,
  dynamic: 0x10,
  modified: 0x20,
  mtu: 0x40,
  window: 0x80,
  irtt: 0x100,
  reject: 0x200,
  notCached: 0x400,
  default: 0x10000,
  allOnLink: 0x20000,
  addrConf: 0x40000,
  noNextHop: 0x200000,
  expires: 0x400000,
  cache: 0x1000000,
  flow: 0x2000000,
  policy: 0x4000000,
  local: 0x80000000,
} as const

type RouteFlag = keyof typeof ROUTE_FLAGS

const has = (flags: number, name: RouteFlag) => (flags & ROUTE_FLAGS[name]) !== 0

/** netstat's letters of an IPv4 route, in its order; `!` takes the place of U and G. */
const IPV4_LETTERS: readonly (readonly [RouteFlag, string])[] = [
  ['host', 'H'],
  ['reinstate', 'R'],
  ['dynamic', 'D'],
  ['modified', 'M'],
  ['default', 'd'],
  ['allOnLink', 'a'],
  ['addrConf', 'c'],
  ['noNextHop', 'o'],
  ['expires', 'e'],
  ['cache', 'c'],
  ['flow', 'f'],
  ['policy', 'p'],
  ['local', 'l'],
  ['mtu', 'u'],
  ['window', 'w'],
  ['irtt', 'i'],
  ['notCached', 'n'],
]

const IPV6_LETTERS: readonly (readonly [RouteFlag, string])[] = [
  ['up', 'U'],
  ['reject', '!'],
  ['gateway', 'G'],
  ['host', 'H'],
  ['default', 'D'],
  ['addrConf', 'A'],
  ['cache', 'C'],
  ['allOnLink', 'a'],
  ['expires', 'e'],
  ['modified', 'm'],
  ['noNextHop', 'n'],
  ['flow', 'f'],
]

/** Flags of a route as netstat's letters. */
export function routeFlagLetters(flags: number, family: 'inet' | 'inet6'): string {
  const letters = (table: readonly (readonly [RouteFlag, string])[]) =>
    table.map(([name, letter]) => (has(flags, name) ? letter : '')).join('')
  if (family === 'inet6') return letters(IPV6_LETTERS)
  const lead = has(flags, 'reject') ? '!' : (has(flags, 'up') ? 'U' : '') + (has(flags, 'gateway') ? 'G' : '')
  return lead + letters(IPV4_LETTERS)
}

/** A route that answers "unreachable" or "prohibited". */
export const isReject = (flags: number) => has(flags, 'reject')

export const isUp = (flags: number) => has(flags, 'up')

/** A learned path, not a route of a table. */
export const isCached = (flags: number) => has(flags, 'cache')

export const isHostRoute = (flags: number) => has(flags, 'host')
