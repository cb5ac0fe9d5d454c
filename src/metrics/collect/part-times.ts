import type { MetricSet } from '../metric-set.ts'

const PARTS = ['namespaces', 'sockets', 'owners', 'counters', 'local_ports', 'traffic'] as const
export type Part = (typeof PARTS)[number]

/** How long the parts of one answer took, and which failed: a part that fails takes no other with it. */
export class PartTimes {
  readonly #ms = new Map<Part, number>()
  readonly #failed = new Set<Part>()

  /** What `read` gives; undefined where it throws. */
  of<T>(part: Part, read: () => T): T | undefined {
    const start = performance.now()
    try {
      return read()
    } catch (error) {
      this.#fail(part, error)
      return undefined
    } finally {
      this.#add(part, start)
    }
  }

  async ofAsync<T>(part: Part, read: () => Promise<T>): Promise<T | undefined> {
    const start = performance.now()
    try {
      return await read()
    } catch (error) {
      this.#fail(part, error)
      return undefined
    } finally {
      this.#add(part, start)
    }
  }

  addTo(set: MetricSet): void {
    for (const part of PARTS) {
      const ms = this.#ms.get(part)
      if (ms === undefined) continue
      set.set('linsight_scrape_duration_seconds', ms / 1000, { part })
      set.set('linsight_part_up', this.#failed.has(part) ? 0 : 1, { part })
    }
  }

  #add(part: Part, start: number): void {
    this.#ms.set(part, (this.#ms.get(part) ?? 0) + performance.now() - start)
  }

  /** What could not be read carries the name of an errno, or is an error of ours; anything else is a bug. */
  #fail(part: Part, error: unknown): void {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error
    this.#failed.add(part)
  }
}
