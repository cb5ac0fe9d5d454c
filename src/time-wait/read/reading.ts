import type { FindTimeWait, InetRow, TimeWaitTable } from '../../sockets/model.ts'
import type { PortSettings } from './port-settings.ts'
import type { SocketHolders } from '../../processes/owner.ts'
import type { TcpCounters } from '../model.ts'

/** Everything one look at a network namespace gives. */
export interface TimeWaitReading {
  minis: TimeWaitTable
  find: FindTimeWait
  duplicates: number
  /** Rows of tcp and tcp6 that are more than mini-sockets. */
  sockets: InetRow[]
  /** Whether a table is missing or cut short, so that counts are lower bounds. */
  incomplete: boolean
  /** TCP: tw of sockstat, before and after the tables; the same number in a recording. */
  sockstatBefore: number | undefined
  sockstat: number | undefined
  counters: TcpCounters
  settings: PortSettings
  holders: SocketHolders
  userHz: number | undefined
  /** CONFIG_HZ of the kernel. */
  hz: number | undefined
}
