/** Protocol (`TcpExt`, `Tcp`) → its counters by name. */
export type Counters = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Counters of /proc/net/netstat and /proc/net/snmp: two lines a protocol, first the names, then the values.
 *
 * Source: Linux net/ipv4/proc.c. `TcpExt: SyncookiesSent … TW TWRecycled …` / `TcpExt: 0 … 85 0 …`.
 * Names differ between kernels, so a counter that is not there is absent, not 0. A pair whose lines do not have the
 * same number of words (a file cut short) is passed over: its values could belong to any name.
 */
export function parseCounters(bytes: Buffer): Counters {
  const protocols = new Map<string, Map<string, number>>()
  const lines = bytes.toString('latin1').split('\n')
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const names = lines[at]!.trim().split(/\s+/)
    const values = lines[at + 1]!.trim().split(/\s+/)
    if (names.length !== values.length || names[0] !== values[0] || !names[0]!.endsWith(':')) continue
    const counters = new Map<string, number>()
    for (let i = 1; i < names.length; i += 1) if (/^-?\d+$/.test(values[i]!)) counters.set(names[i]!, Number(values[i]))
    protocols.set(names[0]!.slice(0, -1), counters)
  }
  return protocols
}
