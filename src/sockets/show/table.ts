import type { Socket } from '../model.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { columnLines, type ColumnLayout } from '../../terminal/columns.ts'
import { socketColumns, type ColumnChanges, type SocketColumnName } from './columns.ts'
import type { TextContext } from './cell-text.ts'
import type { Theme } from '../../terminal/theme.ts'

export interface SocketTableOptions {
  /** -a and -l, for netstat's titles. */
  all: boolean
  listening: boolean
  /** -e, -p, -o, --cmdline, --why. */
  extend: boolean
  programs: boolean
  timers: boolean
  cmdline: boolean
  why: boolean
  /** Titles and column names. */
  header: boolean
  /** Sections to show even when empty: those that were asked for. */
  sections: { inet: boolean; unix: boolean; packet: boolean; netlink: boolean }
}

/** netstat's unix section has its own widths and its own word for the inode. */
const UNIX_COLUMNS: ColumnChanges = { state: { minWidth: 13 }, inode: { header: 'I-Node', minWidth: 8 } }

/** netstat's sections, whole: nothing cut, every owner, hostile bytes escaped. */
export function* socketTable(
  sockets: readonly Socket[],
  options: SocketTableOptions,
  context: TextContext,
  theme: Theme,
  widths: ColumnLayout['widths'],
): Generator<string> {
  const layout: ColumnLayout = { widths, header: options.header, color: theme.enabled }
  const scope = options.all ? '(servers and established)' : options.listening ? '(only servers)' : '(w/o servers)'
  const extra: SocketColumnName[] = [
    ...(options.cmdline ? (['cmdline'] as const) : []),
    ...(options.why ? (['why'] as const) : []),
  ]
  const owner: SocketColumnName[] = options.programs ? ['owner'] : []
  const section = function* (
    title: string,
    rows: Socket[],
    columns: SocketColumnName[],
    changes?: ColumnChanges,
  ): Generator<string> {
    if (options.header) yield `${theme.heading(title)}\n`
    yield* columnLines(socketColumns(columns, context, theme, changes), rows, layout)
  }
  if (options.sections.inet) {
    const rows = sockets.filter(({ row }) => isInetRow(row) || row.table === 'sctp')
    const columns: SocketColumnName[] = ['proto', 'recv-q', 'send-q', 'local', 'foreign', 'state']
    if (options.extend) columns.push('user', 'inode')
    columns.push(...owner)
    if (options.timers) columns.push('timer')
    yield* section(`Active Internet connections ${scope}`, rows, [...columns, ...extra])
  }
  if (options.sections.unix) {
    const rows = sockets.filter(({ row }) => row.table === 'unix')
    yield* section(
      `Active UNIX domain sockets ${scope}`,
      rows,
      ['proto', 'refs', 'flags', 'type', 'state', 'inode', ...owner, 'path', ...extra],
      UNIX_COLUMNS,
    )
  }
  if (options.sections.packet) {
    const rows = sockets.filter(({ row }) => row.table === 'packet')
    yield* section('Packet sockets', rows, [
      'proto',
      'refs',
      'recv-q',
      'interface',
      'ethertype',
      'user',
      'inode',
      ...owner,
      ...extra,
    ])
  }
  if (options.sections.netlink) {
    const rows = sockets.filter(({ row }) => row.table === 'netlink')
    yield* section('Netlink sockets', rows, [
      'proto',
      'recv-q',
      'send-q',
      'family',
      'port-id',
      'groups',
      'inode',
      ...owner,
      ...extra,
    ])
  }
}
