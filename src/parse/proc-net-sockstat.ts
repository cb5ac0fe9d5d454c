/** Protocol (`TCP`, `UDP6`, `sockets`) → its gauges by name. */
export type Sockstat = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Gauges of /proc/net/sockstat and sockstat6.
 *
 * Source: Linux net/ipv4/proc.c. One line: `TCP: inuse 6 orphan 0 tw 85 alloc 9 mem 75`.
 * `TCP: tw` counts the mini-sockets of this network namespace over IPv4 and IPv6, in TIME_WAIT and in FIN_WAIT2 alike;
 * `inuse` is without them. `orphan`, `alloc` and `mem` (pages) are of the whole host, even inside a namespace.
 * Words that are not `name number` are passed over.
 */
export function parseSockstat(bytes: Buffer): Sockstat {
  const protocols = new Map<string, Map<string, number>>()
  for (const line of bytes.toString('latin1').split('\n')) {
    const [label, ...words] = line.trim().split(/\s+/)
    if (!label?.endsWith(':')) continue
    const gauges = new Map<string, number>()
    for (let at = 0; at + 1 < words.length; at += 2)
      if (/^\d+$/.test(words[at + 1]!)) gauges.set(words[at]!, Number(words[at + 1]))
    protocols.set(label.slice(0, -1), gauges)
  }
  return protocols
}
