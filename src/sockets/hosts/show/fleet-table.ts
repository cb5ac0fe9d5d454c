import { columnLines, type Column } from '../../../terminal/columns.ts'
import type { Theme } from '../../../terminal/theme.ts'
import { wrap } from '../../../terminal/wrap.ts'
import { ownersText, stateText, wordText, type TextContext } from '../../show/cell-text.ts'
import { socketColumns, SOCKET_COLUMNS, type SocketColumnName } from '../../show/columns.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { HostSocket } from '../host-socket.ts'
import type { EndFinding } from '../rules/unread.ts'

export interface FleetTable {
  theme: Theme
  /** Columns of the terminal, Infinity where nothing may be cut. */
  width: number
  header: boolean
  columns: readonly SocketColumnName[]
  /** Names and ticks of each host. */
  contexts: ReadonlyMap<string, TextContext>
}

/** Findings that are shown; the others are counted. */
const SHOWN_FINDINGS = 10
const BRING_BACK = '-W'

/** Columns that leave a narrow terminal, the first to leave first. */
const LEAVE: readonly SocketColumnName[] = [
  'inode',
  'user',
  'proto',
  'timer',
  'send-q',
  'recv-q',
  'state',
  'foreign',
  'owner',
]

/** The sockets of all hosts in one table, with who is at the other end; below it who has not read. */
export function* fleetTable(
  sockets: readonly HostSocket[],
  findings: readonly EndFinding[],
  { theme, width, header, columns, contexts }: FleetTable,
): Generator<string> {
  const ends = sockets.some(({ end }) => end !== undefined)
  const all: Column<HostSocket>[] = [
    { header: 'Host', cell: ({ host }) => host },
    ...columns.map(name => hostColumn(name, contexts, theme)),
    ...(ends
      ? [otherEnd(theme), otherQueue('Its Recv-Q', 'rxQueueBytes'), otherQueue('Its Send-Q', 'txQueueBytes')]
      : []),
  ]
  yield* columnLines(all, sockets, {
    widths: 'fit',
    header,
    color: theme.enabled,
    width,
    leave: [
      'Its Send-Q',
      'Its Recv-Q',
      ...LEAVE.filter(name => columns.includes(name)).map(name => SOCKET_COLUMNS[name].header),
    ],
    bringBack: BRING_BACK,
  })
  for (const finding of findings.slice(0, SHOWN_FINDINGS)) yield* findingLines(finding, theme, width)
  const more = findings.length - SHOWN_FINDINGS
  if (more > 0) yield `${more} more: --json holds them all\n`
}

/** A column of mynetstat, of the host of each row. */
function hostColumn(
  name: SocketColumnName,
  contexts: ReadonlyMap<string, TextContext>,
  theme: Theme,
): Column<HostSocket> {
  const ofHosts = new Map([...contexts].map(([host, context]) => [host, socketColumns([name], context, theme)[0]!]))
  const [first] = ofHosts.values()
  const { header, align, paint } = first ?? { header: SOCKET_COLUMNS[name].header }
  return {
    header,
    align,
    cell: ({ host, socket }) => ofHosts.get(host)?.cell(socket) ?? '',
    ...(paint && { paint: (text: string, { socket }: HostSocket) => paint(text, socket) }),
  }
}

function otherEnd(theme: Theme): Column<HostSocket> {
  return {
    header: 'Other End',
    cell: endText,
    paint: (text, { end }) =>
      end?.kind === 'not-accepted'
        ? theme.bad(text)
        : end?.kind === 'ambiguous' || end?.kind === 'likely'
          ? theme.caution(text)
          : text,
  }
}

/** Ends that are named one by one. */
const NAMED_ENDS = 3

/** `db1 237/python3`; `?` behind what is not certain, what is known instead where nobody was found. */
function endText({ end, host, socket }: HostSocket): string {
  if (end === undefined) return ''
  if (end.kind === 'one-sided') return `not seen on ${end.hosts!.join(' or ')}`
  if (end.kind === 'not-here') return '-'
  if (end.kind === 'closed') return ''
  const texts = [...new Set(end.ends.map(far => whoText(far, host, socket.netns?.netns)))]
  const more = texts.length > NAMED_ENDS ? ` +${texts.length - NAMED_ENDS}` : ''
  const named = `${texts.slice(0, NAMED_ENDS).join(' or ')}${more}`
  if (end.kind === 'not-accepted') return `${named} (not accepted)`
  if (end.kind === 'likely') return `${named} (likely, NAT)`
  if (end.kind === 'translated') return `${named} (NAT)`
  return end.kind === 'ambiguous' && texts.length === 1 ? `${named} (or another host)` : named
}

function whoText({ host, socket }: HostSocket, fromHost: string, fromNamespace: string | undefined): string {
  const owners = ownersText(socket)
  const who = owners === '-' && stateText(socket) !== '' ? `- ${stateText(socket)}` : owners
  const { netns } = socket
  const isFirst = netns === undefined || netns.namespace.isOwn || (host === fromHost && netns.netns === fromNamespace)
  return `${host} ${who}${isFirst ? '' : ` (${wordText(netns.label)})`}`
}

function otherQueue(header: string, queue: 'rxQueueBytes' | 'txQueueBytes'): Column<HostSocket> {
  return {
    header,
    align: 'right',
    cell({ end }) {
      const row = end?.ends.length === 1 ? end.ends[0]!.socket.row : undefined
      return row !== undefined && isInetRow(row) ? String(row[queue]) : ''
    },
  }
}

function* findingLines(
  { severity, finding, evidence, do: help }: EndFinding,
  theme: Theme,
  width: number,
): Generator<string> {
  const label = severity.toUpperCase().padEnd(9)
  const text = wrap(`${label}${finding}`, width, 9)
  yield `${severity === 'warning' ? theme.caution(label) : theme.quiet(label)}${text.slice(label.length)}\n`
  for (const [name, lines] of [['because', evidence] as const, ['do', help] as const])
    for (const [at, line] of lines.entries()) yield `${wrap(`${(at === 0 ? name : '').padEnd(9)}${line}`, width, 9)}\n`
}
