import type { TableName } from '../model.ts'
import type { NameChoice } from '../names/resolve-names.ts'
import type { SocketRequest } from '../plan.ts'
import { chosenTables } from '../rules/selection.ts'
import {
  DETAIL_COLUMNS,
  FULL_FACT_COLUMNS,
  OWNER_COLUMNS,
  PUBLISHED_COLUMNS,
  type SocketColumnName,
} from '../show/columns.ts'
import { moreFacts, type FactsWanted } from '../diag/read-facts.ts'
import { factsForColumns } from '../show/kernel-columns.ts'
import type { SocketTableOptions } from '../show/table.ts'
import { keysOf } from '../group/fail-conditions.ts'
import { ownersFor, type GroupKeyName } from '../group/group-keys.ts'
import { refuseBesideScripts } from './options/script-flags.ts'
import { filterRequest, namesStates, tablesOf, type FilterRequest } from '../filter/filter-request.ts'
import {
  columnNamesOf,
  refuseConflicts,
  refuseOtherJobs,
  selectionOf,
  sortOf,
  tableChoiceOf,
  type NetstatFlags,
} from './flags.ts'
import { operandsOf } from './operands.ts'

/** What a command line of mynetstat asks for. */
export interface NetstatRequest {
  sockets: SocketRequest
  /** Tables whose absence is worth a remark. */
  askedTables: ReadonlySet<TableName>
  names: NameChoice
  columns: SocketColumnName[] | undefined
  sort: { name: SocketColumnName; descending: boolean } | undefined
  /** The other end of each socket is looked for. */
  peers: boolean
  display: SocketTableOptions
  /** Ports that are published are looked for. */
  published: boolean
  intervalMs: number
  /** The seconds behind -c could as well be a port that was meant. */
  looksLikePort: boolean
  filter: FilterRequest | undefined
  /** Keys of --group-by. */
  groupBy: GroupKeyName[] | undefined
  /** All tables of the letters, whatever the filter leaves. */
  listed: readonly TableName[]
}

export function netstatRequest(
  flags: NetstatFlags & { json?: boolean | undefined; from?: string | undefined },
  words: readonly string[],
): NetstatRequest {
  refuseOtherJobs(flags)
  const choice = tableChoiceOf(flags)
  refuseConflicts(flags)
  refuseBesideScripts(flags, words)
  const groupBy = flags['group-by'] === undefined ? undefined : keysOf(flags['group-by'], '--group-by')
  const { ports, intervalMs, looksLikePort, filter: filterWords } = operandsOf(words, flags)
  const columns = columnNamesOf(flags.columns)
  const sort = sortOf(flags.sort)
  const listed = chosenTables(choice).filter(table => isShown(table, flags.compat, ports))
  const filter = filterWords.length > 0 ? filterRequest(filterWords, listed) : undefined
  const tables = filter === undefined ? listed : tablesOf(filter, listed)
  const selection = selectionOf(flags, ports, flags.summary || (filter !== undefined && namesStates(filter)))
  const named = [...(columns ?? []), ...(sort ? [sort.name] : [])]
  const names = (among: ReadonlySet<SocketColumnName>) => named.some(name => among.has(name))
  const wantsDetails =
    filter?.needs.details ||
    groupBy?.includes('user') ||
    flags.json ||
    flags.compat ||
    flags.extend ||
    flags.timers ||
    names(DETAIL_COLUMNS)
  const wantsOwners = flags.programs || flags.peer || flags.cmdline || flags.why || names(OWNER_COLUMNS)
  // What is counted by process tells its start.
  const isFull = groupBy === undefined ? flags.json || names(FULL_FACT_COLUMNS) : ownersFor(groupBy) !== undefined
  return {
    sockets: {
      tables,
      selection,
      owners: isFull || filter?.needs.owners === 'full' ? 'full' : wantsOwners ? 'name' : filter?.needs.owners,
      singleRead: flags.compat,
      skipDetails: !wantsDetails,
      // In one namespace of many no walk through all connections is worth them.
      skipReferences: !((flags.json && !flags['all-netns']) || flags.compat || named.includes('refs')),
      ...factsOf(flags, named, filter),
      ...(filter?.needs.bound && { bound: true }),
      listUnlisted: flags.unlisted,
      skipOwnerlessReasons:
        groupBy === undefined && !flags.json && !flags.why && !named.includes('why') && !filter?.needs.reasons,
    },
    askedTables: askedTables(flags, tables),
    names: {
      hosts: !(flags.numeric || flags['numeric-hosts'] || flags.json),
      services: !(flags.numeric || flags['numeric-ports'] || flags.json),
      users: !(flags.numeric || flags['numeric-users'] || flags.json),
      mappedApart: flags.compat,
    },
    columns,
    sort,
    peers: flags.peer || named.includes('peer'),
    display: {
      ...flags,
      ...selection,
      header: !flags['no-header'],
      sections: sectionsOf(tables.length > 0 ? tables : listed),
    },
    // What only a rule takes is no socket to be counted or compared.
    published:
      !(flags.compat || flags.summary || groupBy !== undefined || flags.watch) &&
      (flags['all-netns'] || flags.netns !== undefined || ports.length > 0 || names(PUBLISHED_COLUMNS)),
    intervalMs,
    looksLikePort,
    filter,
    groupBy,
    listed,
  }
}

/** --json holds what there is; only what was named is missed where it is not there. */
function factsOf(
  flags: Parameters<typeof netstatRequest>[0],
  named: readonly SocketColumnName[],
  filter: FilterRequest | undefined,
): { facts: FactsWanted | undefined; factsAsked: boolean } {
  const shown = moreFacts(factsForColumns(named), flags['tcp-info'] ? 'tcp-info' : undefined)
  const selected = filter?.needs.tcpInfo ? 'tcp-info' : filter?.needs.kernel ? 'plain' : undefined
  return {
    facts: moreFacts(moreFacts(shown, selected), flags.json ? 'memory' : flags.watch ? 'plain' : undefined),
    factsAsked: shown !== undefined,
  }
}

const OTHER_TABLES: ReadonlySet<TableName> = new Set(['unix', 'packet', 'netlink'])

/** netstat knows no ping sockets, and only internet protocols have ports. */
function isShown(table: TableName, compat: boolean, ports: readonly number[]): boolean {
  return !(compat && table.startsWith('icmp')) && !(ports.length > 0 && OTHER_TABLES.has(table))
}

/** Which parts of the listing there are, empty ones included. */
function sectionsOf(tables: readonly TableName[]): SocketTableOptions['sections'] {
  return {
    inet: tables.some(table => !OTHER_TABLES.has(table)),
    unix: tables.includes('unix'),
    packet: tables.includes('packet'),
    netlink: tables.includes('netlink'),
  }
}

/** Tables asked for by name, and those every kernel has. */
function askedTables(flags: NetstatFlags, tables: readonly TableName[]): Set<TableName> {
  return new Set(
    tables.filter(table => {
      if (table === 'sctp') return flags.sctp || flags.verbose
      if (table.startsWith('udplite')) return flags.udplite || flags.verbose
      return table === 'tcp' || OTHER_TABLES.has(table) || flags.verbose
    }),
  )
}
