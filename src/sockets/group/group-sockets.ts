import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { Owner } from '../../processes/owner.ts'
import type { Ownerless, Socket } from '../model.ts'
import { stateText } from '../show/cell-text.ts'
import { groupKey, type GroupContext, type GroupKeyName } from './group-keys.ts'

/** Sockets that have the same values of the keys. */
export interface SocketGroup {
  /** One for each key; undefined where a socket has none, or it is not known. */
  values: (string | undefined)[]
  /** Why they have no owner, where the keys are of owners and nobody holds them. */
  ownerless: Ownerless['reason'] | undefined
  sockets: number
  /** Those of them that also count in another group, since several processes hold them. */
  shared: number
  states: Map<string, number>
  /** Bytes received and not read; undefined where no row tells. Listeners count in {@link acceptQueueConnections}. */
  rxQueueBytes: number | undefined
  txQueueBytes: number | undefined
  /** Connections that wait for accept(); undefined where there is no listener. */
  acceptQueueConnections: number | undefined
  /** Start of the oldest process that holds one of them, ISO 8601; undefined where none is known. */
  oldestStartedAt: string | undefined
}

export interface SocketGroups {
  keys: readonly GroupKeyName[]
  /** Most sockets first. */
  groups: SocketGroup[]
  /** Each socket once, however many groups it counts in. */
  sockets: number
  shared: number
}

/** Groups sockets. Owners are a set: a socket that several processes hold counts in the group of each. */
export function groupSockets(
  sockets: readonly Socket[],
  keys: readonly GroupKeyName[],
  context: GroupContext,
): SocketGroups {
  const byOwner = keys.some(key => key !== 'reason' && groupKey(key).owners !== undefined)
  const groups = new Map<string, SocketGroup>()
  let shared = 0
  for (const socket of sockets) {
    const places = placesOf(socket, keys, byOwner, context)
    if (places.size > 1) shared += 1
    for (const [id, { values, owners }] of places) {
      let group = groups.get(id)
      if (group === undefined) groups.set(id, (group = emptyGroup(values, byOwner ? socket.ownerless : undefined)))
      add(group, socket, owners)
      if (places.size > 1) group.shared += 1
    }
  }
  const sorted = [...groups].sort(([id, a], [otherId, b]) => b.sockets - a.sockets || (id < otherId ? -1 : 1))
  return { keys, groups: sorted.map(([, group]) => group), sockets: sockets.length, shared }
}

interface Place {
  values: (string | undefined)[]
  owners: Owner[]
}

/** What netstat prints no state for: a datagram or unix socket without a peer. */
const NO_STATE = 'UNCONNECTED'

/** The groups that a socket counts in: one, or one for each process that differs in the keys. */
function placesOf(
  socket: Socket,
  keys: readonly GroupKeyName[],
  byOwner: boolean,
  context: GroupContext,
): Map<string, Place> {
  const places = new Map<string, Place>()
  const owners = byOwner && socket.owners?.length ? socket.owners : [undefined]
  for (const owner of owners) {
    const values = keys.map(key => groupKey(key).value(socket, owner, context))
    // No value holds a NUL: texts are escaped.
    const id = `${values.map(value => value ?? '').join('\0')}\0${byOwner ? (socket.ownerless?.reason ?? '') : ''}`
    const place = places.get(id) ?? { values, owners: [] }
    if (owner !== undefined) place.owners.push(owner)
    else place.owners.push(...(socket.owners ?? []))
    places.set(id, place)
  }
  return places
}

function emptyGroup(values: (string | undefined)[], ownerless: Ownerless | undefined): SocketGroup {
  return {
    values,
    ownerless: ownerless?.reason,
    sockets: 0,
    shared: 0,
    states: new Map(),
    rxQueueBytes: undefined,
    txQueueBytes: undefined,
    acceptQueueConnections: undefined,
    oldestStartedAt: undefined,
  }
}

function add(group: SocketGroup, socket: Socket, owners: readonly Owner[]): void {
  const { row } = socket
  group.sockets += 1
  const state = stateText(socket) || NO_STATE
  group.states.set(state, (group.states.get(state) ?? 0) + 1)
  const received = 'rxQueueBytes' in row ? row.rxQueueBytes : undefined
  if (received !== undefined) {
    const isListener = row.table.startsWith('tcp') && 'state' in row && row.state === TCP_STATE.listen
    const sum = isListener ? 'acceptQueueConnections' : 'rxQueueBytes'
    group[sum] = (group[sum] ?? 0) + received
  }
  const sent = 'txQueueBytes' in row ? row.txQueueBytes : undefined
  if (sent !== undefined) group.txQueueBytes = (group.txQueueBytes ?? 0) + sent
  for (const { process } of owners) {
    const { startedAt } = process
    if (startedAt !== undefined && (group.oldestStartedAt === undefined || startedAt < group.oldestStartedAt))
      group.oldestStartedAt = startedAt
  }
}
