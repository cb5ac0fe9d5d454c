import type { Socket } from '../model.ts'

/** What is different about a socket that stands in both looks. */
export type ChangeKind =
  | 'state'
  /** It was connected to another peer. */
  | 'peer'
  /** It was bound to another address. */
  | 'address'
  /** Other processes hold it. */
  | 'owner'
  /** Another socket waits on the same port, of another process. */
  | 'restarted'
  /** Another socket waits on the same port, of the same process, or it is not known whose. */
  | 'reopened'
  /** A listener on `::` takes IPv4 and did not, or the other way round. */
  | 'dual-stack'
  /** A column that was asked for shows something else. */
  | 'column'

/** A socket that came, went or changed between two looks. */
export interface SocketChange {
  mark: '+' | '-' | '~'
  /** Undefined where it came. */
  before: Socket | undefined
  /** Undefined where it went. */
  after: Socket | undefined
  /** Of `~`. */
  kinds: readonly ChangeKind[]
  /** What the kernel told of its end. */
  end?: SocketEnd | undefined
  /** Of what went: how long it was seen. */
  lived?: Lifetime | undefined
}

/** What a socket carried, by the kernel's own count when it ended. */
export interface SocketEnd {
  bytesSent?: number | undefined
  /** The kernel counts the FIN of the peer as a byte. */
  bytesReceived?: number | undefined
  rttUs?: number | undefined
  retransmits?: number | undefined
}

export interface Lifetime {
  ms: number
  /** It was there when the watch began, so it lived longer. */
  atLeast: boolean
}

/** Sockets that began and ended between two looks, by the service they were of. */
export interface ShortLived {
  /** `accepted` by a listener of this machine, or begun `to` one. */
  side: 'accepted' | 'to'
  protocol: string
  address: string
  port: number
  /** Who listens there, as pid/program; undefined where that is not known. */
  listener: Socket | undefined
  count: number
  bytesSent: number
  bytesReceived: number
}

/** What happened between two looks. */
export interface ChangeRound {
  atMs: number
  changes: SocketChange[]
  shortLived: ShortLived[]
  /** Sockets that ended since the look before, as far as the kernel told. */
  closed: number
  /** Ends that the kernel could not tell, as they came too fast. */
  lost: number
  /** Every socket of the later look. */
  sockets: readonly Socket[]
}

/** What two looks at one machine, perhaps long apart, have different. */
export interface SocketDiff {
  /** Of sockets that wait for others: `+` added, `-` gone, `~` on another address or of another owner. */
  listeners: SocketChange[]
  /** How many others there are in each state, where that differs; undefined where it was not compared. */
  counts: CountChange[] | undefined
  /** The others one by one; undefined where that was not asked for, or cannot be told. */
  connections: SocketChange[] | undefined
}

export interface CountChange {
  protocol: string
  /** Empty where the protocol has none. */
  state: string
  before: number
  after: number
}
