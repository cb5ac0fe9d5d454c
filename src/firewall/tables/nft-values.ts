import { parseAddressRange, type AddressRange } from './address-range.ts'
import type { PortRange } from '../model.ts'

/** JSON that somebody else wrote: nothing is taken for granted. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }
export type JsonObject = { readonly [key: string]: Json | undefined }

/** The object a value is; an empty one where it is none. */
export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

/** A text or number as it is, what is neither as JSON, nothing as nothing. */
export function wordOf(value: Json | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** Elements of a named set or map of the same table; undefined where there is none of this name. */
export type FindSet = (name: string) => readonly Json[] | undefined

/** Every value that a right side stands for: one, a list of flags, `{set}`, `@name`. Undefined where that is not known. */
export function valuesOf(right: Json | undefined, findSet: FindSet): readonly Json[] | undefined {
  if (right === undefined) return undefined
  if (typeof right === 'string' && right.startsWith('@')) return findSet(right.slice(1))?.map(elementValue)
  if (Array.isArray(right)) return right as Json[]
  const { set, '|': flags } = objectOf(right)
  if (typeof set === 'string' && set.startsWith('@')) return findSet(set.slice(1))?.map(elementValue)
  if (set !== undefined) return listOf(set).map(elementValue)
  return flags === undefined ? [right] : listOf(flags)
}

/** An element with a timeout, a counter or a comment is `{"elem": {"val": …}}`. */
export const elementValue = (element: Json): Json => objectOf(objectOf(element)['elem'])['val'] ?? element

/** Undefined where one of the values is no port or range of them. */
export function portRanges(values: readonly Json[]): PortRange[] | undefined {
  const ranges: PortRange[] = []
  for (const value of values) {
    const [first, last] = bounds(value)
    if (!isPort(first) || !isPort(last) || first > last) return undefined
    ranges.push([first, last])
  }
  return ranges
}

const isPort = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535

function bounds(value: Json): readonly [Json | undefined, Json | undefined] {
  const { range } = objectOf(value)
  return range === undefined ? [value, value] : [listOf(range)[0], listOf(range)[1]]
}

/** Undefined where one of the values is no address of the family or range of them. */
export function addressRanges(values: readonly Json[], family: 4 | 6): AddressRange[] | undefined {
  const ranges: AddressRange[] = []
  for (const value of values) {
    const range = parseAddressRange(addressText(value))
    if (range?.family !== family) return undefined
    ranges.push(range)
  }
  return ranges
}

/** A value in the form of addresses: `10.0.0.0/8`, `10.0.0.1-10.0.0.9`. */
export function addressText(value: Json): string {
  const { prefix, range } = objectOf(value)
  if (range !== undefined) return listOf(range).map(textOf).join('-')
  if (prefix === undefined) return textOf(value)
  const { addr, len } = objectOf(prefix)
  return `${textOf(addr)}/${wordOf(len)}`
}
