import { isLoopbackIp, isUnspecifiedIp, unmapIp } from '../../../kernel/ip-address.ts'
import { columnLines, type Column } from '../../../terminal/columns.ts'
import type { Theme } from '../../../terminal/theme.ts'
import { wrap } from '../../../terminal/wrap.ts'
import { localText, ownersText, pathText, protocolText, type TextContext } from '../../show/cell-text.ts'
import type { Socket } from '../../model.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { CountChange, SocketChange, SocketDiff } from '../change.ts'
import { isSame } from '../rules/socket-diff.ts'
import { paintMark, socketLines } from './change-text.ts'

export interface DiffLayout {
  theme: Theme
  width: number
}

/** Listeners first, then how many others there are, then these one by one. */
export function* diffText(
  diff: SocketDiff,
  names: { old: string; new: string },
  context: TextContext,
  { theme, width }: DiffLayout,
): Generator<string> {
  yield `${theme.quiet(wrap(`- ${names.old}`, width, 2))}\n${theme.quiet(wrap(`+ ${names.new}`, width, 2))}\n`
  if (isSame(diff)) {
    yield 'no difference\n'
    return
  }
  const layout = { widths: 'fit', header: false, color: theme.enabled, width } as const
  if (diff.listeners.length > 0) {
    yield `${theme.heading('Listeners')}\n`
    yield* columnLines(listenerColumns(context, theme), diff.listeners, { ...layout, leave: ['Reach', 'Proto'] })
  }
  if (diff.counts !== undefined && diff.counts.length > 0) {
    yield `${theme.heading('Others, by state')}\n`
    yield* columnLines(COUNT_COLUMNS, diff.counts, { ...layout, header: true })
  }
  if (diff.connections !== undefined && diff.connections.length > 0) {
    yield `${theme.heading('Others, one by one')}\n`
    yield socketLines(diff.connections, context, { theme, width, owners: true })
  }
}

const placeText = (socket: Socket, context: TextContext) =>
  socket.row.table === 'unix' ? pathText(socket) : localText(socket, context)

function listenerColumns(context: TextContext, theme: Theme): Column<SocketChange>[] {
  const both =
    (cell: (socket: Socket) => string) =>
    ({ before, after }: SocketChange) => {
      const [was, is] = [before, after].map(socket => socket && cell(socket))
      return was === undefined || is === undefined || was === is ? (is ?? was ?? '') : `${was} → ${is}`
    }
  return [
    { header: '', cell: ({ mark }) => mark, paint: (text, { mark }) => paintMark(theme, mark, text) },
    { header: 'Proto', minWidth: 5, cell: both(protocolText) },
    { header: 'Local Address', minWidth: 21, shrinksTo: 15, cell: both(socket => placeText(socket, context)) },
    { header: 'Reach', shrinksTo: 12, cell: both(reachText) },
    { header: 'Owner', shrinksTo: 12, cell: both(ownersText) },
    { header: 'What', shrinksTo: 12, wraps: true, cell: kindsText },
  ]
}

/** Who can reach an address, as far as it tells itself. */
export function reachText({ row }: Socket): string {
  if (!isInetRow(row)) return ''
  const address = unmapIp(row.localAddress)
  return isLoopbackIp(address) ? 'loopback' : isUnspecifiedIp(address) ? 'every address' : 'one address'
}

const WORDS: Readonly<Record<string, string>> = {
  address: 'another address',
  owner: 'another program',
  restarted: 'the same program, another process',
  'dual-stack': 'takes IPv4: changed',
}

const kindsText = ({ kinds }: SocketChange) => kinds.map(kind => WORDS[kind] ?? kind).join(', ')

const COUNT_COLUMNS: Column<CountChange>[] = [
  { header: 'Proto', minWidth: 5, cell: ({ protocol }) => protocol },
  { header: 'State', minWidth: 11, cell: ({ state }) => state || '-' },
  { header: 'Before', align: 'right', cell: ({ before }) => String(before) },
  { header: 'After', align: 'right', minWidth: 6, cell: ({ after }) => String(after) },
  {
    header: 'Change',
    align: 'right',
    cell: ({ before, after }) => (after > before ? '+' : '') + String(after - before),
  },
]
