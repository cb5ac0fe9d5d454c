import type { BogusLine } from '../proc/bogus-line.ts'
import type { FactsWanted } from './diag/read-facts.ts'
import type { KernelFacts } from './kernel-facts.ts'
import type { SocketRow, TableName } from './tables/socket-row.ts'

export interface TableRequest {
  tables: readonly TableName[]
  littleEndian: boolean
  /** Folder of the tables below the proc root: `net`, or `1234/net` for the namespace of a process. */
  folder?: string
  /** TCP sockets that are bound and no more will be shown, where the kernel is asked. */
  bound?: boolean | undefined
  /** Only listening TCP sockets will be shown. */
  listenersOnly?: boolean
  /** Rows exactly as one read gives them, duplicates and gaps included. */
  singleRead?: boolean
  /** Tables of TCP that by the gauges hold only listeners, or nothing, are not walked: half-open connections are missed. */
  trustGauges?: boolean
  /** Users, timers, references and pointers of TCP sockets will not be shown: rows may lack them. */
  skipDetails?: boolean
  /** The same of listening TCP sockets, of which the kernel's answer lacks only references and pointers. */
  skipListenerDetails?: boolean
  /** What only the kernel knows, of the rows that will be shown. */
  facts?: FactsWanted | undefined
  /** It was asked for by name. */
  factsAsked?: boolean
  /** Tables of which rows will be shown; all of them where absent. */
  shownTables?: ReadonlySet<TableName>
  /** Of TCP and unix sockets only listeners will be shown. */
  factListenersOnly?: boolean
}

export interface TablePart {
  rows: SocketRow[]
  bogus: BogusLine[]
  facts?: Map<SocketRow, KernelFacts>
}

/** Reads one table; what it returns parses it. */
export type TableReader = () => () => TablePart
