import { tcpStateName, TCP_STATE } from '../../kernel/tcp-state.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import type { TrafficOwner } from '../../sockets/index.ts'
import type { Sample } from '../model.ts'

/** A connection, or several with something in common. */
export interface ConnectionRow {
  key: string
  /** Place in the rows of the look; undefined of several. */
  at: number | undefined
  /** What those of a group have in common: an address, a port, a state. */
  common: string | undefined
  connections: number
  owner: TrafficOwner | undefined
  /** Why it has no owner, where that is known: not accepted yet, closed by its process; of a group: it has several. */
  ownerless: OwnerlessReason | 'various' | undefined
  state: number | undefined
  local: string
  localPort: number
  remote: string
  remotePort: number
  received: number | undefined
  sent: number | undefined
  retransmits: number | undefined
  rttUs: number | undefined
  unread: number
  unsent: number
}

/** Which connections are shown. */
export type Restriction =
  | { by: 'owners'; owners: ReadonlySet<number> }
  | { by: 'port'; port: number }
  | { by: 'remote'; addresses: ReadonlySet<string> }
  | { by: 'destination'; local: string; remote: string; port: number }
  | { by: 'common'; grouping: ConnectionGrouping; common: string }

export type OwnerlessReason = 'accept-queue' | 'orphan'

/** A connection that no descriptor stands for is not accepted yet, or its process has closed it. */
export function reasonWithoutFile(state: number): OwnerlessReason {
  return state === TCP_STATE.established || state === TCP_STATE.closeWait ? 'accept-queue' : 'orphan'
}

export type ConnectionGrouping = 'connection' | 'remote' | 'port' | 'state'

/** Rows of all that is no listener. */
export function connectionRows(
  sample: Sample,
  by: ConnectionGrouping,
  only: readonly Restriction[] = [],
): ConnectionRow[] {
  const { rows, owners } = sample.look
  const listening = listeningPorts(sample)
  const found: ConnectionRow[] = []
  const groups = new Map<string, ConnectionRow>()
  for (let i = 0; i < rows.length; i += 1) {
    const state = rows.state[i]!
    if (state === TCP_STATE.listen || sample.selected?.[i] === 0) continue
    if (!only.every(restriction => passes(sample, i, restriction, listening))) continue
    const addresses = rows.addressesAt(i)
    const owner = owners.get(rows.owner[i]!)?.owner
    const row: ConnectionRow = {
      key: rows.keyAt(i),
      at: i,
      common: undefined,
      connections: 1,
      owner,
      ownerless: owner === undefined && rows.inodeAt(i) === '0' ? reasonWithoutFile(state) : undefined,
      state,
      local: unmapIp(addresses.local),
      localPort: rows.localPort[i]!,
      remote: unmapIp(addresses.remote),
      remotePort: rows.remotePort[i]!,
      received: known(rows.received[i]!),
      sent: known(rows.sent[i]!),
      retransmits: known(rows.retransmits[i]!),
      rttUs: known(rows.rttUs[i]!),
      unread: rows.unread[i]!,
      unsent: rows.unsent[i]!,
    }
    if (by === 'connection') found.push(row)
    else gather(groups, row, commonOf(row, by, listening))
  }
  return by === 'connection' ? found : [...groups.values()]
}

function gather(groups: Map<string, ConnectionRow>, row: ConnectionRow, common: string): void {
  const group = groups.get(common)
  if (group === undefined) {
    groups.set(common, { ...row, key: `group ${common}`, at: undefined, common })
    return
  }
  group.connections += 1
  if (group.owner?.pid !== row.owner?.pid || group.ownerless !== row.ownerless) {
    group.owner = undefined
    group.ownerless = 'various'
  }
  if (group.state !== row.state) group.state = undefined
  group.received = plus(group.received, row.received)
  group.sent = plus(group.sent, row.sent)
  group.retransmits = plus(group.retransmits, row.retransmits)
  group.rttUs = row.rttUs === undefined ? group.rttUs : Math.max(group.rttUs ?? 0, row.rttUs)
  group.unread += row.unread
  group.unsent += row.unsent
}

/** The port of the service: the one that is listened on here, else that of the other side. */
function commonOf(row: ConnectionRow, by: ConnectionGrouping, listening: ReadonlySet<number>): string {
  if (by === 'remote') return row.remote
  if (by === 'state') return tcpStateName(row.state ?? 0)
  return listening.has(row.localPort) ? `:${row.localPort} here` : `:${row.remotePort} there`
}

function passes(sample: Sample, i: number, only: Restriction, listening: ReadonlySet<number>): boolean {
  const { rows } = sample.look
  switch (only.by) {
    case 'owners':
      return only.owners.has(rows.owner[i]!)
    case 'port':
      return rows.localPort[i] === only.port
    case 'remote':
      return only.addresses.has(unmapIp(rows.addressesAt(i).remote))
    case 'destination': {
      if (rows.remotePort[i] !== only.port) return false
      const { local, remote } = rows.addressesAt(i)
      return unmapIp(remote) === only.remote && unmapIp(local) === only.local
    }
    case 'common': {
      const { remote } = rows.addressesAt(i)
      const row = {
        remote: unmapIp(remote),
        state: rows.state[i]!,
        localPort: rows.localPort[i]!,
        remotePort: rows.remotePort[i]!,
      }
      return commonOf(row as ConnectionRow, only.grouping, listening) === only.common
    }
  }
}

export function listeningPorts({ look: { rows } }: Sample): ReadonlySet<number> {
  const ports = new Set<number>()
  for (let i = 0; i < rows.length; i += 1) if (rows.state[i] === TCP_STATE.listen) ports.add(rows.localPort[i]!)
  return ports
}

const known = (value: number) => (Number.isNaN(value) ? undefined : value)
const plus = (a: number | undefined, b: number | undefined) => (a === undefined ? b : b === undefined ? a : a + b)
