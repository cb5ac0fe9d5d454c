import { optional } from '../../errors.ts'
import type { Libc } from '../../libc/libc.ts'
import { parseExactCounters } from '../../proc/net/counters.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { MAX_SERIES } from '../families.ts'
import { MetricSet } from '../metric-set.ts'
import type { Exposition } from '../model.ts'
import { Owners } from '../owners/owners.ts'
import { addCounters } from '../rules/counter-families.ts'
import { TcpTally } from '../rules/tcp-tally.ts'
import { LocalPorts } from './local-ports.ts'
import { PartTimes } from './part-times.ts'
import { Places } from './places.ts'
import { readTcp, type Place, type TcpReading } from './reading.ts'
import { addSelf } from './self.ts'
import { Traffic } from './traffic.ts'

/** What adds to every answer what it gathers by itself, in the background. */
export interface Contributor {
  addTo(set: MetricSet): void
}

export interface CollectorOptions {
  /** With `dumpSockets` where the kernel can be asked. */
  source: ProcSource
  /** Read every network namespace; `libc` enters those that have no process. */
  allNamespaces?: { libc: Libc | undefined } | undefined
  /** Count bytes by program from the first answer on; needs what `loadLibc` gives. */
  traffic?: Libc | undefined
  version: string
  maxSeries?: number | undefined
  contributors?: readonly Contributor[] | undefined
  owners?: Owners | undefined
}

/** Makes answers, one after the other. What has to be remembered between two of them is bounded. */
export class Collector {
  readonly #options: CollectorOptions
  readonly #owners: Owners
  readonly #places: Places | undefined
  readonly #localPorts = new LocalPorts()
  readonly #traffic: Traffic | undefined

  constructor(options: CollectorOptions) {
    this.#options = options
    this.#owners = options.owners ?? new Owners(options.source)
    if (options.allNamespaces !== undefined) this.#places = new Places(options.source, options.allNamespaces.libc)
    if (options.traffic !== undefined)
      this.#traffic = new Traffic(options.traffic, this.#owners, options.maxSeries ?? MAX_SERIES)
  }

  close(): void {
    this.#traffic?.close()
  }

  /** One answer. A search for owners is waited for no longer than `budgetMs`. */
  async collect(budgetMs: number): Promise<Exposition> {
    const deadlineMs = performance.now() + budgetMs
    const { source, version, maxSeries, contributors = [] } = this.#options
    const set = new MetricSet(maxSeries)
    const times = new PartTimes()
    const places = times.of('namespaces', () => this.#places?.list() ?? [{ key: 'own', labels: {}, source }]) ?? []
    const readings = places.flatMap(
      place => times.of('sockets', () => [{ place, reading: readTcp(place.source) }]) ?? [],
    )
    const areKnown = await times.ofAsync('owners', () => this.#findOwners(readings, deadlineMs))
    for (const { place, reading } of readings) {
      times.of('sockets', () => {
        const tally = new TcpTally(this.#owners)
        reading.forEach(socket => tally.add(socket))
        tally.addTo(set, place.labels)
      })
    }
    for (const place of places) times.of('counters', () => addCounters(set, countersOf(place.source), place.labels))
    const traffic = this.#traffic
    if (traffic !== undefined)
      times.of('traffic', () => {
        traffic.look(readings)
        traffic.addTo(set)
      })
    times.of('local_ports', () => this.#localPorts.addTo(set, readings))
    for (const contributor of contributors) contributor.addTo(set)
    this.#addOwners(set, areKnown !== true)
    if (this.#places !== undefined) set.set('linsight_unreadable_namespaces', this.#places.unreadable)
    times.addTo(set)
    addSelf(set, version)
    return set.exposition(new Date().toISOString())
  }

  /** False where sockets are left whose owner is not known yet. */
  #findOwners(readings: readonly { reading: TcpReading }[], deadlineMs: number): Promise<boolean> {
    const owners = this.#owners
    const missing = new Set<number>()
    for (const { reading } of readings)
      reading.forEach(({ inode }) => {
        if (inode !== 0 && owners.numberOf(inode) === 0) missing.add(inode)
      })
    return this.#owners.refresh(missing, deadlineMs)
  }

  #addOwners(set: MetricSet, isStale: boolean): void {
    const { found, ageMs, searches } = this.#owners
    set.set('linsight_owner_scans_total', searches)
    set.set('linsight_owners_stale', isStale ? 1 : 0)
    set.set('linsight_owner_scan_age_seconds', ageMs === undefined ? undefined : ageMs / 1000)
    set.set('linsight_unreadable_processes', found?.unreadable)
  }
}

const countersOf = (source: Place['source']) =>
  (['net/snmp', 'net/netstat'] as const).flatMap(path => {
    const bytes = optional(() => source.readFile(path))
    return bytes === undefined ? [] : [parseExactCounters(bytes)]
  })
