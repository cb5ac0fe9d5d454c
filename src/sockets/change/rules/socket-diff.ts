import { programName } from '../../../processes/process-facts.ts'
import type { Socket } from '../../model.ts'
import { protocolText, stateText } from '../../show/cell-text.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { ChangeKind, CountChange, SocketChange, SocketDiff } from '../change.ts'
import { listenerKey, ownersKey, socketChanges } from './socket-changes.ts'

export interface DiffOptions {
  /**
   * The looks are of one boot and one network namespace: pids and sockets mean the same in both. Without that listeners are
   * compared by their addresses alone.
   */
  comparable: boolean
  /** Count the others, too. */
  counts: boolean
  /** Compare the others one by one. */
  connections: boolean
}

/** What is different between two looks. `diff(a, b)` is `diff(b, a)` with before and after exchanged. */
export function socketDiff(
  before: readonly Socket[],
  after: readonly Socket[],
  { comparable, counts, connections }: DiffOptions,
): SocketDiff {
  const waiting = (sockets: readonly Socket[]) => sockets.filter(socket => listenerKey(socket) !== undefined)
  const others = (sockets: readonly Socket[]) => sockets.filter(socket => listenerKey(socket) === undefined)
  return {
    listeners: listenerChanges(waiting(before), waiting(after), comparable),
    counts: comparable && counts ? countChanges(others(before), others(after)) : undefined,
    connections:
      comparable && connections ? socketChanges(others(before), others(after), { closely: false }).changes : undefined,
  }
}

export function isSame({ listeners, counts = [], connections = [] }: SocketDiff): boolean {
  return listeners.length + counts.length + connections.length === 0
}

/** The same difference, looked at from the other side. */
export function inverted({ listeners, counts, connections }: SocketDiff): SocketDiff {
  const turn = (change: SocketChange): SocketChange => ({
    ...change,
    mark: change.mark === '+' ? '-' : change.mark === '-' ? '+' : '~',
    before: change.after,
    after: change.before,
  })
  return {
    listeners: listeners.map(turn),
    counts: counts?.map(({ before, after, ...count }) => ({ ...count, before: after, after: before })),
    connections: connections?.map(turn),
  }
}

function listenerChanges(before: readonly Socket[], after: readonly Socket[], comparable: boolean): SocketChange[] {
  const [was, is] = [byKey(before), byKey(after)]
  const gone = [...was].filter(([key]) => !is.has(key)).map(([, sockets]) => sockets)
  const added = [...is].filter(([key]) => !was.has(key)).map(([, sockets]) => sockets)
  const moved = movedListeners(gone, added)
  const paired = new Set(moved.flat())
  const pairs = [...was].flatMap(([key, sockets]): [Socket[], Socket[]][] => {
    const now = is.get(key)
    return now === undefined ? [] : [[sockets, now]]
  })
  const changed = (kind: ChangeKind[], [a, b]: [Socket[], Socket[]]): SocketChange[] => {
    const kinds = [...kind, ...(comparable ? listenerKinds(a, b) : [])]
    return kinds.length === 0 ? [] : [{ mark: '~', before: a[0]!, after: b[0]!, kinds }]
  }
  return [
    ...added
      .filter(sockets => !paired.has(sockets))
      .map((sockets): SocketChange => ({ mark: '+', before: undefined, after: sockets[0]!, kinds: [] })),
    ...gone
      .filter(sockets => !paired.has(sockets))
      .map((sockets): SocketChange => ({ mark: '-', before: sockets[0]!, after: undefined, kinds: [] })),
    ...moved.flatMap(pair => changed(['address'], pair)),
    ...pairs.flatMap(pair => changed([], pair)),
  ]
}

/** Sockets that share a port (SO_REUSEPORT) are one listener; in the order of their keys, so that it does not matter. */
function byKey(sockets: readonly Socket[]): Map<string, Socket[]> {
  const groups = new Map<string, Socket[]>()
  for (const socket of sockets) {
    const key = listenerKey(socket)!
    groups.set(key, [...(groups.get(key) ?? []), socket])
  }
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The same port of the same protocol, on another address; one to one, in the order of their addresses. */
function movedListeners(gone: readonly Socket[][], added: readonly Socket[][]): [Socket[], Socket[]][] {
  const waiting = new Map<string, Socket[][]>()
  for (const sockets of gone) {
    const port = portKey(sockets[0]!)
    if (port !== undefined) waiting.set(port, [...(waiting.get(port) ?? []), sockets])
  }
  return added.flatMap((sockets): [Socket[], Socket[]][] => {
    const port = portKey(sockets[0]!)
    const before = port === undefined ? undefined : waiting.get(port)?.shift()
    return before === undefined ? [] : [[before, sockets]]
  })
}

/** Of either family: a server that moves from 127.0.0.1 to :: is the same one. */
function portKey({ row, netns }: Socket): string | undefined {
  return isInetRow(row) ? `${netns?.netns ?? ''} ${row.table.replace(/6$/, '')} ${row.localPort}` : undefined
}

function listenerKinds(before: readonly Socket[], after: readonly Socket[]): ChangeKind[] {
  const kinds: ChangeKind[] = []
  const [was, is] = [before, after].map(holdersOf)
  if (was !== undefined && is !== undefined) {
    if (was.programs !== is.programs) kinds.push('owner')
    else if (was.processes !== is.processes) kinds.push('restarted')
  }
  const [dualBefore, dualAfter] = [before[0]!.dualStack?.dual, after[0]!.dualStack?.dual]
  if (dualBefore !== undefined && dualAfter !== undefined && dualBefore !== dualAfter) kinds.push('dual-stack')
  return kinds
}

/** Who holds a listener; undefined where no owner is known, which says nothing. */
function holdersOf(sockets: readonly Socket[]): { programs: string; processes: string } | undefined {
  const owners = sockets.flatMap(socket => socket.owners ?? [])
  if (owners.length === 0) return undefined
  const list = (texts: readonly string[]) => [...new Set(texts)].toSorted().join('\0')
  return {
    programs: list(owners.map(({ process }) => programName(process))),
    processes: list(sockets.flatMap(socket => ownersKey(socket)?.split(' ') ?? [])),
  }
}

function countChanges(before: readonly Socket[], after: readonly Socket[]): CountChange[] {
  const counts = new Map<string, CountChange>()
  const add = (socket: Socket, side: 'before' | 'after') => {
    const [protocol, state] = [protocolText(socket), stateText(socket)]
    const key = `${protocol} ${state}`
    const count = counts.get(key) ?? { protocol, state, before: 0, after: 0 }
    count[side] += 1
    counts.set(key, count)
  }
  for (const socket of before) add(socket, 'before')
  for (const socket of after) add(socket, 'after')
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, count]) => count)
    .filter(({ before: was, after: is }) => was !== is)
}
