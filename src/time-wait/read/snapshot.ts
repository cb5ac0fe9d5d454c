import type { InetRow } from '../../sockets/model.ts'
import type { SocketOwners } from '../../processes/owner.ts'
import type { Warning } from '../../warnings.ts'
import type { TcpCounters } from '../model.ts'
import type { ConnectionsByOpener } from '../rules/connections-by-opener.ts'
import type { PortSettings } from './port-settings.ts'
import type { FindTimeWait, TimeWaitTable } from '../../sockets/model.ts'

/** Everything that one reading of a network namespace gives; `timeWaitReport` makes the report from it. */
export interface TimeWaitSnapshot {
  timeWaitSockets: TimeWaitTable
  find: FindTimeWait
  /** Rows that stood twice in the tables. */
  duplicates: number
  /** The other rows of tcp and tcp6: sockets in any other state, or that a process has open. */
  sockets: InetRow[]
  connections: ConnectionsByOpener
  /** Why counts are lower bounds; absent where the tables are whole. */
  incomplete: string | undefined
  /** TCP: tw of sockstat, before and after the tables; the same number in a recording. */
  sockstatBefore: number | undefined
  sockstat: number | undefined
  counters: TcpCounters
  settings: PortSettings
  owners: SocketOwners
  userHz: number | undefined
  /** CONFIG_HZ of the kernel. */
  hz: number | undefined
  warnings: Warning[]
  /** Path below /proc → errno name. */
  unreadable: Record<string, string>
}
