import type { FactLevel } from '../processes/read-process-facts.ts'
import type { FactsWanted } from './diag/read-facts.ts'
import { selectsOnlyListeners } from './filter/needs.ts'
import type { SocketFilter } from './filter/socket-filter.ts'
import type { TableName } from './model.ts'
import type { SocketSelection } from './rules/selection.ts'
import { ALL_TABLES } from './tables/read-tables.ts'

/** What is asked of the sockets of one network namespace. */
export interface SocketRequest {
  tables: readonly TableName[]
  selection: SocketSelection
  /** Look for owners, and how much to read of each. */
  owners: FactLevel | undefined
  /** Folder of the tables below the proc root, `net` where absent. */
  folder?: string
  /** Of several namespaces: no table of a namespace is walked that by the gauges holds only listeners, or nothing. */
  trustGauges?: boolean
  /** As netstat reads: every table once, duplicates kept, nothing checked or read again. */
  singleRead?: boolean
  /** Users, timers, references and pointers of TCP sockets are not displayed: rows may lack them. */
  skipDetails?: boolean
  /** References are not displayed: listening TCP sockets may lack them. */
  skipReferences?: boolean
  /** What only the kernel knows is displayed. */
  facts?: FactsWanted | undefined
  /** It was asked for by name: that it is not known is worth a remark. */
  factsAsked?: boolean
  /** Sockets that processes hold and no table lists are named, not only counted. */
  listUnlisted?: boolean
  /** Reasons why a socket has no owner are not displayed: those that cost a search are not looked for. */
  skipOwnerlessReasons?: boolean
  /** TCP sockets that are bound and no more, which only the kernel's own answer has. */
  bound?: boolean | undefined
  /** Of the sockets that `selection` leaves only these. */
  filter?: SocketFilter | undefined
}

/** How a {@link SocketRequest} is answered: which tables and descriptors are read, in which order. */
export interface ReadPlan {
  folder: string
  /** Tables to read. */
  tables: readonly TableName[]
  /** Those of them whose rows are shown. */
  shownTables: ReadonlySet<TableName>
  selection: SocketSelection
  /** Of net/tcp and net/tcp6 only the listeners are read, which stand first. */
  listenersOnly: boolean
  singleRead: boolean
  trustGauges?: boolean
  /** The kernel may be asked for TCP sockets instead of reading their table. */
  skipDetails: boolean
  /** The same of listeners only. */
  skipListenerDetails: boolean
  facts: FactsWanted | undefined
  factsAsked: boolean
  /** Of TCP and unix sockets only listeners get facts. */
  factListenersOnly: boolean
  owners: OwnerPlan | undefined
  filter: SocketFilter | undefined
  bound?: boolean | undefined
}

export interface OwnerPlan {
  level: FactLevel
  /** All tables are read before any descriptor, so that sockets held but not listed can be counted. */
  countUnlisted: boolean
  /** They are named, too. */
  listUnlisted: boolean
  skipReasons: boolean
  /** Owners in the order /proc listed them, as netstat takes them; by pid otherwise. */
  asListed: boolean
}

export function planRead(request: SocketRequest): ReadPlan {
  const { tables, selection, owners, folder = 'net', filter } = request
  const { singleRead = false, skipDetails = false, skipReferences = false } = request
  const { skipOwnerlessReasons = false, listUnlisted = false, trustGauges = false } = request
  // Only with all tables read is it known which of the held sockets no table lists.
  const countUnlisted = owners === 'full' && !singleRead && (!trustGauges || listUnlisted)
  const onlyListeners =
    (selection.listening && !selection.all) || (filter !== undefined && selectsOnlyListeners(filter.tree))
  return {
    folder,
    tables: countUnlisted ? [...new Set([...ALL_TABLES, ...tables])] : tables,
    shownTables: new Set(tables),
    selection,
    listenersOnly: onlyListeners && !countUnlisted,
    singleRead,
    ...(trustGauges && { trustGauges }),
    skipDetails: skipDetails && !singleRead,
    skipListenerDetails: skipReferences && !singleRead,
    facts: singleRead ? undefined : request.facts,
    factsAsked: request.factsAsked ?? false,
    factListenersOnly: onlyListeners,
    owners: owners && {
      level: owners,
      countUnlisted,
      listUnlisted: countUnlisted && listUnlisted,
      skipReasons: skipOwnerlessReasons,
      asListed: singleRead,
    },
    filter,
    ...(request.bound && { bound: true }),
  }
}
