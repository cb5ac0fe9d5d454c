import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/**
 * Names of network interfaces by their index, of the namespace in `folder`: those with an IPv4 or IPv6 address. /sys would
 * name the others, too, but of the namespace it was mounted in.
 */
export function interfaceNames(source: ProcSource, folder: string): Map<number, string> {
  const read = (file: string) => optional(() => source.readFile(`${folder}/${file}`).toString('latin1')) ?? ''
  return new Map([...parseIgmp(read('igmp')), ...parseInterfaceAddresses(read('if_inet6'))])
}

/** /proc/net/igmp: `1\tlo        :     1      V3`, its groups below it. Source: Linux net/ipv4/igmp.c, igmp_mc_seq_show. */
export function parseIgmp(text: string): [index: number, name: string][] {
  return [...text.matchAll(/^(\d+)\t(\S+) *:/gm)].map(([, index, name]) => [Number(index), name!])
}

/** /proc/net/if_inet6: `fe80…01 02 40 20 80     eth0`; the second column is the index, in hex. Source: Linux net/ipv6/addrconf.c. */
export function parseInterfaceAddresses(text: string): [index: number, name: string][] {
  const lines = text.matchAll(/^[0-9a-f]{32} ([0-9a-f]+) [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ +(\S+)$/gm)
  return [...lines].map(([, index, name]) => [Number.parseInt(index!, 16), name!])
}
