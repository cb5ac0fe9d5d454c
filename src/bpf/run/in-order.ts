/** Puts what comes from several CPUs in the order of its time. */
export interface InOrder {
  at(time: number, act: () => void): void
  /** The tracer has read up to that time on one CPU. */
  beat(time: number): void
  flush(): void
}

/**
 * Up to 0.21 bpftrace reads the buffer of one CPU after the other, so a later event of one may come before an earlier one
 * of another. What is older than the last heartbeat but one is complete: a round through all buffers lies between them.
 * Before the first heartbeat nothing is held: a recording without any is shown as it is.
 */
export function inOrder(): InOrder {
  let held: { time: number; act: () => void }[] = []
  let last: number | undefined

  function release(before: number): void {
    const ripe = held.filter(({ time }) => !(time > before))
    held = held.filter(({ time }) => time > before)
    for (const { act } of ripe.sort((a, b) => a.time - b.time)) act()
  }
  return {
    at(time, act) {
      if (last === undefined || Number.isNaN(time)) act()
      else held.push({ time, act })
    },
    beat(time) {
      if (last !== undefined) release(last)
      last = time
    },
    flush: () => release(Infinity),
  }
}
