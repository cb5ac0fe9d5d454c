import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import type { Ownerless } from '../../model.ts'
import type { SocketGroup, SocketGroups } from '../group-sockets.ts'
import type { FilterJson } from '../../show/document.ts'
import type { FailOnJson } from './fail-on-json.ts'

/** Document of `mynetstat --group-by`. */
export interface SocketGroupsDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/socket-groups/1'
  /** Names of the keys, in their order. */
  groupBy: string[]
  /** Most sockets first; with `--top` no more than so many. */
  groups: SocketGroupJson[]
  /** Groups that `--top` left out, and their sockets. */
  rest?: { groups: number; sockets: number } | undefined
  /** Each socket once, however many groups it counts in. */
  sockets: number
  /** Sockets that count in several groups, since several processes hold them. */
  sharedSockets: number
  /** The filter as it was read, and how many sockets it could not be answered for: those are left out. */
  filter?: FilterJson | undefined
  failOn?: FailOnJson[] | undefined
}

export interface SocketGroupJson {
  /** Value of each key; null where a socket has none, or it is not known. */
  values: (string | null)[]
  /** Why they have no owner, where that divides them. */
  ownerless?: Ownerless['reason'] | undefined
  sockets: number
  sharedSockets: number
  /** State → sockets; UNCONNECTED where netstat prints none. */
  states: Record<string, number>
  /** Bytes received and not read; absent where no row tells. */
  rxQueueBytes?: number | undefined
  /** Bytes sent and not acknowledged. */
  txQueueBytes?: number | undefined
  /** Connections that wait for accept(). */
  acceptQueueConnections?: number | undefined
  /** Start of the oldest process that holds one of them; ISO 8601, UTC. */
  oldestStartedAt?: string | undefined
}

export interface GroupsShown {
  /** No more groups than this. */
  top: number | undefined
  filter: SocketGroupsDocument['filter']
  failOn: FailOnJson[] | undefined
  unreadable: Readonly<Record<string, number>>
}

/** The document `linsight/socket-groups/1`. */
export function groupsDocument(
  origin: Origin,
  { keys, groups, sockets, shared }: SocketGroups,
  { top = groups.length, filter, failOn, unreadable }: GroupsShown,
): Document<SocketGroupsDocument, 'groups'> {
  return {
    what: 'socket-groups',
    origin,
    lists: { groups: groups.slice(0, top).map(groupJson) },
    facts: {
      groupBy: [...keys],
      rest: groups.length > top ? restOf(groups, top) : undefined,
      sockets,
      sharedSockets: shared,
      filter,
      failOn,
    },
    unreadable: { ...unreadable },
  }
}

/** What `--top` leaves out. */
export function restOf(groups: readonly SocketGroup[], top: number): { groups: number; sockets: number } {
  const rest = groups.slice(top)
  return { groups: rest.length, sockets: rest.reduce((sum, group) => sum + group.sockets, 0) }
}

export function groupJson(group: SocketGroup): SocketGroupJson {
  return {
    values: group.values.map(value => value ?? null),
    ownerless: group.ownerless,
    sockets: group.sockets,
    sharedSockets: group.shared,
    states: Object.fromEntries(group.states),
    rxQueueBytes: group.rxQueueBytes,
    txQueueBytes: group.txQueueBytes,
    acceptQueueConnections: group.acceptQueueConnections,
    oldestStartedAt: group.oldestStartedAt,
  }
}
