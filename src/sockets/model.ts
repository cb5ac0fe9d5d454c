import type { Owner } from '../processes/owner.ts'
import type { SocketRow } from './tables/socket-row.ts'

/** Why a socket has no owner to show. */
export type Ownerless =
  /** The kernel keeps it until old segments have died; its process is done with it. */
  | { reason: 'time-wait' }
  /** Established, but the listener has not called accept() yet. */
  | { reason: 'accept-queue'; listenerPids: number[] }
  /** Half-way through the handshake. */
  | { reason: 'syn-queue'; listenerPids: number[] }
  /** Closed by its process; the kernel finishes the conversation. */
  | { reason: 'orphan' }
  /** Made by the kernel itself (nfsd, wireguard, netlink). */
  | { reason: 'kernel' }
  /** Sent over a unix socket and not received yet; the processes that hold such a socket. */
  | { reason: 'in-flight'; candidatePids: number[] }
  /** Some processes could not be looked into. */
  | { reason: 'hidden' }
  /** We see only the processes of a pid namespace. */
  | { reason: 'outside-pid-namespace' }
  /** The recording holds no descriptors. */
  | { reason: 'not-recorded' }
  /** Every process was looked into and none holds it: gone meanwhile, or the kernel's. */
  | { reason: 'none-found' }

/** Whether an IPv6 socket bound to `::` takes IPv4 too, and how that is known. */
export interface DualStack {
  dual: boolean
  evidence: string
}

/** One socket with its owners: what every output is made from. */
export interface Socket {
  row: SocketRow
  /** Undefined where owners were not looked for. */
  owners: Owner[] | undefined
  ownerless?: Ownerless | undefined
  dualStack?: DualStack | undefined
  /** A unix row that may be part of another socket's name: see UnixRow.mayBeForged. */
  unverified?: boolean | undefined
}
