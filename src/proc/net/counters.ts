/** Protocol (`TcpExt`, `Tcp`) → its counters by name. */
export type Counters = ReadonlyMap<string, ReadonlyMap<string, number>>

/** The same with all 64 bits: a `number` would round the octets of a fast link. In the kernel's order. */
export type ExactCounters = ReadonlyMap<string, ReadonlyMap<string, bigint>>

/**
 * Counters of /proc/net/netstat and /proc/net/snmp: two lines a protocol, first the names, then the values.
 *
 * Source: Linux net/ipv4/proc.c. `TcpExt: SyncookiesSent … TW TWRecycled …` / `TcpExt: 0 … 85 0 …`.
 * Names differ between kernels, so a counter that is not there is absent, not 0. A line of names whose line of values is
 * not behind it, or does not have as many words (a file cut short), is passed over: its values could belong to any name.
 */
export function parseExactCounters(bytes: Buffer): ExactCounters {
  const protocols = new Map<string, Map<string, bigint>>()
  const lines = bytes.toString('latin1').split('\n')
  for (let at = 0; at + 1 < lines.length; at += 1) {
    const names = lines[at]!.trim().split(/\s+/)
    const values = lines[at + 1]!.trim().split(/\s+/)
    if (names.length !== values.length || names[0] !== values[0] || !names[0]!.endsWith(':')) continue
    const counters = new Map<string, bigint>()
    for (let i = 1; i < names.length; i += 1)
      if (/^-?\d+$/.test(values[i]!)) counters.set(names[i]!, BigInt(values[i]!))
    protocols.set(names[0]!.slice(0, -1), counters)
    at += 1
  }
  return protocols
}

/** {@link parseExactCounters} as numbers, for counters that stay below 2^53. */
export function parseCounters(bytes: Buffer): Counters {
  const numbers = (counters: ReadonlyMap<string, bigint>) =>
    new Map([...counters].map(([name, value]) => [name, Number(value)]))
  return new Map([...parseExactCounters(bytes)].map(([protocol, counters]) => [protocol, numbers(counters)]))
}
