import { formatIp } from '../../kernel/ip-address.ts'

/** An IPv6 address of an interface. */
export interface InterfaceAddress {
  address: string
  interfaceIndex: number
  /** Byte string. */
  interfaceName: string
  /** Still being checked for duplicates, or found to be one: nothing answers on it. */
  unusable: boolean
}

/** Source: Linux include/uapi/linux/if_addr.h, IFA_F_DADFAILED and IFA_F_TENTATIVE. */
const UNUSABLE_FLAGS = 0x08 | 0x40

/**
 * /proc/net/if_inet6: `fe800000000000000042acfffe110002 02 40 20 80     eth0`: address, index, prefix length, scope and
 * flags in hex, name. Source: Linux net/ipv6/addrconf.c, if6_seq_show. Lines of another form are left out.
 */
export function parseIfInet6(bytes: Buffer): InterfaceAddress[] {
  const addresses: InterfaceAddress[] = []
  for (const line of bytes.toString('latin1').split('\n')) {
    const [, digits, index, flags, name] =
      /^([0-9a-f]{32}) ([0-9a-f]{2,8}) [0-9a-f]{2} [0-9a-f]{2} ([0-9a-f]{2}) +(\S+)$/.exec(line) ?? []
    if (digits === undefined) continue
    addresses.push({
      address: formatIp(Buffer.from(digits, 'hex')),
      interfaceIndex: Number.parseInt(index!, 16),
      interfaceName: name!,
      unusable: (Number.parseInt(flags!, 16) & UNUSABLE_FLAGS) !== 0,
    })
  }
  return addresses
}
