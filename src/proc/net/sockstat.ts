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

/** One gauge, as `sockstatGauge(bytes, 'TCP', 'tw')`; undefined where the file is not there or does not have it. */
export function sockstatGauge(bytes: Buffer | undefined, protocol: string, name: string): number | undefined {
  return bytes && parseSockstat(bytes).get(protocol)?.get(name)
}

/**
 * Whether net/tcp6 has no row, by the gauges: walking an empty table costs as much as reading ten thousand rows. No
 * socket of IPv6 is in use, and all TIME_WAIT sockets, which are counted for both families together, stand in net/tcp.
 * `timeWaitInTcp` is undefined where they do not matter.
 */
export function isTcp6Empty(
  read: (file: 'sockstat' | 'sockstat6') => Buffer | undefined,
  timeWaitInTcp?: number,
): boolean {
  if (sockstatGauge(read('sockstat6'), 'TCP6', 'inuse') !== 0) return false
  return timeWaitInTcp === undefined || sockstatGauge(read('sockstat'), 'TCP', 'tw') === timeWaitInTcp
}

/**
 * How many rows net/tcp or net/tcp6 has, by the gauges of the namespace; undefined where they do not tell: TIME_WAIT
 * sockets are counted for both families together. Half-open connections (SYN_RECV) are not counted: 0 is exact, since
 * then nobody listens, any other number is not.
 */
export function tcpRowsByGauge(
  read: (file: 'sockstat' | 'sockstat6') => Buffer | undefined,
  table: 'tcp' | 'tcp6',
): number | undefined {
  const sockstat = read('sockstat')
  if (sockstatGauge(sockstat, 'TCP', 'tw') !== 0) return undefined
  return table === 'tcp' ? sockstatGauge(sockstat, 'TCP', 'inuse') : sockstatGauge(read('sockstat6'), 'TCP6', 'inuse')
}
