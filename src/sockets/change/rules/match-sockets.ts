import { TCP_STATE, TIME_WAIT } from '../../../kernel/tcp-state.ts'
import type { Socket } from '../../model.ts'
import { isInetRow, type SocketRow } from '../../tables/socket-row.ts'

export interface MatchedSockets {
  /** The same socket in both looks. */
  pairs: [before: Socket, after: Socket][]
  gone: Socket[]
  came: Socket[]
}

/**
 * Finds each socket of one look again in another: by the kernel's cookie, else by its inode, else by its pointer and its
 * ends. What is left of two looks is one connection where its ends are the same and it was just closed (a process gave it
 * up: its inode becomes 0 and its pointer another one) or just accepted.
 */
export function matchSockets(before: readonly Socket[], after: readonly Socket[]): MatchedSockets {
  const pairs: MatchedSockets['pairs'] = []
  let left: { gone: readonly Socket[]; came: readonly Socket[] } = { gone: before, came: after }
  for (const { keyOf, goesOn } of STEPS) {
    const found = pairUp(left.gone, left.came, keyOf, goesOn)
    pairs.push(...found.pairs)
    left = found
  }
  return { pairs, gone: [...left.gone], came: [...left.came] }
}

interface Step {
  keyOf: (socket: Socket) => string | undefined
  /** Whether what has the same key can be the same socket. */
  goesOn: (before: Socket, after: Socket) => boolean
}

const STEPS: readonly Step[] = [
  { keyOf: ({ kernel, ...socket }) => kernel && `${placeOf(socket)} ${kernel.cookie}`, goesOn: () => true },
  { keyOf: inodeKey, goesOn: noOtherCookie },
  { keyOf: pointerKey, goesOn: noOtherCookie },
  { keyOf: bareKey, goesOn: (before, after) => noOtherCookie(before, after) && noOtherPointer(before, after) },
  {
    keyOf: tupleKey,
    goesOn: (before, after) => noOtherCookie(before, after) && isSameConnection(before, after),
  },
]

function pairUp(before: readonly Socket[], after: readonly Socket[], keyOf: Step['keyOf'], goesOn: Step['goesOn']) {
  const waiting = new Map<string, Socket[]>()
  for (const socket of before) {
    const key = keyOf(socket)
    if (key === undefined) continue
    const others = waiting.get(key)
    if (others === undefined) waiting.set(key, [socket])
    else others.push(socket)
  }
  const pairs: MatchedSockets['pairs'] = []
  const found = new Set<Socket>()
  const came: Socket[] = []
  for (const socket of after) {
    const key = keyOf(socket)
    const candidates = key === undefined ? undefined : waiting.get(key)
    const at = candidates?.findIndex(candidate => goesOn(candidate, socket)) ?? -1
    if (at === -1) came.push(socket)
    else {
      const [was] = candidates!.splice(at, 1)
      found.add(was!)
      pairs.push([was!, socket])
    }
  }
  return { pairs, gone: before.filter(socket => !found.has(socket)), came }
}

/** The namespace and table it stands in. */
const placeOf = ({ row, netns }: Pick<Socket, 'row' | 'netns'>) => `${netns?.netns ?? ''} ${row.table}`

/** Its local end counts, too: odd tables show one inode for several sockets. */
function inodeKey(socket: Socket): string | undefined {
  const { row } = socket
  if (row.inode === '0') return undefined
  return `${placeOf(socket)} ${row.inode}${isInetRow(row) ? ` ${row.localPort}` : ''}`
}

function pointerKey(socket: Socket): string | undefined {
  const { row } = socket
  const pointer = 'pointer' in row ? row.pointer : undefined
  return pointer === undefined ? undefined : `${placeOf(socket)} ${pointer} ${endsOf(row)}`
}

/** What has neither inode nor anything else of its own is known by its ends and its state. */
function bareKey(socket: Socket): string | undefined {
  const { row } = socket
  return row.inode === '0' ? `${placeOf(socket)} ${endsOf(row)} ${'state' in row ? row.state : ''}` : undefined
}

function tupleKey(socket: Socket): string | undefined {
  const { row } = socket
  return isInetRow(row) && row.table.startsWith('tcp') && row.remotePort !== 0
    ? `${placeOf(socket)} ${endsOf(row)}`
    : undefined
}

function endsOf(row: SocketRow): string {
  return isInetRow(row) ? `${row.localAddress}:${row.localPort} ${row.remoteAddress}:${row.remotePort}` : ''
}

function noOtherPointer({ row: before }: Socket, { row: after }: Socket): boolean {
  const [was, is] = [before, after].map(row => ('pointer' in row ? row.pointer : undefined))
  return was === undefined || is === undefined || was === is
}

function noOtherCookie({ kernel: before }: Socket, { kernel: after }: Socket): boolean {
  return before === undefined || after === undefined || before.cookie === after.cookie
}

/**
 * Two rows with the same ends: one connection, unless both have an inode (then they are two sockets, one after the
 * other) or the first was in TIME_WAIT (then a new connection took its ports over).
 */
function isSameConnection({ row: before }: Socket, { row: after }: Socket): boolean {
  if (!isInetRow(before) || !isInetRow(after)) return false
  if (before.inode !== '0' && after.inode !== '0') return false
  return before.state !== TIME_WAIT && after.state !== TCP_STATE.synSent && after.state !== TCP_STATE.synRecv
}
