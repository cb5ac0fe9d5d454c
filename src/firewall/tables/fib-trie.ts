/** The IPv4 addresses a namespace calls its own. */
export interface LocalAddresses {
  /** Single addresses in the order of the file, 127.0.0.1 included. */
  addresses: string[]
  /** Local routes of more than one address: `127.0.0.0/8`, and what was added by hand (`ip route add local`). */
  prefixes: string[]
}

/**
 * /proc/net/fib_trie: the routing tables as the tree they are kept in. Source: Linux net/ipv4/fib_trie.c,
 * fib_trie_seq_show. An address of the machine is a leaf with a route of the type LOCAL:
 *
 *     |-- 172.18.0.2
 *        /32 host LOCAL
 *
 * The file shows each table once under `Main:` and `Local:`, or one under both where they are merged: an address counts
 * once. Broadcasts and routes to elsewhere are left out.
 */
export function parseFibTrie(bytes: Buffer): LocalAddresses {
  const addresses = new Set<string>()
  const prefixes = new Set<string>()
  let leaf = ''
  for (const line of bytes.toString('latin1').split('\n')) {
    const address = /^ *\|-- (\d{1,3}(?:\.\d{1,3}){3})$/.exec(line)?.[1]
    if (address !== undefined) {
      leaf = address
      continue
    }
    const bits = /^ *\/(\d{1,2}) \S+ LOCAL(?: |$)/.exec(line)?.[1]
    if (bits === undefined || leaf === '') continue
    if (bits === '32') addresses.add(leaf)
    else prefixes.add(`${leaf}/${bits}`)
  }
  return { addresses: [...addresses], prefixes: [...prefixes] }
}
