import { columnLines, type Column } from '../../terminal/columns.ts'
import { escapeBytes, escapeText, quoted } from '../../terminal/escape.ts'
import { groupMeaning } from '../meanings/group-meanings.ts'
import type { GroupMembership, GroupsReport } from '../model.ts'
import type { RouteNames } from '../model.ts'
import type { ViewLayout } from './counters-text.ts'

/** netstat's columns, and what a well-known group is for. */
export function groupsText(
  { memberships }: GroupsReport,
  names: RouteNames,
  { theme, width }: ViewLayout,
): Iterable<string> {
  const columns: Column<GroupMembership>[] = [
    {
      header: 'Interface',
      minWidth: 15,
      shrinksTo: 8,
      cell: ({ interfaceName }) => quoted(escapeBytes(interfaceName)),
    },
    { header: 'RefCnt', align: 'right', cell: ({ users }) => String(users) },
    {
      header: 'Group',
      minWidth: 21,
      shrinksTo: 17,
      cell: ({ family, group }) =>
        family === 'link' ? `link ${group}` : quoted(escapeText(names.host(group) ?? group)),
    },
    {
      header: 'For',
      shrinksTo: 16,
      wraps: true,
      cell: ({ group }) => groupMeaning(group) ?? '',
      paint: text => theme.quiet(text),
    },
  ]
  const table = columnLines(columns, memberships, {
    widths: 'fit',
    header: true,
    color: theme.enabled,
    width,
    leave: ['RefCnt'],
  })
  return concat([`${theme.heading('IPv6/IPv4 Group Memberships')}\n`], table)
}

function* concat(...parts: Iterable<string>[]): Generator<string> {
  for (const part of parts) yield* part
}
