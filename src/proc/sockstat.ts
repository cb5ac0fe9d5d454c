/**
 * Gauges of /proc/net/sockstat and sockstat6: protocol → counter → value.
 *
 * Source: Linux net/ipv4/proc.c, sockstat_seq_show. Lines `TCP: inuse 61 orphan 1 tw 3 alloc 78 mem 3726`. `inuse` and
 * `tw` are of the network namespace; `orphan`, `alloc` and `mem` (pages) are of the whole machine.
 */
export function parseSockstat(bytes: Buffer): Map<string, Map<string, number>> {
  const gauges = new Map<string, Map<string, number>>()
  for (const line of bytes.toString('latin1').split('\n')) {
    const [name, ...words] = line.trim().split(/\s+/)
    if (!name?.endsWith(':')) continue
    const values = new Map<string, number>()
    for (let i = 0; i + 1 < words.length; i += 2) {
      const value = Number(words[i + 1])
      if (Number.isFinite(value)) values.set(words[i]!, value)
    }
    gauges.set(name.slice(0, -1), values)
  }
  return gauges
}
