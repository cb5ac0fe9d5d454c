import { ConnectionColumns, FLAG, NOT_SEARCHED, type CookieKey } from './connection-columns.ts'
import { TrafficOwners, UNKNOWN_OWNER, type TrafficCounters } from './traffic-owners.ts'

/** What the kernel has counted of one connection so far. */
export interface ConnectionCounts {
  cookie: CookieKey
  /** Bytes received in order; the FIN of the peer counts as one. */
  received: number
  /** Bytes of payload sent, without those sent again. */
  sent: number
  /** Segments sent again. */
  retransmits: number
  /** Segments received that had payload; undefined where the kernel does not tell. */
  dataSegmentsIn: number | undefined
}

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

/** Bytes and segments in the time between the last two looks. */
export interface TrafficAmounts {
  receivedBytes: number
  sentBytes: number
  retransmits: number
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
  readonly #connections = new ConnectionColumns()
  readonly #hearsEnds: boolean
  readonly #maxAbsent: number
  readonly #totals: TrafficCounters = { receivedBytes: 0, sentBytes: 0, retransmits: 0, opened: 0, closed: 0 }
  /** The same at the end of the last look, and of the one before. */
  #marked: [TrafficCounters, TrafficCounters] = [{ ...this.#totals }, { ...this.#totals }]
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
  }

  /** All that was counted, with what still waits for its owner. */
  get totals(): Readonly<TrafficCounters> {
    return this.#totals
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
    return this.#connections.size
  }

  /** Time between the last two looks; undefined before the second. */
  get seconds(): number | undefined {
    return this.#seconds
  }

  knows(cookie: CookieKey): boolean {
    return this.#connections.placeOf(cookie) !== undefined
  }

  beginLook(atMs: number): void {
    if (this.#look === 0) this.#firstLookMs = atMs
    else this.#seconds = (atMs - this.#lookedMs) / 1000
    this.#look += 1
    this.#lookedMs = atMs
  }

  /** A connection of this look. Returns its place, for {@link amountsAt}. */
  see(seen: SeenConnection): number {
    const known = this.#connections.placeOf(seen.cookie)
    const place = known ?? this.#connections.add(seen.cookie)
    const flags = this.#connections.column('flags')
    this.#connections.column('look')[place] = this.#look
    // A row that was read before its end was told.
    if ((flags[place]! & FLAG.told) !== 0) return place
    if (known === undefined) this.#begin(place, seen)
    else flags[place]! |= FLAG.rated
    if (seen.finReceived) flags[place]! |= FLAG.fin
    if (seen.owner !== undefined) {
      this.#giveHeld(place, seen.owner)
      this.#connections.column('owner')[place] = seen.owner
    }
    this.#count(place, seen, seen.finReceived ? 1 : 0, true)
    return place
  }

  /** The owner of a connection of this look was found: what waited for it counts. */
  assign(place: number, owner: number): void {
    if (this.#connections.column('owner')[place] === NOT_SEARCHED) this.#giveHeld(place, owner)
  }

  /** `whole`: every connection there was has been seen. */
  endLook(whole = true): void {
    const flags = this.#connections.column('flags')
    const looks = this.#connections.column('look')
    if (whole) this.#sawAll = true
    this.#absent = 0
    for (const [cookie, place] of this.#connections.entries()) {
      if (looks[place] === this.#look) continue
      this.#nothingNow(place)
      if ((flags[place]! & FLAG.told) !== 0) this.#connections.remove(cookie)
      else if (whole) {
        this.#end(place)
        if (this.#hearsEnds) this.#absent += 1
        else this.#forget(cookie, place)
      }
    }
    this.#forgetAbsent()
    this.#forgetOwners()
    this.owners.mark()
    this.#marked = [this.#marked[1], { ...this.#totals }]
  }

  /** The end of a connection, as the kernel told it. */
  end(ended: EndedConnection, atMs: number): void {
    const known = this.#connections.placeOf(ended.cookie)
    const place = known ?? this.#connections.add(ended.cookie)
    const flags = this.#connections.column('flags')
    if ((flags[place]! & FLAG.told) !== 0) return
    if (known === undefined) {
      this.#connections.column('look')[place] = this.#look
      this.#connections.column('owner')[place] = ended.acceptedBy ?? UNKNOWN_OWNER
      if (!this.#isYoung(ended, atMs)) {
        flags[place] = FLAG.told | FLAG.ended
        return
      }
      this.#open(place)
    }
    const fin = this.#finOf(place, ended)
    this.#count(place, ended, fin ? 1 : 0, false)
    if (fin === undefined && ended.received > 0) this.#unsure += 1
    this.#giveHeld(place, ended.acceptedBy ?? UNKNOWN_OWNER)
    this.#end(place)
    this.#connections.column('flags')[place]! |= FLAG.told
  }

  /** Undefined where nobody has searched for it. */
  ownerAt(place: number): number | undefined {
    if (place === -1) return undefined
    const owner = this.#connections.column('owner')[place]!
    return owner === NOT_SEARCHED ? undefined : owner
  }

  /** What a connection carried between the last two looks; undefined where only one has shown it. */
  amountsAt(place: number): TrafficAmounts | undefined {
    if ((this.#connections.column('flags')[place]! & FLAG.rated) === 0) return undefined
    return {
      receivedBytes: this.#connections.column('receivedNow')[place]!,
      sentBytes: this.#connections.column('sentNow')[place]!,
      retransmits: this.#connections.column('retransmitsNow')[place]!,
    }
  }

  #begin(place: number, seen: SeenConnection): void {
    this.#connections.column('owner')[place] = seen.owner ?? NOT_SEARCHED
    if (this.#look > 1 && this.#sawAll) {
      this.#connections.column('flags')[place] = FLAG.rated
      this.#open(place)
      return
    }
    this.#connections.column('received')[place] = seen.received - (seen.finReceived ? 1 : 0)
    this.#connections.column('sent')[place] = seen.sent
    this.#connections.column('retransmits')[place] = seen.retransmits
  }

  /** A connection that only its end tells of began after the first look, unless nothing moved on it since. */
  #isYoung({ idleMs = 0 }: EndedConnection, atMs: number): boolean {
    return this.#sawAll && atMs - idleMs >= Math.max(this.#firstLookMs, this.#forgottenMs)
  }

  /** Undefined where it cannot be told: segments came in since the last look, and a FIN may have been one of them. */
  #finOf(place: number, { received, dataSegmentsIn }: EndedConnection): boolean | undefined {
    if ((this.#connections.column('flags')[place]! & FLAG.fin) !== 0) return true
    const grew = received - this.#connections.column('received')[place]!
    if (grew <= 0) return false
    return dataSegmentsIn === this.#connections.column('dataSegmentsIn')[place] ? true : undefined
  }

  /** Takes what the counts have grown by; the kernel may set them back (a reset by the own program does). */
  #count(place: number, counts: ConnectionCounts, fin: number, isLook: boolean): void {
    const received = this.#grown('received', place, counts.received - fin)
    const sent = this.#grown('sent', place, counts.sent)
    const retransmits = this.#grown('retransmits', place, counts.retransmits)
    this.#connections.column('dataSegmentsIn')[place] = counts.dataSegmentsIn ?? Number.NaN
    if (isLook) {
      this.#connections.column('receivedNow')[place] = received
      this.#connections.column('sentNow')[place] = sent
      this.#connections.column('retransmitsNow')[place] = retransmits
    }
    this.#totals.receivedBytes += received
    this.#totals.sentBytes += sent
    this.#totals.retransmits += retransmits
    const owner = this.#connections.column('owner')[place]!
    if (owner !== NOT_SEARCHED) this.owners.add(owner, received, sent, retransmits, 0, 0)
    else {
      this.#connections.column('receivedHeld')[place]! += received
      this.#connections.column('sentHeld')[place]! += sent
      this.#connections.column('retransmitsHeld')[place]! += retransmits
    }
  }

  #grown(name: 'received' | 'sent' | 'retransmits', place: number, value: number): number {
    const column = this.#connections.column(name)
    const by = Math.max(0, value - column[place]!)
    column[place]! += by
    return by
  }

  #open(place: number): void {
    this.#totals.opened += 1
    const owner = this.#connections.column('owner')[place]!
    if (owner === NOT_SEARCHED) this.#connections.column('openedHeld')[place] = 1
    else this.owners.add(owner, 0, 0, 0, 1, 0)
  }

  #end(place: number): void {
    const flags = this.#connections.column('flags')
    if ((flags[place]! & FLAG.ended) !== 0) return
    flags[place]! |= FLAG.ended
    this.#totals.closed += 1
    this.#giveHeld(place, UNKNOWN_OWNER)
    this.owners.add(this.#connections.column('owner')[place]!, 0, 0, 0, 0, 1)
  }

  /** Nobody searched while it could still be found: `owner` gets what waited. */
  #giveHeld(place: number, owner: number): void {
    const owners = this.#connections.column('owner')
    // Of what has an owner nothing is held.
    if (owners[place] !== NOT_SEARCHED) return
    owners[place] = owner
    const received = this.#taken('receivedHeld', place)
    const sent = this.#taken('sentHeld', place)
    const retransmits = this.#taken('retransmitsHeld', place)
    const opened = this.#taken('openedHeld', place)
    if (received + sent + retransmits + opened > 0) this.owners.add(owner, received, sent, retransmits, opened, 0)
  }

  #taken(name: 'receivedHeld' | 'sentHeld' | 'retransmitsHeld' | 'openedHeld', place: number): number {
    const column = this.#connections.column(name)
    const value = column[place]!
    column[place] = 0
    return value
  }

  #nothingNow(place: number): void {
    this.#connections.column('receivedNow')[place] = 0
    this.#connections.column('sentNow')[place] = 0
    this.#connections.column('retransmitsNow')[place] = 0
  }

  #forget(cookie: CookieKey, place: number): void {
    this.#giveHeld(place, UNKNOWN_OWNER)
    this.#connections.remove(cookie)
  }

  /** Of too many the first that were ever seen go. */
  #forgetAbsent(): void {
    if (this.#absent <= this.#maxAbsent) return
    const looks = this.#connections.column('look')
    for (const [cookie, place] of this.#connections.entries()) {
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
    const column = this.#connections.column('owner')
    for (const [, place] of this.#connections.entries()) used.add(column[place]!)
    if (this.owners.size > used.size + MAX_IDLE_OWNERS) this.owners.keepOnly(number => used.has(number))
  }
}
