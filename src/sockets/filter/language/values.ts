/** A whole number in C's notation: `80`, `0x50`, `0120`; undefined where it is none. Source: strtol(3), base 0. */
export function integerOf(text: string): number | undefined {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text.slice(2), 16)
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8)
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined
}

export type Unit = 'count' | 'bytes' | 's' | 'ms'

/** What one of each is in the unit that values are kept in. */
const UNITS: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  count: {},
  bytes: {
    b: 1,
    k: 1024,
    kb: 1024,
    kib: 1024,
    m: 1024 ** 2,
    mb: 1024 ** 2,
    mib: 1024 ** 2,
    g: 1024 ** 3,
    gb: 1024 ** 3,
  },
  s: { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 },
  ms: { us: 0.001, ms: 1, s: 1000 },
}

/** What a value may look like, for an error. */
export const UNIT_EXAMPLES: Readonly<Record<Unit, string>> = {
  count: 'a number',
  bytes: 'a number of bytes, as 4096, 64K or 1M',
  s: 'a time, as 30s, 5m or 2h; without a unit seconds',
  ms: 'a time, as 50ms, 800us or 1s; without a unit milliseconds',
}

/** A number with a unit (`64K`, `50ms`); undefined where it is none. */
export function quantityOf(text: string, unit: Unit): number | undefined {
  const plain = integerOf(text)
  if (plain !== undefined) return plain
  const [, digits, name = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text) ?? []
  if (digits === undefined || unit === 'count') return undefined
  const factor = name === '' ? 1 : UNITS[unit][name.toLowerCase()]
  if (factor === undefined || /^0\d/.test(digits)) return undefined
  return unit === 'bytes' ? Math.round(Number(digits) * factor) : Number((Number(digits) * factor).toPrecision(12))
}

/** A number so that {@link quantityOf} gives it again. */
export function quantityText(value: number, unit: Unit): string {
  if (unit === 'count' || unit === 'bytes') return String(value)
  // Never in the notation with an exponent.
  return `${value.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 12 })}${unit}`
}
