/** A process that traffic is counted for. Texts are byte strings. */
export interface TrafficOwner {
  pid: number
  /** Ticks since boot: a pid may be given again. */
  startTicks?: number | undefined
  program: string
  unit?: string | undefined
  container?: string | undefined
}

/** What traffic is summed by beyond the life of a process. */
export type TrafficGroup = Omit<TrafficOwner, 'pid' | 'startTicks'>

/** Counters that never fall. */
export interface TrafficCounters {
  /** Payload, as far as the kernel tells it from SYN and FIN: see TrafficAccountant.unsureBytes. */
  receivedBytes: number
  /** Payload, each byte once however often it was sent. */
  sentBytes: number
  /** Segments sent again. */
  retransmits: number
  /** Connections that began since the first look. */
  opened: number
  closed: number
}

/** What no process was found for. */
export const UNKNOWN_OWNER = 0
/** Where the group of an owner stands once there are as many groups as are kept. */
const OTHER_GROUP = 1

const COUNTERS = ['receivedBytes', 'sentBytes', 'retransmits', 'opened', 'closed'] as const
const WIDTH = COUNTERS.length

/** Program, unit and container: these live as long as the accountant, so their number is bounded. */
const MAX_GROUPS = 4096

/** Numbers of owners, and what was counted for each and for its group. */
export class TrafficOwners {
  readonly #maxGroups: number
  /** Key → number. */
  readonly #numbers = new Map<string, number>()
  readonly #owners: (TrafficOwner | undefined)[] = [undefined]
  readonly #groupOf: number[] = [0]
  readonly #free: number[] = []
  readonly #groupNumbers = new Map<string, number>()
  readonly #groups: (TrafficGroup | undefined)[] = [undefined, undefined]
  readonly #counts = new Counts()
  /** The same at the last two marks. */
  readonly #marked = [new Counts(), new Counts()] as [Counts, Counts]
  readonly #groupCounts = new Counts()

  constructor(maxGroups = MAX_GROUPS) {
    this.#maxGroups = maxGroups
  }

  /** The number of a process, the same for the same process. */
  numberOf(owner: TrafficOwner): number {
    const key = JSON.stringify([owner.pid, owner.startTicks, owner.program, owner.unit, owner.container])
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#free.pop() ?? this.#owners.length
    this.#owners[number] = owner
    this.#groupOf[number] = this.#groupNumberOf(owner)
    for (const counts of [this.#counts, ...this.#marked]) counts.clear(number)
    this.#numbers.set(key, number)
    return number
  }

  /** Undefined for {@link UNKNOWN_OWNER}. */
  ownerOf(number: number): TrafficOwner | undefined {
    return this.#owners[number]
  }

  get size(): number {
    return this.#numbers.size
  }

  /** Owners that are kept, what has none first. */
  numbers(): number[] {
    return [UNKNOWN_OWNER, ...this.#numbers.values()]
  }

  countersOf(number: number): TrafficCounters {
    return this.#counts.of(number)
  }

  /** Ends a stretch of time, and begins the next. */
  mark(): void {
    this.#marked.reverse()
    this.#marked[1].copy(this.#counts)
  }

  /** What was counted in the stretch that ended last. */
  amountsOf(number: number): TrafficCounters {
    const [before, after] = this.#marked.map(counts => counts.of(number)) as [TrafficCounters, TrafficCounters]
    for (const name of COUNTERS) after[name] -= before[name]
    return after
  }

  /** All that was ever counted, by program, unit and container. `group` is undefined of what no process was found for. */
  groups(): { group: TrafficGroup | 'other' | undefined; counters: TrafficCounters }[] {
    const groups: { group: TrafficGroup | 'other' | undefined; counters: TrafficCounters }[] = []
    for (let at = 0; at < this.#groups.length; at += 1) {
      if (at === OTHER_GROUP && this.#groupNumbers.size < this.#maxGroups) continue
      groups.push({ group: at === OTHER_GROUP ? 'other' : this.#groups[at], counters: this.#groupCounts.of(at) })
    }
    return groups
  }

  add(owner: number, received: number, sent: number, retransmits: number, opened: number, closed: number): void {
    this.#counts.add(owner, received, sent, retransmits, opened, closed)
    this.#groupCounts.add(this.#groupOf[owner]!, received, sent, retransmits, opened, closed)
  }

  /** Forgets processes; their groups keep what was counted. */
  keepOnly(isKept: (number: number) => boolean): void {
    for (const [key, number] of this.#numbers) {
      if (isKept(number)) continue
      this.#numbers.delete(key)
      this.#owners[number] = undefined
      this.#free.push(number)
    }
  }

  #groupNumberOf({ program, unit, container }: TrafficOwner): number {
    const key = JSON.stringify([program, unit, container])
    const known = this.#groupNumbers.get(key)
    if (known !== undefined) return known
    if (this.#groupNumbers.size >= this.#maxGroups) return OTHER_GROUP
    const number = this.#groups.push({ program, unit, container }) - 1
    this.#groupNumbers.set(key, number)
    return number
  }
}

/** Rows of counters in one array. */
class Counts {
  #values = new Float64Array(64 * WIDTH)

  add(row: number, received: number, sent: number, retransmits: number, opened: number, closed: number): void {
    const at = this.#at(row)
    const values = this.#values
    values[at]! += received
    values[at + 1]! += sent
    values[at + 2]! += retransmits
    values[at + 3]! += opened
    values[at + 4]! += closed
  }

  of(row: number): TrafficCounters {
    const at = this.#at(row)
    return Object.fromEntries(COUNTERS.map((name, i) => [name, this.#values[at + i]])) as unknown as TrafficCounters
  }

  copy(from: Counts): void {
    if (this.#values.length !== from.#values.length) this.#values = new Float64Array(from.#values)
    else this.#values.set(from.#values)
  }

  clear(row: number): void {
    const at = this.#at(row)
    this.#values.fill(0, at, at + WIDTH)
  }

  #at(row: number): number {
    const at = row * WIDTH
    if (at + WIDTH > this.#values.length) {
      const larger = new Float64Array(Math.max(this.#values.length * 2, at + WIDTH))
      larger.set(this.#values)
      this.#values = larger
    }
    return at
  }
}
