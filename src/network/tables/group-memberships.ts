import { addressBytes } from '../../kernel/hex-address.ts'
import { formatIp } from '../../kernel/ip-address.ts'
import { QUOTE_BYTES, type BogusLine } from '../../proc/bogus-line.ts'
import type { GroupMembership } from '../model.ts'

export interface ParsedGroups {
  rows: GroupMembership[]
  bogus: BogusLine[]
}

/**
 * IPv4 groups of every interface, of /proc/net/igmp. Source: Linux net/ipv4/igmp.c, igmp_mc_seq_show. A line of headers,
 * then for each interface `1\tlo        :     1      V3` and below it its groups, in the byte order of the machine:
 * `\t\t\t\t010000E0     1 0:00000000\t\t0`.
 */
export function parseIgmp(bytes: Buffer, littleEndian: boolean): ParsedGroups {
  let interfaceName: string | undefined
  return linesOf(bytes, 'net/igmp', 1, line => {
    const device = /^\d+\t(\S+) *:/.exec(line)?.[1]
    if (device !== undefined) {
      interfaceName = device
      return 'no row'
    }
    const group = /^\t+([0-9A-F]{8}) +(\d+) /i.exec(line)
    if (group === null || interfaceName === undefined) return undefined
    return {
      family: 'inet',
      interfaceName,
      group: formatIp(addressBytes(group[1]!, littleEndian)),
      users: Number(group[2]),
    }
  })
}

/**
 * IPv6 groups, of /proc/net/igmp6. Source: Linux net/ipv6/mcast.c, igmp6_mc_seq_show.
 * One line: `1    lo              ff020000000000000000000000000001     1 0000000C 0`.
 */
export function parseIgmp6(bytes: Buffer): ParsedGroups {
  return linesOf(bytes, 'net/igmp6', 0, line => {
    const match = /^\d+ +(\S+) +([0-9a-f]{32}) +(\d+) /i.exec(line)
    if (match === null) return undefined
    const group = formatIp(Buffer.from(match[2]!, 'hex'))
    return { family: 'inet6', interfaceName: match[1]!, group, users: Number(match[3]) }
  })
}

/**
 * Hardware addresses an interface listens to for groups, of /proc/net/dev_mcast. Source: Linux net/core/dev_addr_lists.c,
 * dev_mc_seq_show. One line: `4    eth0            1     0     01005e000001`.
 */
export function parseDeviceGroups(bytes: Buffer): ParsedGroups {
  return linesOf(bytes, 'net/dev_mcast', 0, line => {
    const match = /^\d+ +(\S+) +(\d+) +\d+ +([0-9a-f]{2,64})$/i.exec(line)
    if (match === null) return undefined
    return {
      family: 'link',
      interfaceName: match[1]!,
      group: match[3]!.replaceAll(/..(?=.)/g, '$&:'),
      users: Number(match[2]),
    }
  })
}

function linesOf(
  bytes: Buffer,
  file: string,
  header: number,
  parse: (line: string) => GroupMembership | 'no row' | undefined,
): ParsedGroups {
  const rows: GroupMembership[] = []
  const bogus: BogusLine[] = []
  for (const [at, line] of bytes.toString('latin1').split('\n').entries()) {
    if (at < header || line.trim() === '') continue
    const row = parse(line)
    if (row === undefined) bogus.push({ file, line: at + 1, text: line.slice(0, QUOTE_BYTES) })
    else if (row !== 'no row') rows.push(row)
  }
  return { rows, bogus }
}
