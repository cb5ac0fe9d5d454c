import type { InetRow } from '../tables/inet-row.ts'
import { isMappedIp, unmapIp } from '../../kernel/ip-address.ts'
import type { DualStack, KernelFacts, SocketRow } from '../model.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'

/**
 * For each IPv6 socket on `::` that waits for others, whether it takes IPv4 too. The kernel's own answer says so of each.
 * /proc does not, but two facts show it of a TCP listener: an IPv4 peer that it accepted (dual), or a second listener on
 * the same IPv4 port (then the first must be IPv6 only, unless they share the port by SO_REUSEPORT, visible as repeated
 * rows). Everything else stays unknown and absent.
 */
export function dualStackListeners(
  rows: readonly InetRow[],
  facts: ReadonlyMap<SocketRow, KernelFacts> = new Map(),
): Map<InetRow, DualStack> {
  const result = new Map<InetRow, DualStack>()
  for (const row of rows) {
    if (row.localAddress !== '::') continue
    const v6only = facts.get(row)?.v6only
    if (v6only !== undefined)
      result.set(row, { dual: !v6only, evidence: `the kernel says that IPV6_V6ONLY is ${v6only ? 'on' : 'off'}` })
  }
  const listeners = rows.filter(
    row => row.table === 'tcp6' && row.state === TCP_STATE.listen && row.localAddress === '::' && !result.has(row),
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
