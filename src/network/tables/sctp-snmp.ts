import type { ExactCounters } from '../../proc/net/counters.ts'

/** Counters of /proc/net/sctp/snmp. Source: Linux net/sctp/proc.c. One line: `SctpCurrEstab                   \t0`. */
export function parseSctpSnmp(bytes: Buffer): ExactCounters {
  const lines = [...bytes.toString('latin1').matchAll(/^(Sctp\w+)[ \t]+(\d+)$/gm)]
  if (lines.length === 0) return new Map()
  return new Map([['Sctp', new Map(lines.map(([, name, value]) => [name!, BigInt(value!)]))]])
}
