import { formatIp } from '../../kernel/ip-address.ts'
import type { InterfaceAddress } from '../model.ts'

/**
 * IPv6 addresses by the name of their interface, of /proc/net/if_inet6. Source: Linux net/ipv6/addrconf.c, if6_seq_show.
 * One line, all numbers hex: `fe80…4847 03 40 20 80       v0`: address, index, prefix, scope, flags, name.
 */
export function parseIpv6Addresses(bytes: Buffer): Map<string, InterfaceAddress[]> {
  const lines = bytes
    .toString('latin1')
    .matchAll(/^([0-9a-f]{32}) [0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) [0-9a-f]+ +(\S+)$/gm)
  const addresses = new Map<string, InterfaceAddress[]>()
  for (const [, address, prefix, scope, name] of lines) {
    const own = addresses.get(name!) ?? []
    own.push({
      family: 'inet6',
      address: formatIp(Buffer.from(address!, 'hex')),
      prefixLength: Number.parseInt(prefix!, 16),
      scope: Number.parseInt(scope!, 16),
    })
    addresses.set(name!, own)
  }
  return addresses
}
