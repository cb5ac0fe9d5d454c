import { formatBytes, formatDurationNs } from '../../../terminal/units.ts'
import type { Theme } from '../../../terminal/theme.ts'
import { columnLines, type Column } from '../../../terminal/columns.ts'
import {
  localText,
  ownersText,
  pathText,
  protocolText,
  remoteText,
  stateText,
  type TextContext,
} from '../../show/cell-text.ts'
import type { Socket } from '../../model.ts'
import type { ChangeRound, ShortLived, SocketChange } from '../change.ts'

export interface ChangeLayout {
  theme: Theme
  /** Columns of the terminal, Infinity in a pipe. */
  width: number
  /** Owners are shown. */
  owners: boolean
  /** Lines carry the whole time; on a screen only that of the day. */
  fullTime: boolean
}

/** A line for every change: when, `+` came, `-` went, `~` changed, which socket, what of it. */
export function changeLines(
  { atMs, changes, shortLived }: Pick<ChangeRound, 'atMs' | 'changes' | 'shortLived'>,
  context: TextContext,
  { theme, width, owners, fullTime }: ChangeLayout,
): string {
  const iso = new Date(atMs).toISOString()
  const time = fullTime ? iso : iso.slice(11, 19)
  const rows: Line[] = [
    ...changes.map(change => lineOf(change, context, owners)),
    ...shortLived.map(service => shortLivedLine(service)),
  ]
  const columns: Column<Line>[] = [
    { header: 'Time', minWidth: time.length, cell: () => time, paint: text => theme.quiet(text) },
    { header: '', minWidth: 1, cell: ({ mark }) => mark, paint: (text, { mark }) => paintMark(theme, mark, text) },
    { header: 'Proto', minWidth: 5, cell: ({ protocol }) => protocol },
    { header: 'Local Address', minWidth: 21, shrinksTo: 15, cell: ({ local }) => local },
    { header: 'Foreign Address', minWidth: 21, shrinksTo: 15, cell: ({ remote }) => remote },
    { header: 'State', minWidth: 11, shrinksTo: 11, cell: ({ state }) => state },
    { header: 'What', shrinksTo: 12, cell: ({ what }) => what },
  ]
  const leave = ['Proto', 'What']
  return [...columnLines(columns, rows, { widths: 'fixed', header: false, color: theme.enabled, width, leave })].join(
    '',
  )
}

interface Line {
  mark: SocketChange['mark'] | '±'
  protocol: string
  local: string
  remote: string
  state: string
  what: string
}

function paintMark(theme: Theme, mark: Line['mark'], text: string): string {
  return mark === '+' ? theme.good(text) : mark === '-' ? theme.bad(text) : theme.caution(text)
}

function lineOf(change: SocketChange, context: TextContext, owners: boolean): Line {
  const { mark, before, after } = change
  const socket = after ?? before!
  const texts = (cell: (one: Socket) => string) => {
    const [was, is] = [cell(before ?? socket), cell(socket)]
    return was === is ? is : `${was} → ${is}`
  }
  return {
    mark,
    protocol: protocolText(socket),
    local: texts(one => (one.row.table === 'unix' ? pathText(one) : localText(one, context))),
    remote: texts(one => remoteText(one, context)),
    state: texts(stateText),
    what: whatText(change, owners),
  }
}

/** What a line says behind its socket: how it changed, who holds it, what it carried, how long it lived. */
export function whatText({ before, after, kinds, end, lived }: SocketChange, owners: boolean): string {
  const parts: string[] = []
  if (kinds.includes('restarted')) parts.push('same port, other process')
  if (kinds.includes('reopened')) parts.push('same port, another socket')
  const isNamed = owners && (after ?? before)?.owners !== undefined
  if (isNamed && kinds.some(kind => kind === 'owner' || kind === 'restarted'))
    parts.push(`${ownersText(before!)} → ${ownersText(after!)}`)
  // What was closed has no owner any more: who had it says more.
  else if (isNamed) parts.push(ownersText(after?.owners?.length ? after : (before ?? after!)))
  if (end?.bytesSent !== undefined) parts.push(`sent ${formatBytes(end.bytesSent)}`)
  if (end?.bytesReceived !== undefined) parts.push(`received ${formatBytes(end.bytesReceived)}`)
  if (end?.retransmits) parts.push(`${end.retransmits} retransmits`)
  if (lived !== undefined) parts.push(`lived ${lived.atLeast ? 'at least ' : ''}${formatDurationNs(lived.ms * 1e6)}`)
  return parts.join(', ')
}

function shortLivedLine({
  side,
  protocol,
  address,
  port,
  listener,
  count,
  bytesSent,
  bytesReceived,
}: ShortLived): Line {
  const who = listener?.owners?.length ? ` by ${ownersText(listener)}` : ''
  return {
    mark: '±',
    protocol,
    local: side === 'accepted' ? `${address}:${port}` : '*',
    remote: side === 'to' ? `${address}:${port}` : '*',
    state: `${count} ended`,
    what: `never seen${who}, sent ${formatBytes(bytesSent)}, received ${formatBytes(bytesReceived)}`,
  }
}
