import { isLoopbackIp, unmapIp } from '../../kernel/ip-address.ts'
import type { FindTimeWait, InetRow, TimeWaitTable } from '../../sockets/model.ts'
import type { PortRange } from '../read/port-settings.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { listeningOf, type Listening } from '../../sockets/index.ts'

/** Connections from here to one remote service. */
export interface ActiveGroup {
  localAddress: string
  remoteAddress: string
  remotePort: number
  timeWait: number
  finWait2: number
  /** Sockets that a process has open, or in other states. */
  open: InetRow[]
  /** Local ports taken by `open` and by no row of `rows`. */
  openPorts: number[]
  /** Rows in TIME_WAIT and FIN_WAIT2. */
  rows: number[]
}

/** Connections to one port of this host. */
export interface PassiveGroup {
  port: number
  localAddresses: Set<string>
  timeWait: number
  finWait2: number
  listeners: readonly InetRow[]
  rows: number[]
}

/** The connections of one network namespace by which side opened them. */
export interface ConnectionsByOpener {
  listening: Listening
  /** Opened from here: they take local ports. */
  active: ActiveGroup[]
  /** Opened by the other side: they take none. */
  passive: PassiveGroup[]
}

/** The default of Linux; tells client from server where the real range is not known. */
export const DEFAULT_RANGE: PortRange = { low: 32768, high: 60999 }

/**
 * Decides for every connection which side opened it, from listeners and the port range: a local port with a listener was
 * connected to by the other side; a local port of the range that connect() picks from was opened here. Where both ends
 * look alike (the server is gone, or the range is as wide as 1024–65535), the end that many connections share is the server.
 */
export function connectionsByOpener(
  timeWaitSockets: TimeWaitTable,
  sockets: readonly InetRow[],
  find: FindTimeWait,
  range: PortRange = DEFAULT_RANGE,
): ConnectionsByOpener {
  const listening = listeningOf(sockets)
  const active = new Map<string, ActiveGroup>()
  const passive = new Map<number, PassiveGroup>()
  const { addresses } = timeWaitSockets
  const inRange = (port: number) => port >= range.low && port <= range.high
  const sideOf = (local: string, lport: number, remote: string, rport: number): Side => {
    if (listening.has(local, lport)) return 'passive'
    const mayBeClient = inRange(lport)
    const mayBeServed = !inRange(rport)
    if (mayBeClient && mayBeServed) return 'active'
    if ((local === remote || isLoopbackIp(remote)) && listening.has(remote, rport)) return 'active'
    return mayBeClient === mayBeServed ? 'passive' : 'unclear'
  }
  const sideOfRow = (row: number) =>
    sideOf(
      addresses[timeWaitSockets.local[row]!]!,
      timeWaitSockets.localPort[row]!,
      addresses[timeWaitSockets.remote[row]!]!,
      timeWaitSockets.remotePort[row]!,
    )
  const activeGroup = (localAddress: string, remoteAddress: string, remotePort: number): ActiveGroup => {
    const key = `${localAddress} ${remoteAddress} ${remotePort}`
    let group = active.get(key)
    if (group === undefined) {
      group = {
        localAddress,
        remoteAddress,
        remotePort,
        timeWait: 0,
        finWait2: 0,
        open: [],
        openPorts: [],
        rows: [],
      }
      active.set(key, group)
    }
    return group
  }
  const passiveGroup = (port: number): PassiveGroup => {
    let group = passive.get(port)
    if (group === undefined) {
      const listeners = listening.ports.get(port) ?? []
      group = {
        port,
        localAddresses: new Set(),
        timeWait: 0,
        finWait2: 0,
        listeners,
        rows: [],
      }
      passive.set(port, group)
    }
    return group
  }
  const add = (row: number, group: ActiveGroup | PassiveGroup) => {
    if (timeWaitSockets.state[row] === TCP_STATE.timeWait) group.timeWait += 1
    else group.finWait2 += 1
    group.rows.push(row)
  }
  const activeGroupOf = (row: number) =>
    activeGroup(
      addresses[timeWaitSockets.local[row]!]!,
      addresses[timeWaitSockets.remote[row]!]!,
      timeWaitSockets.remotePort[row]!,
    )
  const addActive = (row: number) => add(row, activeGroupOf(row))
  const addPassive = (row: number) => {
    const group = passiveGroup(timeWaitSockets.localPort[row]!)
    group.localAddresses.add(addresses[timeWaitSockets.local[row]!]!)
    add(row, group)
  }

  // Without a listener on the local port, all rows of a destination are of one side: decided once, not per row.
  const destinations = new Map<number, { side: Side; group?: ActiveGroup }>()
  const destinationOf = (row: number, lport: number) => {
    const pair = timeWaitSockets.local[row]! * addresses.length + timeWaitSockets.remote[row]!
    const key = (pair * 65536 + timeWaitSockets.remotePort[row]!) * 2 + (inRange(lport) ? 1 : 0)
    let known = destinations.get(key)
    if (known === undefined) destinations.set(key, (known = { side: sideOfRow(row) }))
    return known
  }
  const unclear: number[] = []
  for (let row = 0; row < timeWaitSockets.length; row += 1) {
    const lport = timeWaitSockets.localPort[row]!
    if (listening.ports.has(lport)) {
      if (sideOfRow(row) === 'passive') addPassive(row)
      else addActive(row)
      continue
    }
    const destination = destinationOf(row, lport)
    if (destination.side === 'active') add(row, (destination.group ??= activeGroupOf(row)))
    else if (destination.side === 'passive') addPassive(row)
    else unclear.push(row)
  }
  for (const { row, side } of sidesByCount(timeWaitSockets, unclear)) {
    if (side === 'active') addActive(row)
    else addPassive(row)
  }

  for (const socket of sockets) {
    if (socket.state === TCP_STATE.listen || socket.remotePort === 0) continue
    const local = unmapIp(socket.localAddress)
    const remote = unmapIp(socket.remoteAddress)
    const side = sideOf(local, socket.localPort, remote, socket.remotePort)
    if (side === 'passive' || (side === 'unclear' && socket.localPort < socket.remotePort)) continue
    const group = activeGroup(local, remote, socket.remotePort)
    group.open.push(socket)
    if (find(local, socket.localPort, remote, socket.remotePort) === undefined) group.openPorts.push(socket.localPort)
  }
  return { listening, active: [...active.values()], passive: [...passive.values()] }
}

type Side = 'active' | 'passive' | 'unclear'

/** For rows whose ports do not tell: the end that more rows share is the server; else the lower port. */
function sidesByCount(
  timeWaitSockets: TimeWaitTable,
  rows: readonly number[],
): { row: number; side: 'active' | 'passive' }[] {
  const localEnd = (row: number) => timeWaitSockets.local[row]! * 65536 + timeWaitSockets.localPort[row]!
  const remoteEnd = (row: number) => timeWaitSockets.remote[row]! * 65536 + timeWaitSockets.remotePort[row]!
  const here = new Map<number, number>()
  const there = new Map<number, number>()
  const count = (counts: Map<number, number>, end: number) => counts.set(end, (counts.get(end) ?? 0) + 1)
  for (const row of rows) {
    count(here, localEnd(row))
    count(there, remoteEnd(row))
  }
  return rows.map(row => {
    const shared = here.get(localEnd(row))! - there.get(remoteEnd(row))!
    const lowerHere = timeWaitSockets.localPort[row]! < timeWaitSockets.remotePort[row]!
    return { row, side: shared > 0 || (shared === 0 && lowerHere) ? 'passive' : 'active' }
  })
}
