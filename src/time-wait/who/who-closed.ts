import type { ProcessName } from '../../processes/process-facts.ts'

/** Who opened the connection that was closed; `unknown` where that was before tracing began. */
export type Role = 'client' | 'server' | 'unknown'

/** One connection that ended in TIME_WAIT (or FIN_WAIT2 without a process) while tracing. */
export interface ClosedConnection {
  localAddress: string
  localPort: number
  remoteAddress: string
  remotePort: number
  role: Role
  /** The first to close; absent where the close came before tracing began. */
  closer: ProcessName | undefined
}

/** connect() that found no free local port: EADDRNOTAVAIL. No counter of the kernel knows of it. */
export interface RefusedConnect {
  process: ProcessName
  remoteAddress: string
  remotePort: number
  /** Calls that failed. */
  count: number
}

/** One process, one role, one service. */
export interface CloserGroup {
  /** Absent where the close came before tracing began. */
  process: (ProcessName & { commandLine?: string | undefined }) | undefined
  role: Role
  /** The service: the local endpoint of a server, the remote one of a client. */
  address: string
  port: number
  /** Connections it closed first. */
  count: number
}

/** Who closed first, as the kernel's tracing tells. */
export interface WhoClosed {
  /** Seconds that were traced. */
  tracedS: number
  /** Who closed first how often. */
  closers: CloserGroup[]
  /** Calls that found no free local port. */
  refused: RefusedConnect[]
  connections: ClosedConnection[]
  /** What the kernel counted meanwhile in this namespace; absent where it does not. */
  counted: { timeWait: number; overflowed: number } | undefined
  /** Connections whose closer is named. */
  explained: number
  /** Connections of other network namespaces, left out. */
  foreign: number
  /** Events the trace buffer dropped. */
  lostEvents: number
}
