import type { NamespaceRef } from '../../namespaces/model.ts'
import type { ProcessState } from '../../processes/state/process-state.ts'
import type { Counters } from '../../proc/net/counters.ts'
import type { Socket } from '../model.ts'
import type { InetRow } from '../tables/inet-row.ts'

/** A socket of an internet protocol. */
export type InetSocket = Socket & { row: InetRow }

/** One look at the sockets of a network namespace and at what belongs to them. */
export interface HealthLook {
  /** Where it looked; undefined where only one namespace is looked at and not named. */
  netns?: NamespaceRef | undefined
  /** When the tables were read, in ms of a clock that all looks share; undefined where a recording does not tell. */
  atMs: number | undefined
  sockets: readonly InetSocket[]
  /** Of net/netstat and net/snmp; empty where they could not be read. */
  counters: Counters
  /** Of net/sockstat; empty where it could not be read. */
  gauges: ReadonlyMap<string, ReadonlyMap<string, number>>
  settings: HealthSettings
  /** What the owners of sockets do, by pid. */
  processes: ReadonlyMap<number, ProcessState>
}

/** Settings that decide what a number means; absent where they could not be read. */
export interface HealthSettings {
  somaxconn?: number | undefined
  maxOrphans?: number | undefined
  /** tcp_mem, in pages: from the second number on the kernel saves memory, above the third nothing is given. */
  tcpMemoryPages?: { pressure: number; limit: number } | undefined
}
