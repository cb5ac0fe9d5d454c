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
