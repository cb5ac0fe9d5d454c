import type { FindTimeWait, InetRow, TimeWaitTable } from '../../sockets/model.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import type { SocketHolders } from '../../processes/owner.ts'
import { FIN_WAIT2, TCP_STATE, TIME_WAIT } from '../../kernel/tcp-state.ts'
import type { HalfClosed } from '../model.ts'
import type { Listening } from '../../sockets/index.ts'

/**
 * CLOSE_WAIT sockets by service and holder, each looked up from its other end: where that is a FIN_WAIT2 of this host,
 * it waits for exactly this process. Where it is already in TIME_WAIT, the table changed while it was read: no finding.
 */
export function halfClosed(
  sockets: readonly InetRow[],
  minis: TimeWaitTable,
  find: FindTimeWait,
  listening: Listening,
  holders: SocketHolders,
): { groups: HalfClosed[]; torn: number } {
  const groups = new Map<string, HalfClosed>()
  let torn = 0
  for (const socket of sockets) {
    if (socket.state !== TCP_STATE.closeWait) continue
    const local = unmapIp(socket.localAddress)
    const remote = unmapIp(socket.remoteAddress)
    const peer = find(remote, socket.remotePort, local, socket.localPort)
    if (peer !== undefined && minis.state[peer] === TIME_WAIT) {
      torn += 1
      continue
    }
    const listeners = listening.at(local, socket.localPort)
    const side = listeners.length > 0 || socket.localPort < socket.remotePort ? 'server' : 'client'
    const [address, port] = side === 'server' ? [local, socket.localPort] : [remote, socket.remotePort]
    const unaccepted = socket.inode === '0' && listeners.length > 0
    const owners =
      (unaccepted ? listeners.flatMap(row => holders.get(row.inode) ?? []) : holders.get(socket.inode)) ?? []
    const key = `${side} ${address} ${port} ${owners.map(owner => owner.pid).join(' ')}`
    let group = groups.get(key)
    if (group === undefined) {
      group = { address, port, side, closeWait: 0, waitingHere: 0, unaccepted: 0, holders: owners }
      groups.set(key, group)
    }
    group.closeWait += 1
    if (peer !== undefined && minis.state[peer] === FIN_WAIT2) group.waitingHere += 1
    if (unaccepted) group.unaccepted += 1
  }
  return { groups: [...groups.values()].sort((a, b) => b.closeWait - a.closeWait), torn }
}
