import { isUnixListener } from '../../../kernel/unix-socket.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { Owner } from '../../../processes/owner.ts'
import type { Socket } from '../../model.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { ChangeKind, SocketChange } from '../change.ts'
import { matchSockets, type MatchedSockets } from './match-sockets.ts'

/** The text of the columns that were asked for, as they are compared; undefined where none was. */
export type ShownColumns = ((socket: Socket) => string) | undefined

/**
 * What came, went and changed: listeners first, then what went, came and changed, each in the order of its look. Bytes in
 * queues come and go: they count only where `columns` shows them.
 */
export function socketChanges(
  before: readonly Socket[],
  after: readonly Socket[],
  columns?: ShownColumns,
): { changes: SocketChange[]; pairs: MatchedSockets['pairs'] } {
  const { pairs, gone, came } = matchSockets(before, after)
  const restarted = restartedListeners(gone, came)
  const replaced = new Set(restarted.flatMap(change => [change.before, change.after]))
  const changed = pairs.flatMap(([was, is]): SocketChange[] => {
    const kinds = changeKinds(was, is, columns)
    return kinds.length === 0 ? [] : [{ mark: '~', before: was, after: is, kinds }]
  })
  const changes: SocketChange[] = [
    ...restarted,
    ...gone
      .filter(socket => !replaced.has(socket))
      .map((socket): SocketChange => ({ mark: '-', before: socket, after: undefined, kinds: [] })),
    ...came
      .filter(socket => !replaced.has(socket))
      .map((socket): SocketChange => ({ mark: '+', before: undefined, after: socket, kinds: [] })),
    ...changed,
  ]
  return { changes, pairs }
}

function changeKinds(before: Socket, after: Socket, columns: ShownColumns): ChangeKind[] {
  const [was, is] = [before.row, after.row]
  const kinds: ChangeKind[] = []
  if ('state' in was && 'state' in is && was.state !== is.state) kinds.push('state')
  if (isInetRow(was) && isInetRow(is)) {
    if (was.remoteAddress !== is.remoteAddress || was.remotePort !== is.remotePort) kinds.push('peer')
    if (was.localAddress !== is.localAddress || was.localPort !== is.localPort) kinds.push('address')
  }
  // A socket that the kernel finishes by itself loses its owners with its state: that is said once.
  const isClosed = is.inode === '0' && was.inode !== '0'
  if (!isClosed && ownersKey(before) !== undefined && ownersKey(after) !== undefined) {
    if (ownersKey(before) !== ownersKey(after)) kinds.push('owner')
  }
  if (kinds.length === 0 && columns !== undefined && columns(before) !== columns(after)) kinds.push('column')
  return kinds
}

/** Who holds it: pids with the time they started; undefined where owners were not looked for. */
export function ownersKey({ owners }: Socket): string | undefined {
  return owners?.map(processKey).toSorted().join(' ')
}

const processKey = ({ process }: Owner) => `${process.pid}@${process.startTicks ?? ''}`

/** A port that was given up and taken again between two looks. */
function restartedListeners(gone: readonly Socket[], came: readonly Socket[]): SocketChange[] {
  const waiting = new Map<string, Socket[]>()
  for (const socket of gone) {
    const key = listenerKey(socket)
    if (key !== undefined) waiting.set(key, [...(waiting.get(key) ?? []), socket])
  }
  return came.flatMap((after): SocketChange[] => {
    const key = listenerKey(after)
    const before = key === undefined ? undefined : waiting.get(key)?.shift()
    if (before === undefined) return []
    const [was, is] = [ownersKey(before), ownersKey(after)]
    const kind = was && is && was !== is ? 'restarted' : 'reopened'
    return [{ mark: '~', before, after, kinds: [kind] }]
  })
}

/**
 * What a socket that waits for others is known by across restarts: namespace, protocol, address and port, or the path.
 * Undefined for one that does not wait.
 */
export function listenerKey(socket: Socket): string | undefined {
  const { row, netns } = socket
  const place = `${netns?.netns ?? ''} ${row.table}`
  if (row.table === 'unix') return isUnixListener(row) && row.path ? `${place} ${row.path}` : undefined
  if (!isInetRow(row) || row.table.startsWith('raw') || row.table.startsWith('icmp')) return undefined
  const waits = row.table.startsWith('tcp') ? row.state === TCP_STATE.listen : row.remotePort === 0
  return waits ? `${place} ${row.localAddress} ${row.localPort}` : undefined
}
