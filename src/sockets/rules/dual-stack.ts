import type { InetRow } from '../tables/inet-row.ts'
import { isMappedIp, unmapIp } from '../../kernel/ip-address.ts'
import type { DualStack } from '../model.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'

/**
 * For each IPv6 listener on `::`, whether it takes IPv4 too. /proc does not say so, but two facts show it: an IPv4 peer
 * that it accepted (dual), or a second listener on the same IPv4 port (then the first must be IPv6 only, unless they
 * share the port by SO_REUSEPORT, visible as repeated rows). Everything else stays unknown and absent.
 */
export function dualStackListeners(rows: readonly InetRow[]): Map<InetRow, DualStack> {
  const result = new Map<InetRow, DualStack>()
  const listeners = rows.filter(
    row => row.table === 'tcp6' && row.state === TCP_STATE.listen && row.localAddress === '::',
  )
  if (listeners.length === 0) return result
  const mappedPeers = new Map<number, string>()
  const ipv4Listeners = new Map<number, InetRow[]>()
  for (const row of rows) {
    if (row.table === 'tcp6' && row.state !== TCP_STATE.listen && isMappedIp(row.localAddress))
      mappedPeers.set(row.localPort, unmapIp(row.remoteAddress))
    if (row.table === 'tcp' && row.state === TCP_STATE.listen)
      ipv4Listeners.set(row.localPort, [...(ipv4Listeners.get(row.localPort) ?? []), row])
  }
  for (const listener of listeners) {
    const peer = mappedPeers.get(listener.localPort)
    const others = ipv4Listeners.get(listener.localPort) ?? []
    const sharesPort =
      listeners.filter(other => other.localPort === listener.localPort).length > 1 ||
      new Set(others.map(row => row.localAddress)).size < others.length
    if (others.length > 0 && !sharesPort)
      result.set(listener, {
        dual: false,
        evidence: `another socket listens on ${others[0]!.localAddress}:${listener.localPort}`,
      })
    else if (peer !== undefined && others.length === 0)
      result.set(listener, { dual: true, evidence: `it has the IPv4 peer ${peer}` })
  }
  return result
}
