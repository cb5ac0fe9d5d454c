import type { ExactCounters } from '../../proc/net/counters.ts'

/**
 * Counters of /proc/net/snmp6 by protocol (`Ip6`, `Icmp6`, `Udp6`, `UdpLite6`), under the kernel's whole names.
 *
 * Source: Linux net/ipv6/proc.c, snmp6_seq_show. One line: `Ip6InReceives                   \t2`. The same file of one
 * interface (net/dev_snmp6) begins with its index, which belongs to no protocol and is left out.
 */
export function parseSnmp6(bytes: Buffer): ExactCounters {
  const protocols = new Map<string, Map<string, bigint>>()
  for (const [, name, protocol, value] of bytes.toString('latin1').matchAll(LINE)) {
    const counters = protocols.get(protocol!) ?? new Map<string, bigint>()
    counters.set(name!, BigInt(value!))
    protocols.set(protocol!, counters)
  }
  return protocols
}

const LINE = /^(([A-Za-z]+6)[A-Z]\w*)[ \t]+(\d+)$/gm
