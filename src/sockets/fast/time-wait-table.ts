/**
 * TIME_WAIT sockets (see isTimeWaitSocket) in columns: a host may have 100 000 of them with few fields each, and as
 * objects they would cost more to build than the kernel takes to print them.
 */
export interface TimeWaitTable {
  readonly length: number
  /** TIME_WAIT or FIN_WAIT2. */
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

/** Row of the TIME_WAIT socket of a connection, or `undefined`. */
export type FindTimeWait = (
  localAddress: string,
  localPort: number,
  remoteAddress: string,
  remotePort: number,
) => number | undefined
