import { FLAG, NOT_SEARCHED, type CookieKey } from './connection-columns.ts'
import { TrafficLedger, type ConnectionCounts, type TrafficAmounts } from './traffic-ledger.ts'
import { TrafficOwners, UNKNOWN_OWNER, type TrafficCounters } from './traffic-owners.ts'

/** A connection as a look shows it. */
export interface SeenConnection extends ConnectionCounts {
  /** Its state says that the FIN of the peer is among the bytes received. */
  finReceived: boolean
  /** Number of its owner; undefined where nobody has searched yet: what it carries waits until somebody has. */
  owner: number | undefined
}

/** A connection whose end the kernel told. */
export interface EndedConnection extends ConnectionCounts {
  /** How long before its end something was last sent or received; undefined where that is not known. */
  idleMs: number | undefined
  /** Owner of a connection that no look has shown: that of the listener that accepted it. */
  acceptedBy: number | undefined
}

/** Connections that are in no look any more, whose end may be told yet: a program may keep a socket that was reset for days. */
const MAX_ABSENT = 65_536
/** Processes without a connection that are remembered. */
const MAX_IDLE_OWNERS = 4096

/**
 * Counts what TCP connections carry, from looks at all of them (their counts so far) and from their ends, which the
 * kernel tells with the last counts. Each byte is counted once, for the owner that the connection had; no counter falls.
 * What connections carried before the first look does not count. Looks and ends may come in any order.
 */
export class TrafficAccountant {
  readonly owners: TrafficOwners
  readonly #ledger: TrafficLedger
  readonly #hearsEnds: boolean
  readonly #maxAbsent: number
  /** The totals at the end of the last look, and of the one before. */
  #marked: [TrafficCounters, TrafficCounters]
  #look = 0
  /** A look has shown every connection: what comes to light later is younger. */
  #sawAll = false
  #firstLookMs = 0
  #absent = 0
  /** When the youngest connection had gone of those that were forgotten. */
  #forgottenMs = -Infinity
  #lookedMs = 0
  #seconds: number | undefined
  #unsure = 0

  /** `hearsEnds`: the kernel tells the ends of connections. */
  constructor({ hearsEnds = true, maxAbsent = MAX_ABSENT, owners = new TrafficOwners() } = {}) {
    this.#hearsEnds = hearsEnds
    this.#maxAbsent = maxAbsent
    this.owners = owners
    this.#ledger = new TrafficLedger(owners)
    this.#marked = [{ ...this.#ledger.totals }, { ...this.#ledger.totals }]
  }

  /** All that was counted, with what still waits for its owner. */
  get totals(): Readonly<TrafficCounters> {
    return this.#ledger.totals
  }

  /** What was counted from the look before the last to the last. */
  get amounts(): TrafficCounters {
    const [before, after] = this.#marked
    return {
      receivedBytes: after.receivedBytes - before.receivedBytes,
      sentBytes: after.sentBytes - before.sentBytes,
      retransmits: after.retransmits - before.retransmits,
      opened: after.opened - before.opened,
      closed: after.closed - before.closed,
    }
  }

  /** So many of the bytes received may be none: ends of which it is not known whether the peer's FIN was counted. */
  get unsureBytes(): number {
    return this.#unsure
  }

  /** Connections that are remembered. */
  get size(): number {
    return this.#ledger.connections.size
  }

  /** Time between the last two looks; undefined before the second. */
  get seconds(): number | undefined {
    return this.#seconds
  }

  knows(cookie: CookieKey): boolean {
    return this.#ledger.connections.placeOf(cookie) !== undefined
  }

