import { columnLines, type Column } from '../../../terminal/columns.ts'
import { quoted } from '../../../terminal/escape.ts'
import type { Theme } from '../../../terminal/theme.ts'
import { groupKey, type GroupKeyName } from '../group-keys.ts'
import type { SocketGroup, SocketGroups } from '../group-sockets.ts'
import { restOf } from './groups-document.ts'

export interface GroupsLayout {
  header: boolean
  width: number
  theme: Theme
  top: number | undefined
  /** Start of processes is known. */
  oldest: boolean
}

const number = (value: number | undefined) => (value === undefined ? '-' : String(value))

/** A line for each group, what `--top` left out, and the total of sockets. */
export function* groupsText(
  { keys, groups, sockets, shared }: SocketGroups,
  { header, width, theme, top = groups.length, oldest }: GroupsLayout,
): Generator<string> {
  const columns = [
    ...keys.map(keyColumn),
    ...countColumns(groups.some(group => group.acceptQueueConnections !== undefined)),
    ...(oldest ? [OLDEST] : []),
    ...(keys.includes('state') ? [] : [STATES]),
  ]
  yield* columnLines(columns, groups.slice(0, top), {
    widths: 'fit',
    header,
    color: theme.enabled,
    width,
    leave: ['Oldest owner', 'Accept-Q', 'Send-Q', 'Recv-Q'],
    bringBack: '-W',
  })
  if (!header) return
  if (groups.length > top) {
    const rest = restOf(groups, top)
    yield `… and ${plural(rest.groups, 'more group')} with ${plural(rest.sockets, 'socket')}\n`
  }
  yield `${plural(sockets, 'socket')} in ${plural(groups.length, 'group')}${sharedText(shared)}\n`
}

const sharedText = (shared: number) =>
  shared === 0 ? '' : `; ${shared} shared by several of them ${shared === 1 ? 'counts' : 'count'} in each`

const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

function keyColumn(name: GroupKeyName, at: number): Column<SocketGroup> {
  return {
    header: groupKey(name).header,
    shrinksTo: 12,
    cell({ values, ownerless }) {
      const value = values[at]
      if (value !== undefined) return quoted(value)
      return ownerless !== undefined && groupKey(name).owners !== undefined ? `- (${ownerless})` : '-'
    },
  }
}

function countColumns(hasListeners: boolean): Column<SocketGroup>[] {
  return [
    { header: 'Sockets', align: 'right', cell: group => String(group.sockets) },
    { header: 'Recv-Q', align: 'right', cell: group => number(group.rxQueueBytes) },
    { header: 'Send-Q', align: 'right', cell: group => number(group.txQueueBytes) },
    ...(hasListeners
      ? [
          {
            header: 'Accept-Q',
            align: 'right' as const,
            cell: (group: SocketGroup) => number(group.acceptQueueConnections),
          },
        ]
      : []),
  ]
}

const OLDEST: Column<SocketGroup> = {
  header: 'Oldest owner',
  cell: ({ oldestStartedAt }) => oldestStartedAt?.replace(/\.\d+Z$/, 'Z') ?? '-',
}

const STATES: Column<SocketGroup> = {
  header: 'States',
  shrinksTo: 16,
  wraps: true,
  cell: ({ states }) =>
    [...states]
      .sort(([a, counted], [b, other]) => other - counted || (a < b ? -1 : 1))
      .map(([state, count]) => `${state} ${count}`)
      .join(', '),
}
