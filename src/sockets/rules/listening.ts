import type { InetRow, TcpTable } from '../tables/inet-row.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'

/** Who listens where. Addresses are not IPv4-mapped. */
export interface Listening {
  ports: ReadonlyMap<number, readonly InetRow[]>
  /**
   * The listeners a connection to this endpoint belongs to: those on its own address before those on any address. The
   * table its row stands in, where known, decides between a socket of IPv4 and one of IPv6.
   */
  at(address: string, port: number, table?: TcpTable): readonly InetRow[]
  has(address: string, port: number): boolean
}

export function listeningOf(sockets: readonly InetRow[]): Listening {
  const ports = new Map<number, InetRow[]>()
  for (const row of sockets) {
    if (row.state !== TCP_STATE.listen || !row.table.startsWith('tcp')) continue
    const others = ports.get(row.localPort)
    if (others === undefined) ports.set(row.localPort, [row])
    else others.push(row)
  }
  return {
    ports,
    at(address, port, table) {
      const accepting = ports.get(port)?.filter(row => accepts(unmapIp(row.localAddress), address)) ?? []
      const exact = accepting.filter(row => unmapIp(row.localAddress) === address)
      const nearest = exact.length > 0 ? exact : accepting
      const sameTable = nearest.filter(row => row.table === table)
      return sameTable.length > 0 ? sameTable : nearest
    },
    has: (address, port) => ports.get(port)?.some(row => accepts(unmapIp(row.localAddress), address)) === true,
  }
}

/** A listener on `::` is assumed to accept IPv4 too: /proc does not show IPV6_V6ONLY. One on `0.0.0.0` never takes IPv6. */
function accepts(bound: string, address: string): boolean {
  return bound === address || bound === '::' || (bound === '0.0.0.0' && !address.includes(':'))
}
