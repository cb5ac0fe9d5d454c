import { addressBytes } from '../../kernel/hex-address.ts'
import { formatIp } from '../../kernel/ip-address.ts'
import { parseLines } from '../../proc/text-lines.ts'
import type { Ipv4Route } from '../model.ts'

const ROW =
  /^(\S+)\t([0-9A-F]{8})\t([0-9A-F]{8})\t([0-9A-F]{4})\t(-?\d+)\t(-?\d+)\t(-?\d+)\t([0-9A-F]{8})\t(-?\d+)\t(-?\d+)\t(-?\d+)\s*$/i

/**
 * Routes of the main table, of /proc/net/route. Source: Linux net/ipv4/fib_trie.c, fib_route_seq_show.
 * One line: `eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0`, addresses in the byte order of the machine.
 *
 * Not shown by the kernel: which type a route without an interface (`*`) has, every next hop of a multipath route but the
 * first, all other tables, and metrics of a route (its MTU among them).
 */
export function parseIpv4Routes(bytes: Buffer, littleEndian: boolean) {
  const address = (digits: string) => addressBytes(digits, littleEndian)
  return parseLines<Ipv4Route>(bytes, 'net/route', line => {
    const match = ROW.exec(line)
    if (match === null) return undefined
    const [, interfaceName = '', destination = '', gateway = '', flags = '', refs, uses, metric, mask = '', ...rest] =
      match
    const [mtu, window, irtt] = rest.map(Number)
    return {
      family: 'inet',
      destination: formatIp(address(destination)),
      prefixLength: prefixLength(address(mask)),
      mask: formatIp(address(mask)),
      gateway: formatIp(address(gateway)),
      interfaceName,
      flags: Number.parseInt(flags, 16),
      refCount: Number(refs),
      useCount: Number(uses),
      // Printed as a signed number, but it has 32 bits.
      metric: Number(metric) >>> 0,
      mtu: mtu!,
      windowBytes: window!,
      irtt: irtt!,
    }
  })
}

/** Undefined for a mask with holes, which no route of today has. */
function prefixLength(mask: Uint8Array): number | undefined {
  const bits = [...mask].map(byte => byte.toString(2).padStart(8, '0')).join('')
  const ones = bits.indexOf('0') === -1 ? bits.length : bits.indexOf('0')
  return bits.slice(ones).includes('1') ? undefined : ones
}
