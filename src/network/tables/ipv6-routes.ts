import { formatIp } from '../../kernel/ip-address.ts'
import type { BogusLine } from '../../proc/bogus-line.ts'
import { parseLines } from '../../proc/text-lines.ts'
import type { Ipv6Route } from '../model.ts'

const ROW =
  /^([0-9a-f]{32}) ([0-9a-f]{2}) ([0-9a-f]{32}) ([0-9a-f]{2}) ([0-9a-f]{32}) ([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{8}) +(\S+)$/

/**
 * Routes of every table, one after the other and without its name, of /proc/net/ipv6_route. Source: Linux
 * net/ipv6/route.c, rt6_native_seq_show. One line: destination and its prefix, source and its prefix, next hop, metric,
 * references, uses, flags (all hex, network order), interface.
 */
export function parseIpv6Routes(bytes: Buffer): { rows: Ipv6Route[]; bogus: BogusLine[] } {
  // There is no line of headers, as the reader of lines expects one.
  const { rows, bogus } = parseLines<Ipv6Route>(Buffer.concat([HEADER, bytes]), 'net/ipv6_route', line => {
    const match = ROW.exec(line)
    if (match === null) return undefined
    const [, destination, prefix, source, sourcePrefix, nextHop, metric, refs, uses, flags, interfaceName] = match
    const address = (digits: string | undefined) => formatIp(Buffer.from(digits!, 'hex'))
    const number = (digits: string | undefined) => Number.parseInt(digits!, 16)
    return {
      family: 'inet6',
      destination: address(destination),
      prefixLength: number(prefix),
      source: address(source),
      sourcePrefixLength: number(sourcePrefix),
      gateway: address(nextHop),
      interfaceName: interfaceName!,
      flags: number(flags),
      refCount: number(refs),
      useCount: number(uses),
      metric: number(metric),
    }
  })
  return { rows, bogus: bogus.map(line => ({ ...line, line: line.line - 1 })) }
}

const HEADER = Buffer.from('\n')
