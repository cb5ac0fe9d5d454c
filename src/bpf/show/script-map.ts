import type { ScriptMap } from '../model.ts'
import { keyParts, stackIn, type KeyPart } from '../run/output/stack.ts'
import type { MapEntry, Stats } from '../run/output/message.ts'
import type { BpfValue } from '../run/output/row.ts'
import type { BpfMapLine, JsonValue } from './documents.ts'
import { jsonText, jsonValue, plainText } from './cell.ts'
import { histogramLines } from './histogram-text.ts'
import { shorten } from '../../terminal/shorten.ts'
import { escapeBytes } from '../../terminal/escape.ts'

/** A map of a user's script as bpftrace prints it, smallest value first whatever the version. */
export function* scriptMapLines(map: ScriptMap, width: number): Generator<string> {
  const label = (key: string | undefined) =>
    `${escapeBytes(map.name)}${
      key === undefined
        ? ''
        : `[${keyParts(key)
            .map(part => partText(part, width))
            .join(',')}]`
    }`
  switch (map.type) {
    case 'histogram':
      for (const { key, value } of map.entries) {
        yield `${label(key)}:\n`
        yield* histogramLines(value, width)
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
      ...keyJson(key),
      value: contentJson(value),
    })),
  }
}

/** A stack as bpftrace prints it, one frame a line. */
const partText = (part: KeyPart, width: number) =>
  typeof part === 'string'
    ? escapeBytes(part)
    : `\n${part.map(frame => `    ${shorten(escapeBytes(frame), width - 4)}\n`).join('')}`

/** The same key whatever the version: frames are not indented. */
function keyJson(key: string | undefined): { key?: string; stacks?: string[][] } {
  if (key === undefined) return {}
  const parts = keyParts(key)
  const stacks = parts.filter(part => typeof part !== 'string')
  const text = parts.map(part => (typeof part === 'string' ? part : `\n${part.join('\n')}\n`)).join(',')
  return { key: jsonText(text), ...(stacks.length > 0 && { stacks: stacks.map(outermostFirst) }) }
}

const outermostFirst = (frames: readonly string[]) => frames.map(jsonText).toReversed()

/** A value that a script printed, the frames of stacks one a line. */
export function scriptValueText(value: BpfValue, width: number): string {
  const parts = Array.isArray(value) ? value : [value]
  if (parts.every(part => stackIn(part) === undefined)) return plainText(value)
  const texts = parts.map(part => {
    const frames = stackIn(part)
    return frames === undefined ? plainText(part) : partText(frames, width)
  })
  return Array.isArray(value) ? `(${texts.join(', ')})` : texts[0]!
}

/** The same for JSON: a stack is a list, the outermost frame first. */
export function scriptValueJson(value: BpfValue): JsonValue {
  if (Array.isArray(value)) return value.map(scriptValueJson)
  const frames = stackIn(value)
  return frames === undefined ? jsonValue(value) : outermostFirst(frames)
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
