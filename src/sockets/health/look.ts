import type { NamespaceRef } from '../../namespaces/model.ts'
import type { Owner } from '../../processes/owner.ts'
import type { ProcessFacts } from '../../processes/process-facts.ts'
import type { ProcessState } from '../../processes/state/process-state.ts'
import type { Counters } from '../../proc/net/counters.ts'
import type { Socket } from '../model.ts'
import type { InetRow } from '../tables/inet-row.ts'

/** A socket of an internet protocol. */
export type InetSocket = Socket & { row: InetRow }

/** What processes hold. */
export type Owned = Pick<Socket, 'owners'>

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
  /** What a tracer counted since the look before; undefined where none ran. */
  traced?: TracedSockets | undefined
  /** Processes whose executable is asked for beside those that listen. */
  programs?: readonly ProcessFacts[] | undefined
}

/** What only events tell. */
export interface TracedSockets {
  /** Connections accepted from a listener, by its inode. */
  accepted(inode: string): number
  /** Connections that were given up, or ended without an answer. */
  unanswered: readonly UnansweredConnect[]
  /** Segments sent again, by local and remote port; those of connecting are left out. */
  sentAgain: readonly { localPort: number; remotePort: number; count: number }[]
}

/** Tries of one process to connect to one place, without an answer. */
export interface UnansweredConnect {
  owners: Owner[]
  address: string
  port: number
  count: number
}

/** Settings that decide what a number means; absent where they could not be read. */
export interface HealthSettings {
  somaxconn?: number | undefined
  maxOrphans?: number | undefined
  /** tcp_mem, in pages: from the second number on the kernel saves memory, above the third nothing is given. */
  tcpMemoryPages?: { pressure: number; limit: number } | undefined
}
