import type { InetRow } from '../../sockets/model.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { HalfClosed } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'

/** The other end has closed so short a time ago that this one may be about to. */
const CLOSING_S = 0.25
const FIN_TIMEOUT_S = 60

/**
 * Finds connections that this host has not closed, by service and owner: sockets in CLOSE_WAIT, each with the state of
 * its other end where that is on this host. FIN_WAIT2 there waits for exactly this process. TIME_WAIT there means that the
 * table changed while it was read; such a pair is only counted as torn.
 */
export function halfClosed(snapshot: TimeWaitSnapshot): { groups: HalfClosed[]; torn: number } {
  const { sockets, timeWaitSockets, find } = snapshot
  const { listening } = snapshot.connections
  const ownersOf = (row: InetRow) => snapshot.owners.get(row.inode) ?? []
  const { finTimeoutS = FIN_TIMEOUT_S } = snapshot.settings
  /** How long a FIN_WAIT2 row has been one. */
  const secondsIn = (row: number) => finTimeoutS - timeWaitSockets.ticks[row]! / (snapshot.userHz ?? 100)
  const groups = new Map<string, HalfClosed>()
  let torn = 0
  for (const socket of sockets) {
    if (socket.state !== TCP_STATE.closeWait) continue
    const local = unmapIp(socket.localAddress)
    const remote = unmapIp(socket.remoteAddress)
    const peer = find(remote, socket.remotePort, local, socket.localPort)
    if (peer !== undefined && timeWaitSockets.state[peer] === TCP_STATE.timeWait) {
      torn += 1
      continue
    }
    const listeners = listening.at(local, socket.localPort)
    const side = listeners.length > 0 || socket.localPort < socket.remotePort ? 'server' : 'client'
    const [address, port] = side === 'server' ? [local, socket.localPort] : [remote, socket.remotePort]
    const unaccepted = socket.inode === '0' && listeners.length > 0
    // On its way: no program closes in no time.
    if (!unaccepted && peer !== undefined && secondsIn(peer) < CLOSING_S) continue
    const owners = unaccepted ? listeners.flatMap(ownersOf) : ownersOf(socket)
    const key = `${side} ${address} ${port} ${owners.map(owner => owner.pid).join(' ')}`
    let group = groups.get(key)
    if (group === undefined) {
      group = { address, port, side, closeWait: 0, waitingHere: 0, unaccepted: 0, owners }
      groups.set(key, group)
    }
    group.closeWait += 1
    if (peer !== undefined && timeWaitSockets.state[peer] === TCP_STATE.finWait2) group.waitingHere += 1
    if (unaccepted) group.unaccepted += 1
  }
  return { groups: [...groups.values()].sort((a, b) => b.closeWait - a.closeWait), torn }
}
