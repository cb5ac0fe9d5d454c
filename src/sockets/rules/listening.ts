import type { InetRow } from '../tables/inet-row.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'

/** Who listens where. */
export interface Listening {
  ports: ReadonlyMap<number, readonly InetRow[]>
  /** The listeners a connection to this endpoint would reach. */
  at(address: string, port: number): readonly InetRow[]
  has(address: string, port: number): boolean
}

export function listeningOf(sockets: readonly InetRow[]): Listening {
  const ports = new Map<number, InetRow[]>()
  for (const row of sockets) {
    if (row.state !== TCP_STATE.listen) continue
    const others = ports.get(row.localPort)
    if (others === undefined) ports.set(row.localPort, [row])
    else others.push(row)
  }
  return {
    ports,
    at: (address, port) => ports.get(port)?.filter(row => accepts(unmapIp(row.localAddress), address)) ?? [],
    has: (address, port) => ports.get(port)?.some(row => accepts(unmapIp(row.localAddress), address)) === true,
  }
}

/** A listener on `::` is taken to accept IPv4 too: /proc does not show IPV6_V6ONLY. */
function accepts(bound: string, address: string): boolean {
  return bound === address || bound === '::' || (bound === '0.0.0.0' && !address.includes(':'))
}

/** The address of this host that never leaves it. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}
