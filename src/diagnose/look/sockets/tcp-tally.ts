import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../../kernel/tcp-timer.ts'
import type { PassingConnection } from '../../../sockets/index.ts'
import type { InetRow } from '../../../sockets/model.ts'
import type { NetworkLook, TcpLook } from '../../observed/sockets.ts'

/** Destinations that are kept. */
const DESTINATIONS = 8

/** What is asked of each socket; the rest of a row is made where it is kept. */
export type TalliedSocket = Pick<
  PassingConnection,
  'state' | 'rxQueueBytes' | 'txQueueBytes' | 'timer' | 'localPort' | 'remoteAddress' | 'remotePort' | 'row'
> & { inode: number | string }

/** A row of a table of /proc, as if it passed by. */
export const passingRow = (row: InetRow): TalliedSocket => ({ ...row, row: () => row })

export interface TcpTally {
  take(socket: TalliedSocket): void
  total(): Pick<NetworkLook, 'tcp' | 'states' | 'destinations'>
}

/** Counts TCP sockets by state and by destination, and keeps those that something may be wrong with. */
export function tcpTally(ports: ReadonlySet<number>): TcpTally {
  const tcp: TcpLook[] = []
  const states: Record<string, number> = {}
  const byAddress = new Map<string, Map<number, [sockets: number, timeWait: number]>>()
  return {
    take(socket) {
      const { state } = socket
      states[state] = (states[state] ?? 0) + 1
      if (state !== TCP_STATE.listen) {
        const { remoteAddress, remotePort } = socket
        let byPort = byAddress.get(remoteAddress)
        if (byPort === undefined) byAddress.set(remoteAddress, (byPort = new Map()))
        const counts = byPort.get(remotePort)
        const waits = state === TCP_STATE.timeWait ? 1 : 0
        if (counts === undefined) byPort.set(remotePort, [1, waits])
        else {
          counts[0] += 1
          counts[1] += waits
        }
      }
      if (isOfInterest(socket) || ports.has(socket.localPort)) tcp.push(tcpLook(socket.row()))
    },
    total: () => ({ tcp, states, destinations: mostVisited(byAddress) }),
  }
}

/** The destinations with the most sockets. */
function mostVisited(
  byAddress: ReadonlyMap<string, ReadonlyMap<number, [sockets: number, timeWait: number]>>,
): NetworkLook['destinations'] {
  const most: { address: string; port: number; sockets: number; timeWait: number }[] = []
  let least = 0
  for (const [address, byPort] of byAddress) {
    for (const [port, counts] of byPort) {
      const [sockets] = counts
      if (sockets <= least) continue
      most.push({ address, port, sockets, timeWait: counts[1] })
      most.sort((a, b) => b.sockets - a.sockets)
      if (most.length > DESTINATIONS) most.pop()
      if (most.length === DESTINATIONS) least = most.at(-1)!.sockets
    }
  }
  return most.map(({ address, port, sockets, timeWait }) => [`${address} ${port}`, sockets, timeWait])
}

const isNone = (inode: number | string) => Number(inode) === 0

function isOfInterest({ state, rxQueueBytes, txQueueBytes, timer, inode }: TalliedSocket): boolean {
  switch (state) {
    case TCP_STATE.established:
      // Without an inode it is one that nobody has accepted.
      return isNone(inode) || rxQueueBytes > 0 || txQueueBytes > 0 || timer === TCP_TIMER.zeroWindowProbe
    case TCP_STATE.finWait2:
      return !isNone(inode)
    default:
      return state !== TCP_STATE.timeWait
  }
}

export function tcpLook(row: InetRow): TcpLook {
  return {
    local: row.localAddress,
    localPort: row.localPort,
    remote: row.remoteAddress,
    remotePort: row.remotePort,
    state: row.state,
    rxQueue: row.rxQueueBytes,
    txQueue: row.txQueueBytes,
    ...(row.acceptQueueLimit !== undefined && { limit: row.acceptQueueLimit }),
    timer: row.timer,
    retransmits: row.retransmits,
    ...(row.probes > 0 && { probes: row.probes }),
    inode: row.inode,
    uid: row.uid,
  }
}
