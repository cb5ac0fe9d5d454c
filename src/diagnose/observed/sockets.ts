import type { Statement } from '../../statement.ts'

export interface ObservedNamespace {
  /** `net:[N]`. */
  netns: string
  /** A process in it. */
  pid: number
  a: NetworkLook
  b?: NetworkLook | undefined
  /** What `tw-stats` says of its local ports, where somebody gets none or many are taken. */
  localPorts?: LocalPorts | undefined
  /** UDP sockets to port 53 at each sample: `inode remote`. */
  lookups?: string[][] | undefined
}

export interface NetworkLook {
  tcp: TcpLook[]
  udp: UdpLook[]
  /** Unix sockets with a name that a program could not bind. */
  unix?: { path: string; inode: string }[] | undefined
  /** How many TCP sockets there are of each state, by number. */
  states: Record<string, number>
  /** TCP sockets by destination, the most first: `address port`, how many, how many of them in TIME_WAIT. */
  destinations: [destination: string, sockets: number, timeWait: number][]
  /** `ListenOverflows` of net/netstat, `RetransSegs` of net/snmp …: name → value. */
  counters: Record<string, number>
}

/** A TCP socket that something may be wrong with; the others are only counted. */
export interface TcpLook {
  local: string
  localPort: number
  remote: string
  remotePort: number
  state: number
  rxQueue: number
  txQueue: number
  /** Of a listener, where the kernel told. */
  limit?: number | undefined
  timer: number
  retransmits: number
  /** Probes that were not answered. */
  probes?: number | undefined
  /** What the kernel told of a connection that probes a closed window or sends again. */
  info?: { backoff: number; segsOut?: number | undefined } | undefined
  inode: string
  uid: number
  /** Of a listener of IPv6, where the kernel was asked: false where it takes IPv4 too. */
  v6only?: boolean | undefined
}

export interface UdpLook {
  local: string
  localPort: number
  remote: string
  remotePort: number
  rxQueue: number
  drops: number
  inode: string
}

/** The destination with the largest share of its local ports taken, and what is to be said of it. */
export interface LocalPorts {
  remote: string
  remotePort: number
  taken: number
  capacity: number | undefined
  /** Processes that have connections to it open. */
  owners: number[]
  /** `ports-exhausted`, `ports-run-out`, `ports-held-open` of tw-stats. */
  advice: Statement[]
}
