/** The number of a socket: exact as a number up to 2^53, which the kernel rarely leaves; else as a bigint. */
export type CookieKey = number | bigint

/** What of a connection is remembered. */
const COLUMNS = [
  /** Highest counts seen, or what the counts began with. */
  'received',
  'sent',
  'retransmits',
  'dataSegmentsIn',
  /** What came since the look before. */
  'receivedNow',
  'sentNow',
  'retransmitsNow',
  /** What came while nobody had searched for its owner. */
  'receivedHeld',
  'sentHeld',
  'retransmitsHeld',
  'openedHeld',
  /** Number of the owner; see {@link NOT_SEARCHED}. */
  'owner',
  /** The look that showed it last. */
  'look',
  'flags',
] as const

type ColumnName = (typeof COLUMNS)[number]

export const NOT_SEARCHED = -1

/** Bits of the column `flags`. */
export const FLAG = {
  /** Its end was counted. */
  ended: 1,
  /** The kernel told its end: nothing more comes. */
  told: 2,
  /** The FIN of the peer was seen: one of the bytes received is none. */
  fin: 4,
  /** There is an earlier look to compare with. */
  rated: 8,
} as const

const FIRST_ROOM = 256

/** Connections by cookie, each a place in columns of numbers: tens of thousands of objects would be collected again and again. */
export class ConnectionColumns {
  readonly #places = new Map<CookieKey, number>()
  readonly #free: number[] = []
  #room = FIRST_ROOM
  #next = 0
  readonly #columns = Object.fromEntries(COLUMNS.map(name => [name, new Float64Array(FIRST_ROOM)])) as Record<
    ColumnName,
    Float64Array
  >

  get size(): number {
    return this.#places.size
  }

  /** Not to be kept: adding a connection may replace it. */
  column(name: ColumnName): Float64Array {
    return this.#columns[name]
  }

  placeOf(cookie: CookieKey): number | undefined {
    return this.#places.get(cookie)
  }

  /** A place of nothing but zeros. */
  add(cookie: CookieKey): number {
    const place = this.#free.pop() ?? this.#next++
    if (place >= this.#room) this.#grow()
    for (const name of COLUMNS) this.#columns[name][place] = 0
    this.#places.set(cookie, place)
    return place
  }

  remove(cookie: CookieKey): void {
    const place = this.#places.get(cookie)
    if (place === undefined) return
    this.#places.delete(cookie)
    this.#free.push(place)
  }

  /** In the order they were added. */
  entries(): MapIterator<[CookieKey, number]> {
    return this.#places.entries()
  }

  #grow(): void {
    this.#room *= 2
    for (const name of COLUMNS) {
      const larger = new Float64Array(this.#room)
      larger.set(this.#columns[name])
      this.#columns[name] = larger
    }
  }
}
