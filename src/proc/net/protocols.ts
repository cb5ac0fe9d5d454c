/**
 * Sockets in use by protocol, from /proc/net/protocols: `UDP      1344      0       0   NI  …` (protocol, size, sockets).
 *
 * Source: Linux net/core/sock.c, proto_seq_printf. The counts are exact, of the network namespace, and cheap, so they
 * show whether a table was read whole. A protocol that does not count prints -1 and is left out.
 */
export function parseProtocols(bytes: Buffer): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of bytes.toString('latin1').split('\n').slice(1)) {
    const [name, , sockets] = line.trim().split(/\s+/)
    const count = Number(sockets)
    if (name && Number.isInteger(count) && count >= 0) counts.set(name, count)
  }
  return counts
}
