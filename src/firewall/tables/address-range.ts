import { parseIp } from '../../kernel/parse-ip.ts'

/** Addresses from `first` to `last`, as numbers. */
export interface AddressRange {
  family: 4 | 6
  first: bigint
  last: bigint
}

/** The number of an address; undefined where the text is none. */
export function addressNumber(text: string): { family: 4 | 6; number: bigint } | undefined {
  const bytes = parseIp(text)
  if (bytes === undefined) return undefined
  return {
    family: bytes.length === 4 ? 4 : 6,
    number: BigInt(`0x${Buffer.from(bytes).toString('hex')}`),
  }
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1-10.0.0.9` or one address. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const dash = text.indexOf('-')
  if (dash !== -1) return between(text.slice(0, dash), text.slice(dash + 1))
  const [address = '', length, surplus] = text.split('/')
  if (surplus !== undefined) return undefined
  const start = addressNumber(address)
  if (start === undefined) return undefined
  const bits = start.family === 4 ? 32 : 128
  const fixed = length === undefined ? bits : prefixLength(length, start.family)
  return fixed === undefined || fixed > bits ? undefined : prefixRange(start, fixed)
}

function between(from: string, to: string): AddressRange | undefined {
  const [first, last] = [addressNumber(from), addressNumber(to)]
  if (first === undefined || last === undefined || first.family !== last.family || first.number > last.number)
    return undefined
  return { family: first.family, first: first.number, last: last.number }
}

function prefixRange({ family, number }: { family: 4 | 6; number: bigint }, fixed: number): AddressRange {
  const free = BigInt((family === 4 ? 32 : 128) - fixed)
  const first = (number >> free) << free
  return { family, first, last: first + (1n << free) - 1n }
}

/** A number of bits, or a mask whose ones stand in front. */
function prefixLength(text: string, family: 4 | 6): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text)
  const mask = addressNumber(text)
  if (mask === undefined || mask.family !== family) return undefined
  const digits = mask.number.toString(2).padStart(family === 4 ? 32 : 128, '0')
  return /^1*0*$/.test(digits) ? digits.lastIndexOf('1') + 1 : undefined
}

export function holdsAddress(ranges: readonly AddressRange[], family: 4 | 6, number: bigint): boolean {
  return ranges.some(range => range.family === family && range.first <= number && number <= range.last)
}

/** Every address of the family. */
export function isWholeFamily({ family, first, last }: AddressRange): boolean {
  return first === 0n && last === (1n << (family === 4 ? 32n : 128n)) - 1n
}