  beginLook(atMs: number): void {
    if (this.#look === 0) this.#firstLookMs = atMs
    else this.#seconds = (atMs - this.#lookedMs) / 1000
    this.#look += 1
    this.#lookedMs = atMs
  }

  /** A connection of this look. Returns its place, for {@link amountsAt}. */
  see(seen: SeenConnection): number {
    const known = this.#ledger.connections.placeOf(seen.cookie)
    const place = known ?? this.#ledger.connections.add(seen.cookie)
    const flags = this.#ledger.connections.column('flags')
    this.#ledger.connections.column('look')[place] = this.#look
    // A row that was read before its end was told.
    if ((flags[place]! & FLAG.told) !== 0) return place
    if (known === undefined) this.#begin(place, seen)
    else flags[place]! |= FLAG.rated
    if (seen.finReceived) flags[place]! |= FLAG.fin
    if (seen.owner !== undefined) {
      this.#ledger.giveHeld(place, seen.owner)
      this.#ledger.connections.column('owner')[place] = seen.owner
    }
    this.#ledger.count(place, seen, seen.finReceived ? 1 : 0, true)
    return place
  }

  /** The owner of a connection of this look was found: what waited for it counts. */
  assign(place: number, owner: number): void {
    if (this.#ledger.connections.column('owner')[place] === NOT_SEARCHED) this.#ledger.giveHeld(place, owner)
  }

  /** `whole`: every connection there was has been seen. */
  endLook(whole = true): void {
    const flags = this.#ledger.connections.column('flags')
    const looks = this.#ledger.connections.column('look')
    if (whole) this.#sawAll = true
    this.#absent = 0
    for (const [cookie, place] of this.#ledger.connections.entries()) {
      if (looks[place] === this.#look) continue
      this.#ledger.nothingNow(place)
      if ((flags[place]! & FLAG.told) !== 0) this.#ledger.connections.remove(cookie)
      else if (whole) {
        this.#ledger.close(place)
        if (this.#hearsEnds) this.#absent += 1
        else this.#forget(cookie, place)
      }
    }
    this.#forgetAbsent()
    this.#forgetOwners()
    this.owners.mark()
    this.#marked = [this.#marked[1], { ...this.#ledger.totals }]
  }

  /** The end of a connection, as the kernel told it. */
  end(ended: EndedConnection, atMs: number): void {
    const known = this.#ledger.connections.placeOf(ended.cookie)
    const place = known ?? this.#ledger.connections.add(ended.cookie)
    const flags = this.#ledger.connections.column('flags')
    if ((flags[place]! & FLAG.told) !== 0) return
    if (known === undefined) {
      this.#ledger.connections.column('look')[place] = this.#look
      this.#ledger.connections.column('owner')[place] = ended.acceptedBy ?? UNKNOWN_OWNER
      if (!this.#isYoung(ended, atMs)) {
        flags[place] = FLAG.told | FLAG.ended
        return
      }
      this.#ledger.open(place)
    }
    const fin = this.#finOf(place, ended)
    this.#ledger.count(place, ended, fin ? 1 : 0, false)
    if (fin === undefined && ended.received > 0) this.#unsure += 1
    this.#ledger.giveHeld(place, ended.acceptedBy ?? UNKNOWN_OWNER)
    this.#ledger.close(place)
    this.#ledger.connections.column('flags')[place]! |= FLAG.told
  }

  /** Undefined where nobody has searched for it. */
  ownerAt(place: number): number | undefined {
    return place === -1 ? undefined : this.#ledger.ownerAt(place)
  }

  /** What a connection carried between the last two looks; undefined where only one has shown it. */
  amountsAt(place: number): TrafficAmounts | undefined {
    return this.#ledger.amountsAt(place)
  }

  #begin(place: number, seen: SeenConnection): void {
    this.#ledger.connections.column('owner')[place] = seen.owner ?? NOT_SEARCHED
    if (this.#look > 1 && this.#sawAll) {
      this.#ledger.connections.column('flags')[place] = FLAG.rated
      this.#ledger.open(place)
      return
    }
    this.#ledger.beginWith(place, seen, seen.finReceived ? 1 : 0)
  }

  /** A connection that only its end tells of began after the first look, unless nothing moved on it since. */
  #isYoung({ idleMs = 0 }: EndedConnection, atMs: number): boolean {
    return this.#sawAll && atMs - idleMs >= Math.max(this.#firstLookMs, this.#forgottenMs)
  }

  /** Undefined where it cannot be told: segments came in since the last look, and a FIN may have been one of them. */
  #finOf(place: number, { received, dataSegmentsIn }: EndedConnection): boolean | undefined {
    if ((this.#ledger.connections.column('flags')[place]! & FLAG.fin) !== 0) return true
    const grew = received - this.#ledger.connections.column('received')[place]!
    if (grew <= 0) return false
    return dataSegmentsIn === this.#ledger.connections.column('dataSegmentsIn')[place] ? true : undefined
  }

  #forget(cookie: CookieKey, place: number): void {
    this.#ledger.giveHeld(place, UNKNOWN_OWNER)
    this.#ledger.connections.remove(cookie)
  }

  /** Of too many the first that were ever seen go. */
  #forgetAbsent(): void {
    if (this.#absent <= this.#maxAbsent) return
    const looks = this.#ledger.connections.column('look')
    for (const [cookie, place] of this.#ledger.connections.entries()) {
      if (this.#absent <= this.#maxAbsent) return
      if (looks[place] === this.#look) continue
      this.#forget(cookie, place)
      this.#absent -= 1
      this.#forgottenMs = this.#lookedMs
    }
  }

  #forgetOwners(): void {
    if (this.owners.size <= MAX_IDLE_OWNERS) return
    const used = new Set<number>()
    const column = this.#ledger.connections.column('owner')
    for (const [, place] of this.#ledger.connections.entries()) used.add(column[place]!)
    if (this.owners.size > used.size + MAX_IDLE_OWNERS) this.owners.keepOnly(number => used.has(number))
  }
}
