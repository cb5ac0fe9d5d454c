import type { Socket } from '../model.ts'
import { isInetRow, type SocketRow } from '../tables/socket-row.ts'
import { columnLines, type Column } from '../../terminal/columns.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { wrap } from '../../terminal/wrap.ts'
import { SOCKET_COLUMNS, socketColumns, type ColumnChanges, type SocketColumnName } from './columns.ts'
import { tcpInfoText } from './tcp-info-text.ts'
import type { TextContext } from './cell-text.ts'
import type { Theme } from '../../terminal/theme.ts'

export interface SocketTableOptions {
  /** -a and -l, for netstat's titles. */
  all: boolean
  listening: boolean
  /** -e, -p, -o, --cmdline, --why. */
  extend: boolean
  programs: boolean
  /** --peer: the other end of each socket, and both with their owners. */
  peer: boolean
  timers: boolean
  cmdline: boolean
  why: boolean
  /** --tcp-info: what the kernel knows of a connection, below it. */
  'tcp-info'?: boolean
  /** Where ports lead that are published; set where some of them are. */
  published?: boolean | undefined
  /** Titles and column names. */
  header: boolean
  /** Sections to show even when empty: those that were asked for. */
  sections: { inet: boolean; unix: boolean; packet: boolean; netlink: boolean }
}

/** netstat's unix section has its own widths and its own word for the inode. */
const UNIX_COLUMNS: ColumnChanges = { state: { minWidth: 13 }, inode: { header: 'I-Node', minWidth: 8 } }

/** Where a table goes. */
export interface TableLayout {
  color: boolean
  /** Columns of the terminal, Infinity in a pipe: nothing is cut or left out there. */
  width: number
}

/** What shows a table whole on any terminal. */
const BRING_BACK = '-W'

interface Section {
  title: string
  columns: readonly SocketColumnName[]
  /** Columns that leave a narrow terminal, the first to leave first. */
  leave: readonly SocketColumnName[]
  holds: (row: SocketRow) => boolean
  changes?: ColumnChanges
}

/** netstat's sections: every owner, hostile bytes escaped; whole but on a terminal that is too narrow. */
export function* socketTable(
  sockets: readonly Socket[],
  options: SocketTableOptions,
  context: TextContext,
  theme: Theme,
  layout: TableLayout,
): Generator<string> {
  for (const { title, columns, leave, holds, changes } of sectionsOf(options)) {
    const rows = sockets.filter(({ row }) => holds(row))
    if (options.header)
      yield `${wrap(title, layout.width, 0)
        .split('\n')
        .map(line => theme.heading(line))
        .join('\n')}\n`
    yield* fittedTable(
      socketColumns(columns, context, theme, changes),
      rows,
      options.header,
      layout,
      headersOf(leave, changes),
      options['tcp-info'],
    )
  }
}

/** The columns of `--columns`; those named last leave a narrow terminal first. */
export function* chosenColumns(
  sockets: readonly Socket[],
  names: readonly SocketColumnName[],
  { header, 'tcp-info': tcpInfo }: Pick<SocketTableOptions, 'header' | 'tcp-info'>,
  context: TextContext,
  theme: Theme,
  layout: TableLayout,
): Generator<string> {
  const columns = socketColumns(names, context, theme)
  yield* fittedTable(columns, sockets, header, layout, headersOf(names.slice(1).toReversed()), tcpInfo)
}

const headersOf = (names: readonly SocketColumnName[], changes: ColumnChanges = {}) =>
  names.map(name => changes[name]?.header ?? SOCKET_COLUMNS[name].header)

/** netstat's widths are given up where a terminal has no room for them. */
function fittedTable(
  columns: readonly Column<Socket>[],
  rows: readonly Socket[],
  header: boolean,
  { color, width }: TableLayout,
  leave: readonly string[],
  tcpInfo = false,
): Generator<string, string[]> {
  const below = tcpInfo ? tcpInfoText : undefined
  const fitting = hasRoom(columns, rows, width) ? columns : columns.map(column => ({ ...column, minWidth: undefined }))
  return columnLines(fitting, rows, { widths: 'fit', header, color, width, leave, bringBack: BRING_BACK, below })
}

/** Whether every cell fits beside netstat's widths: blanks are no reason to cut a text. */
function hasRoom(columns: readonly Column<Socket>[], rows: readonly Socket[], width: number): boolean {
  if (width === Infinity) return true
  const widths = columns.map(({ minWidth = 0, header }) => Math.max(minWidth, textWidth(header)))
  for (const row of rows)
    columns.forEach((column, i) => (widths[i] = Math.max(widths[i]!, textWidth(column.cell(row)))))
  return widths.reduce((total, columnWidth) => total + columnWidth + 1, -1) <= width
}

function sectionsOf({
  all,
  listening,
  extend,
  programs,
  peer,
  timers,
  cmdline,
  why,
  published = false,
  sections,
}: SocketTableOptions): Section[] {
  const scope = all ? '(servers and established)' : listening ? '(only servers)' : '(w/o servers)'
  const when = (asked: boolean, ...names: SocketColumnName[]) => (asked ? names : [])
  const owner = [...when(programs || peer, 'owner'), ...when(peer, 'peer')]
  const extra = [...when(cmdline, 'cmdline'), ...when(why, 'why')]
  const each: Record<keyof typeof sections, Section> = {
    inet: {
      title: `Active Internet connections ${scope}`,
      columns: [
        ...(['proto', 'recv-q', 'send-q', 'local', 'foreign', 'state'] as const),
        ...when(extend, 'user', 'inode'),
        ...owner,
        ...when(timers, 'timer'),
        ...when(published, 'published'),
        ...extra,
      ],
      leave: ['send-q', 'recv-q', 'inode', 'user', 'proto', 'timer', 'foreign', 'state', 'cmdline', 'owner'],
      holds: row => isInetRow(row) || row.table === 'sctp',
    },
    unix: {
      title: `Active UNIX domain sockets ${scope}`,
      columns: ['proto', 'refs', 'flags', 'type', 'state', 'inode', ...owner, 'path', ...extra],
      leave: ['proto', 'refs', 'inode', 'type', 'flags', 'state', 'cmdline', 'owner'],
      holds: row => row.table === 'unix',
      changes: UNIX_COLUMNS,
    },
    packet: {
      title: 'Packet sockets',
      columns: ['proto', 'refs', 'recv-q', 'interface', 'ethertype', 'user', 'inode', ...owner, ...extra],
      leave: ['refs', 'recv-q', 'inode', 'user', 'proto', 'cmdline', 'ethertype'],
      holds: row => row.table === 'packet',
    },
    netlink: {
      title: 'Netlink sockets',
      columns: ['proto', 'recv-q', 'send-q', 'family', 'port-id', 'groups', 'inode', ...owner, ...extra],
      leave: ['send-q', 'recv-q', 'inode', 'groups', 'proto', 'cmdline', 'port-id'],
      holds: row => row.table === 'netlink',
    },
  }
  return (['inet', 'unix', 'packet', 'netlink'] as const).filter(name => sections[name]).map(name => each[name])
}
