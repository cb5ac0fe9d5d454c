import { optional } from '../../errors.ts'
import type { Libc } from '../../libc/libc.ts'
import {
  DumpTraffic,
  openClosings,
  TrafficOwners,
  UNKNOWN_OWNER,
  type TrafficCounters,
  type TrafficGroup,
} from '../../sockets/index.ts'
import type { MetricSet } from '../metric-set.ts'
import type { Labels } from '../model.ts'
import type { Owners } from '../owners/owners.ts'
import { OTHER } from '../rules/fold.ts'
import type { Place, TcpReading } from './reading.ts'

/** The kernel has room for some thousands of ends. */
const HEARING_MS = 100

/** Series that are there besides those of owners: nobody known, and `other`. */
const BESIDES = 2

/**
 * Bytes and retransmits by program, as counters that never fall: what connections carry from look to look, and what they
 * had carried when the kernel told their end. Owners that come when there are as many as have series count for `other`,
 * and stay there.
 */
export class Traffic {
  readonly #libc: Libc
  readonly #owners: Owners
  readonly #groups: TrafficOwners
  readonly #most: number
  readonly #places = new Map<string, DumpTraffic>()
  /** Labels → number. */
  readonly #numbers = new Map<string, number>()
  /** Place of a holder in the last search → number. */
  #ofHolder: (number | undefined)[] = []
  #search: unknown
  /** Of namespaces that have gone. */
  #lost = 0
  readonly #timer: NodeJS.Timeout

  constructor(libc: Libc, owners: Owners, maxSeries: number) {
    this.#libc = libc
    this.#owners = owners
    this.#most = Math.max(1, maxSeries - BESIDES)
    this.#groups = new TrafficOwners(this.#most + 1)
    this.#timer = setInterval(() => this.#hear(), HEARING_MS).unref()
  }

  look(readings: readonly { place: Place; reading: TcpReading }[]): void {
    if (this.#search !== this.#owners.found) {
      this.#search = this.#owners.found
      this.#ofHolder = []
    }
    const keys = new Set(readings.map(({ place }) => place.key))
    for (const [key, traffic] of this.#places) if (!keys.has(key)) this.#leave(key, traffic)
    for (const { place, reading } of readings)
      if (reading.dumps !== undefined) this.#of(place).look(reading.dumps, performance.now())
  }

  addTo(set: MetricSet): void {
    set.addRows(
      [
        'linsight_tcp_process_received_bytes_total',
        'linsight_tcp_process_sent_bytes_total',
        'linsight_tcp_process_retransmitted_segments_total',
      ],
      this.#groups.groups().map(rowOf),
    )
    set.set('linsight_tcp_closed_sockets_lost_total', this.#lost + sum(this.#places.values()))
  }

  close(): void {
    clearInterval(this.#timer)
    for (const traffic of this.#places.values()) traffic.close()
  }

  #of(place: Place): DumpTraffic {
    const known = this.#places.get(place.key)
    if (known !== undefined) return known
    const open = () => openClosings(this.#libc)
    // Where the kernel does not tell of ends, what came after the last look is missing.
    const ends = optional(() => (place.within === undefined ? open() : place.within(open)))
    const traffic = new DumpTraffic(this.#groups, ends, inode => this.#numberOf(inode))
    this.#places.set(place.key, traffic)
    return traffic
  }

  #leave(key: string, traffic: DumpTraffic): void {
    traffic.hear(performance.now())
    this.#lost += traffic.lost()
    traffic.close()
    this.#places.delete(key)
  }

  #hear(): void {
    const nowMs = performance.now()
    for (const traffic of this.#places.values()) traffic.hear(nowMs)
  }

  #numberOf(inode: number): number | undefined {
    const holder = this.#owners.numberOf(inode)
    if (holder === 0) return this.#owners.isSearched(inode) ? UNKNOWN_OWNER : undefined
    return (this.#ofHolder[holder] ??= this.#numberOfLabels(this.#owners.labelsOf(holder)))
  }

  #numberOfLabels(labels: Labels): number {
    const key = JSON.stringify(labels)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const isFull = this.#numbers.size >= this.#most
    // Processes with the same labels are one.
    const number = this.#groups.numberOf({ pid: 0, ...(isFull ? OTHERS : groupOf(labels)) })
    if (!isFull) this.#numbers.set(key, number)
    return number
  }
}

const groupOf = ({ program = '', unit, container }: Labels): TrafficGroup => ({ program, unit, container })

const OTHERS: TrafficGroup = { program: OTHER, unit: OTHER, container: OTHER }

function rowOf({ group, counters }: { group: TrafficGroup | 'other' | undefined; counters: TrafficCounters }) {
  const { program = '', unit = '', container = '' }: Partial<TrafficGroup> = group === 'other' ? OTHERS : (group ?? {})
  const { receivedBytes, sentBytes, retransmits } = counters
  return {
    labels: { program, unit, container },
    values: [receivedBytes, sentBytes, retransmits],
    weight: receivedBytes,
  }
}

function sum(places: Iterable<DumpTraffic>): number {
  let lost = 0
  for (const traffic of places) lost += traffic.lost()
  return lost
}
