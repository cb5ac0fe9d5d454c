/**
 * What is left of closed connections, in columns: of 100 000 rows a host has only a handful of fields to say, and as
 * objects they would cost more to build than the kernel takes to print them.
 *
 * A mini-socket is in TIME_WAIT (6) or in FIN_WAIT2 (5), has neither owner nor inode, and dies when its timer fires.
 */
export interface MiniSockets {
  readonly length: number
  /** 5 or 6, see tcp-state. */
  readonly state: Uint8Array
  /** Time left, in ticks of USER_HZ; 0 while the kernel's timer wheel has not yet turned. */
  readonly ticks: Uint32Array
  /** Index into {@link addresses}. */
  readonly local: Uint32Array
  readonly localPort: Uint16Array
  readonly remote: Uint32Array
  readonly remotePort: Uint16Array
  /** Distinct addresses; IPv4 inside IPv6 (`::ffff:192.0.2.1`) counts as IPv4, with which it shares its ports. */
  readonly addresses: readonly string[]
}

/** Row of the mini-socket of a connection, or `undefined`. */
export type FindMini = (
  localAddress: string,
  localPort: number,
  remoteAddress: string,
  remotePort: number,
) => number | undefined

export const FIN_WAIT2 = 5
export const TIME_WAIT = 6
