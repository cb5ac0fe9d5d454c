import type { ScriptMap } from '../model.ts'
import type { MapEntry, Stats } from '../run/output/message.ts'
import type { BpfValue } from '../run/output/row.ts'
import type { BpfMapLine, JsonValue } from './documents.ts'
import { jsonText, jsonValue, plainText } from './cell.ts'
import { histogramLines } from './histogram-text.ts'
import { escapeBytes } from '../../terminal/escape.ts'

/** A map of a user's script as bpftrace prints it, smallest value first whatever the version. */
export function* scriptMapLines(map: ScriptMap): Generator<string> {
  const label = (key: string | undefined) =>
    `${escapeBytes(map.name)}${key === undefined ? '' : `[${escapeBytes(key)}]`}`
  switch (map.type) {
    case 'histogram':
      for (const { key, value } of map.entries) {
        yield `${label(key)}:\n`
        yield* histogramLines(value)
        yield '\n'
      }
      break
    case 'series':
      for (const { key, value } of map.entries) {
        yield `${label(key)}:\n`
        for (const point of value) yield `${escapeBytes(point.start)} ${plainText(point.value)}\n`
      }
      break
    default:
      for (const { key, value } of sorted(map.entries)) yield `${label(key)}: ${statsText(value)}\n`
  }
}

/** The same as a value for JSON: entries are a list, because keys may appear twice and their order matters. */
export function scriptMapJson(map: ScriptMap): BpfMapLine {
  const entries = map.type === 'map' || map.type === 'stats' ? sorted(map.entries) : map.entries
  return {
    type: map.type,
    name: jsonText(map.name),
    entries: (entries as MapEntry<unknown>[]).map(({ key, value }) => ({
      key: key === undefined ? undefined : jsonText(key),
      value: contentJson(value),
    })),
  }
}

function contentJson(value: unknown): JsonValue {
  if (typeof value !== 'object' || value === null) return jsonValue(value as BpfValue)
  if (Array.isArray(value)) return value.map(contentJson)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, contentJson(part)]))
}

function sorted<Value extends BpfValue | Stats>(entries: readonly MapEntry<Value>[]): MapEntry<Value>[] {
  return entries.toSorted((a, b) => weightOf(a.value) - weightOf(b.value))
}

const isStats = (value: BpfValue | Stats): value is Stats => typeof value === 'object' && !Array.isArray(value)

function weightOf(value: BpfValue | Stats): number {
  const number = Number(isStats(value) ? value.count : Array.isArray(value) ? Number.NaN : value)
  return Number.isNaN(number) ? 0 : number
}

function statsText(value: BpfValue | Stats): string {
  return isStats(value)
    ? `count ${plainText(value.count)}, average ${plainText(value.average)}, total ${plainText(value.total)}`
    : plainText(value)
}
