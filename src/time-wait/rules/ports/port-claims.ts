/** Ports with the time until each is free; a port that is claimed twice is free when the later claim ends. */
export class PortClaims {
  /** Ticks until it is free, + 1; 0 where nobody claims it. */
  readonly #ticks = new Float64Array(65536)
  readonly #ports: number[] = []
  /** New claims per second. */
  perS = 0

  /** `freeInTicks` is Infinity for a connection that is open. */
  add(port: number, freeInTicks: number): void {
    if (this.#ticks[port] === 0) this.#ports.push(port)
    this.#ticks[port] = Math.max(this.#ticks[port]!, freeInTicks + 1)
  }

  /** Claims on ports that are not among `own`. */
  without(own: Iterable<number>): { open: number; freesInTicks: number[] } {
    const isOwn = new Uint8Array(65536)
    for (const port of own) isOwn[port] = 1
    const others = this.#ports.filter(port => isOwn[port] === 0).map(port => this.#ticks[port]! - 1)
    const freesInTicks = others.filter(ticks => ticks !== Infinity)
    return { open: others.length - freesInTicks.length, freesInTicks }
  }
}
