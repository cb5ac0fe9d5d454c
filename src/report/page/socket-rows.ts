import type { SocketTable } from '../model.ts'

/** Columns of the table of sockets, in their order. */
export const COLUMNS = [
  'protocol',
  'state',
  'local',
  'remote',
  'recvQ',
  'sendQ',
  'program',
  'pid',
  'service',
  'host',
] as const
export type Column = (typeof COLUMNS)[number]

const NUMBERS: ReadonlySet<Column> = new Set(['recvQ', 'sendQ', 'pid'])
export const isNumber = (column: Column): boolean => NUMBERS.has(column)

const PORTS = 65_536

/** Rows by number; searching and sorting look at no more than they have to. */
export class SocketRows {
  readonly #table: SocketTable
  /** Everything of a row in lower case. */
  readonly #haystack: string[] = []
  readonly #keys = new Map<Column, Float64Array>()
  #ranks: Float64Array | undefined

  constructor(table: SocketTable) {
    this.#table = table
    for (let row = 0; row < table.count; row += 1)
      this.#haystack.push(
        COLUMNS.map(column => this.cell(column, row))
          .join(' ')
          .toLowerCase(),
      )
  }

  get count(): number {
    return this.#table.count
  }

  /** Text of a cell; empty where nothing is known. */
  cell(column: Column, row: number): string {
    const table = this.#table
    if (column === 'local' || column === 'remote') {
      const address = table.texts[table[column][row]!]!
      const port = table[`${column}Port`][row]!
      if (port < 0) return address
      return `${address.includes(':') ? `[${address}]` : address}:${port === 0 ? '*' : port}`
    }
    const value = table[column][row]!
    if (NUMBERS.has(column)) return value < 0 ? '' : String(value)
    return table.texts[value]!
  }

  /** Rows that hold every word. */
  find(query: string): Int32Array {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    const found = new Int32Array(this.count)
    let length = 0
    for (let row = 0; row < this.count; row += 1) {
      const text = this.#haystack[row]!
      if (words.every(word => text.includes(word))) found[length++] = row
    }
    return found.subarray(0, length)
  }

  /** The same rows in another order; equal ones as they were recorded. */
  sorted(rows: Int32Array, column: Column, descending: boolean): Int32Array {
    const keys = this.#keysOf(column)
    const sign = descending ? -1 : 1
    return rows.toSorted((a, b) => sign * (keys[a]! - keys[b]!) || a - b)
  }

  #keysOf(column: Column): Float64Array {
    const known = this.#keys.get(column)
    if (known !== undefined) return known
    const table = this.#table
    const keys = new Float64Array(this.count)
    if (NUMBERS.has(column)) for (let row = 0; row < this.count; row += 1) keys[row] = table[column][row]!
    else {
      const ranks = (this.#ranks ??= rankTexts(table.texts))
      const ports = column === 'local' || column === 'remote' ? table[`${column}Port`] : undefined
      for (let row = 0; row < this.count; row += 1)
        keys[row] = ranks[table[column][row]!]! * PORTS + (ports === undefined ? 0 : Math.max(0, ports[row]!))
    }
    this.#keys.set(column, keys)
    return keys
  }
}

/** Place of each text among all: IPv4 addresses by their numbers, the empty text last. */
function rankTexts(texts: readonly string[]): Float64Array {
  const keyOf = (text: string) =>
    text === ''
      ? '\uffff'
      : /^(\d{1,3}\.){3}\d{1,3}$/.test(text)
        ? text.replaceAll(/\d+/g, part => part.padStart(3, '0'))
        : text.toLowerCase()
  const keys = texts.map(keyOf)
  const order = [...texts.keys()].sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : 0))
  const ranks = new Float64Array(texts.length)
  order.forEach((place, rank) => (ranks[place] = rank))
  return ranks
}
