import { ConnectionColumns, FLAG, NOT_SEARCHED, type CookieKey } from './connection-columns.ts'
import { UNKNOWN_OWNER, type TrafficCounters, type TrafficOwners } from './traffic-owners.ts'

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

/** Bytes and segments in the time between the last two looks. */
export interface TrafficAmounts {
  receivedBytes: number
  sentBytes: number
  retransmits: number
}

/**
 * What connections have carried so far, and for whom it counts: each byte once, for the owner that the connection had.
 * What comes before anybody has searched for the owner is held until somebody has.
 */
export class TrafficLedger {
  readonly connections = new ConnectionColumns()
  readonly owners: TrafficOwners
  /** All that was counted, with what is held. */
  readonly totals: TrafficCounters = { receivedBytes: 0, sentBytes: 0, retransmits: 0, opened: 0, closed: 0 }

  constructor(owners: TrafficOwners) {
    this.owners = owners
  }

  /** What it carried before does not count. */
  beginWith(place: number, { received, sent, retransmits }: ConnectionCounts, fin: number): void {
    this.connections.column('received')[place] = received - fin
    this.connections.column('sent')[place] = sent
    this.connections.column('retransmits')[place] = retransmits
  }

  /** Takes what the counts have grown by; the kernel may set them back (a reset by the own program does). */
  count(place: number, counts: ConnectionCounts, fin: number, isLook: boolean): void {
    const received = this.#grown('received', place, counts.received - fin)
    const sent = this.#grown('sent', place, counts.sent)
    const retransmits = this.#grown('retransmits', place, counts.retransmits)
    this.connections.column('dataSegmentsIn')[place] = counts.dataSegmentsIn ?? Number.NaN
    if (isLook) {
      this.connections.column('receivedNow')[place] = received
      this.connections.column('sentNow')[place] = sent
      this.connections.column('retransmitsNow')[place] = retransmits
    }
    this.totals.receivedBytes += received
    this.totals.sentBytes += sent
    this.totals.retransmits += retransmits
    const owner = this.connections.column('owner')[place]!
    if (owner !== NOT_SEARCHED) this.owners.add(owner, received, sent, retransmits, 0, 0)
    else {
      this.connections.column('receivedHeld')[place]! += received
      this.connections.column('sentHeld')[place]! += sent
      this.connections.column('retransmitsHeld')[place]! += retransmits
    }
  }

  #grown(name: 'received' | 'sent' | 'retransmits', place: number, value: number): number {
    const column = this.connections.column(name)
    const by = Math.max(0, value - column[place]!)
    column[place]! += by
    return by
  }

  /** A connection has begun. */
  open(place: number): void {
    this.totals.opened += 1
    const owner = this.connections.column('owner')[place]!
    if (owner === NOT_SEARCHED) this.connections.column('openedHeld')[place] = 1
    else this.owners.add(owner, 0, 0, 0, 1, 0)
  }

  /** It has ended: counted once, however often it is told. */
  close(place: number): void {
    const flags = this.connections.column('flags')
    if ((flags[place]! & FLAG.ended) !== 0) return
    flags[place]! |= FLAG.ended
    this.totals.closed += 1
    this.giveHeld(place, UNKNOWN_OWNER)
    this.owners.add(this.connections.column('owner')[place]!, 0, 0, 0, 0, 1)
  }

  /** Nobody searched while it could still be found: `owner` gets what waited. */
  giveHeld(place: number, owner: number): void {
    const owners = this.connections.column('owner')
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
    const column = this.connections.column(name)
    const value = column[place]!
    column[place] = 0
    return value
  }

  /** Undefined where nobody has searched for it. */
  ownerAt(place: number): number | undefined {
    const owner = this.connections.column('owner')[place]!
    return owner === NOT_SEARCHED ? undefined : owner
  }

  /** What a connection carried between the last two looks; undefined where only one has shown it. */
  amountsAt(place: number): TrafficAmounts | undefined {
    if ((this.connections.column('flags')[place]! & FLAG.rated) === 0) return undefined
    return {
      receivedBytes: this.connections.column('receivedNow')[place]!,
      sentBytes: this.connections.column('sentNow')[place]!,
      retransmits: this.connections.column('retransmitsNow')[place]!,
    }
  }

  /** Nothing came since the look before. */
  nothingNow(place: number): void {
    this.connections.column('receivedNow')[place] = 0
    this.connections.column('sentNow')[place] = 0
    this.connections.column('retransmitsNow')[place] = 0
  }
}
