import { addressNumber, type AddressRange } from './address-range.ts'

/** A route of the main table: which addresses leave through which interface. */
export interface RouteOut {
  /** Byte string. */
  interfaceName: string
  range: AddressRange
  metric: number
}

const RTF_UP = 0x1
const RTF_REJECT = 0x200

/**
 * /proc/net/route: `eth0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0`, the main table in the byte order of its
 * machine. Source: Linux net/ipv4/fib_trie.c, fib_route_seq_show. It shows neither other tables nor blackholes.
 */
export function parseRoutes(bytes: Buffer, littleEndian: boolean): RouteOut[] {
  const routes: RouteOut[] = []
  for (const line of bytes.toString('latin1').split('\n').slice(1)) {
    const [name, destination, , flags, , , metric, mask] = line.split('\t')
    if (name === undefined || !/^[0-9A-F]{8}$/i.test(destination ?? '') || !/^[0-9A-F]{8}$/i.test(mask ?? '')) continue
    const up = Number.parseInt(flags!, 16)
    if (!(up & RTF_UP) || up & RTF_REJECT) continue
    const first = word(destination!, littleEndian)
    const last = first | (word(mask!, littleEndian) ^ 0xffffffffn)
    routes.push({ interfaceName: name.trim(), range: { family: 4, first, last }, metric: Number(metric) })
  }
  return routes
}

function word(digits: string, littleEndian: boolean): bigint {
  const bytes = Buffer.from(digits, 'hex')
  return BigInt(littleEndian ? bytes.readUInt32LE() : bytes.readUInt32BE())
}

/**
 * /proc/net/ipv6_route: destination and its length, source and its length, next hop, metric, references, uses, flags (all
 * hex, network order), interface. Source: Linux net/ipv6/ip6_fib.c, ipv6_route_native_seq_show.
 */
export function parseIpv6Routes(bytes: Buffer): RouteOut[] {
  const routes: RouteOut[] = []
  for (const line of bytes.toString('latin1').split('\n')) {
    const [destination, length, , , , metric, , , flags, name] = line.trim().split(/ +/)
    if (name === undefined || !/^[0-9a-f]{32}$/.test(destination!) || !/^[0-9a-f]{2}$/.test(length!)) continue
    const up = Number.parseInt(flags!, 16)
    const fixed = Number.parseInt(length!, 16)
    if (!(up & RTF_UP) || up & RTF_REJECT || fixed > 128) continue
    const free = BigInt(128 - fixed)
    const first = (BigInt(`0x${destination}`) >> free) << free
    routes.push({
      interfaceName: name,
      range: { family: 6, first, last: first + (1n << free) - 1n },
      metric: Number.parseInt(metric!, 16),
    })
  }
  return routes
}

/** The interface a packet to this address leaves through: that of the longest prefix, of equals the lowest metric. */
export function interfaceTo(routes: readonly RouteOut[], address: string): string | undefined {
  const to = addressNumber(address)
  if (to === undefined) return undefined
  const size = ({ first, last }: AddressRange) => last - first
  let best: RouteOut | undefined
  for (const route of routes) {
    const { range } = route
    if (range.family !== to.family || to.number < range.first || to.number > range.last) continue
    const closer = best === undefined || size(range) < size(best.range)
    if (closer || (size(range) === size(best!.range) && route.metric < best!.metric)) best = route
  }
  return best?.interfaceName
}
