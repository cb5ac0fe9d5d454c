import type { BpfMessage, Bucket, MapEntry } from './message.ts'
import type { BpfValue } from './row.ts'
import type { Dialect } from '../../model.ts'

/** `bpftrace v0.23.2` → version and dialect; nothing where the text is something else. */
export function parseBpftraceVersion(text: string): { version: string; dialect: Dialect } | undefined {
  const match = /bpftrace v?(\d+)\.(\d+)(\.\d+)?\S*/.exec(text)
  if (match === null) return undefined
  const minor = Number(match[1]) * 1000 + Number(match[2])
  return {
    version: match[0].replace(/^bpftrace v?/, ''),
    dialect: minor <= 21 ? 'A' : minor <= 23 ? 'B' : 'C',
  }
}

/**
 * One line of `bpftrace -f json`, a byte string, as a message; nothing for a blank line.
 *
 * `{"type": "value", "data": ["open", 2403962282728, 27456, "sh"]}`
 *
 * All versions of bpftrace mend the same damage here: bytes from 0x80 on come as `\uffffffXX` (a signed char printed
 * as hexadecimal), numbers may exceed what a double holds, keys may appear twice. What a version loses for good cannot
 * be mended: from 0.24 on blanks are erased from map keys, and a bool in a map is -1 in 0.22 and 0.23.
 *
 * Source: src/output.cpp and src/output/json.cpp of bpftrace at each tag; recorded output of 0.17, 0.23 and 0.27.
 */
export function parseBpftraceLine(line: string, dialect: Dialect): BpfMessage | undefined {
  if (line === '' || line.trim() === '') return undefined
  let parsed: Raw
  try {
    // Most lines are tuples of small numbers and plain text.
    parsed = JSON.parse(NEEDS_CARE.test(line) ? carefully(line) : line) as Raw
  } catch (error) {
    const quoted = dialect === 'A' ? quoteBareValues(line) : line
    if (quoted !== line) return parseBpftraceLine(quoted, dialect)
    return { type: 'unreadable', line, reason: error instanceof Error ? error.message : 'not JSON' }
  }
  if (typeof parsed !== 'object' || parsed === null) return { type: 'unreadable', line, reason: 'no JSON object' }
  return messageOf(parsed, line, dialect)
}

interface Raw {
  type?: unknown
  data?: unknown
  [key: string]: unknown
}

/** U+FFFE cannot be in the text: the line is bytes, and the only escape beyond them is U+FFFF. */
const MARK = '\ufffe'
/** Integers of 16 digits and more, and everything whose keys matter. */
const NEEDS_CARE = /\d{16}|^\{"type": ?"(?:map|hist|stats|tseries)"/
const TOKENS = /"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d{16,}(?![\d.eE])/g

/**
 * Marks long integers as strings, so that they stay exact, and numbers all keys, so that none is lost where it appears
 * twice and none is moved because it looks like an index.
 */
function carefully(line: string): string {
  let keys = 0
  return line.replace(TOKENS, (token, text: string | undefined, colon: string | undefined) => {
    if (text === undefined) return `"${MARK}${token}"`
    if (colon === undefined) return token
    keys += 1
    return `"${MARK}${keys}${MARK}${text}"${colon}`
  })
}

/** Version 0.17 forgets the quotes around strftime() in a map: `{"@t": 11:31:44.21}`. */
function quoteBareValues(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|(:\s*)([^\s"{}[\],][^"{}[\],]*)(?=[,}])/g, (token, colon, bare) =>
    bare === undefined || /^(-?\d+(\.\d+)?|true|false|null)$/.test(bare as string) ? token : `${colon}"${bare}"`,
  )
}

function messageOf(raw: Raw, line: string, dialect: Dialect): BpfMessage {
  const fields = plainKeys(raw)
  const { type, data } = fields
  switch (type) {
    case 'value':
      return { type, value: valueOf(data) }
    case 'map':
    case 'hist':
    case 'stats':
    case 'tseries':
      return mapOf(type, data, line, dialect)
    case 'printf':
    case 'time':
    case 'cat':
    case 'join':
      return { type: 'text', from: type, text: bytesOf(String(data)) }
    case 'syscall':
      return { type: 'text', from: 'system', text: bytesOf(String(data)) }
    case 'attached_probes':
      return { type: 'attached', probes: numberIn(data, 'probes') }
    case 'lost_events':
      return { type: 'lost', events: numberIn(data, 'events') }
    case 'helper_error':
    case 'runtime_error':
    case 'errorf':
    case 'warnf':
      return {
        type: 'fault',
        kind: type,
        message: bytesOf(typeof fields['msg'] === 'string' ? fields['msg'].trimEnd() : ''),
        helper: typeof fields['helper'] === 'string' ? fields['helper'] : undefined,
        code: typeof fields['retcode'] === 'number' ? fields['retcode'] : undefined,
      }
    default:
      return { type: 'unreadable', line, reason: `unknown type ${String(type)}` }
  }
}

function numberIn(data: unknown, key: string): number {
  return Number((data as Record<string, unknown> | undefined)?.[key] ?? 0)
}

/** A map message holds one map: `{"@name": value}` or `{"@name": {key: value, …}}`. */
function mapOf(type: 'map' | 'hist' | 'stats' | 'tseries', data: unknown, line: string, dialect: Dialect): BpfMessage {
  const [map] = typeof data === 'object' && data !== null ? Object.entries(data) : []
  if (map === undefined) return { type: 'unreadable', line, reason: `a ${type} without a name` }
  const name = bytesOf(keyText(map[0]))
  const keyed = isObject(map[1]) && !isStats(map[1])
  const entries: MapEntry<unknown>[] = keyed
    ? Object.entries(map[1] as object).map(([key, value]) => ({
        key: keyOf(key, dialect),
        value: contentOf(type, value),
      }))
    : [{ value: contentOf(type, map[1]) }]
  const distinct = new Set(entries.map(entry => entry.key))
  return {
    type: MAP_TYPES[type],
    name,
    entries,
    ...(distinct.size < entries.length && { doubleKeys: true }),
  } as BpfMessage
}

const MAP_TYPES = { map: 'map', hist: 'histogram', stats: 'stats', tseries: 'series' } as const

function contentOf(type: string, value: unknown): unknown {
  if (type === 'hist' && Array.isArray(value)) return value.map(bucketOf)
  if (type === 'tseries' && Array.isArray(value)) {
    return value.map(point => {
      const { interval_start: start, value } = plainKeys(point as Raw)
      return { start: String(start), value: valueOf(value) }
    })
  }
  if (isStats(value)) {
    const { count, average, total } = plainKeys(value as Raw)
    return { count: valueOf(count), average: valueOf(average), total: valueOf(total) }
  }
  return valueOf(value)
}

function bucketOf(raw: unknown): Bucket {
  const { min, max, count } = plainKeys(raw as Raw)
  return {
    ...(min !== undefined && { min: Number(valueOf(min)) }),
    ...(max !== undefined && { max: Number(valueOf(max)) }),
    count: Number(valueOf(count)),
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A keyed avg() nests like a scalar stats(): only the keys tell them apart. */
function isStats(value: unknown): boolean {
  if (!isObject(value)) return false
  const keys = Object.keys(value as object).map(keyText)
  return keys.length === 3 && keys.join(' ') === 'count average total'
}

function plainKeys(raw: Raw): Raw {
  return hasMarks(raw) ? Object.fromEntries(Object.entries(raw).map(([key, value]) => [keyText(key), value])) : raw
}

const hasMarks = (raw: object) => Object.keys(raw).some(key => key.startsWith(MARK))
const keyText = (key: string) => (key.startsWith(MARK) ? key.slice(key.indexOf(MARK, 1) + 1) : key)

/** In dialect B a key is escaped twice. */
function keyOf(marked: string, dialect: Dialect): string {
  const key = keyText(marked)
  if (dialect !== 'B' || !key.includes('\\')) return bytesOf(key)
  try {
    return bytesOf(JSON.parse(`"${key}"`) as string)
  } catch {
    return bytesOf(key)
  }
}

function valueOf(value: unknown): BpfValue {
  switch (typeof value) {
    case 'string':
      return value.startsWith(MARK) ? integerOf(value.slice(1)) : stringValue(value)
    case 'number':
      return value
    case 'boolean':
      // 0 and 1 in the versions before: the same value whatever is installed.
      return value ? 1 : 0
    default:
      return Array.isArray(value) ? value.map(valueOf) : bytesOf(JSON.stringify(value) ?? '')
  }
}

/** Dialect C writes an integer as a string where a double may round it, and only then. */
function stringValue(text: string): BpfValue {
  if (!/^-?\d{16,20}$/.test(text)) return bytesOf(text)
  const integer = integerOf(text)
  return typeof integer === 'bigint' ? integer : text
}

function integerOf(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

const MANGLED = /\uffffff([89a-f][0-9a-f])/g

/** `\uffffffc3\uffffffa9` → the two bytes. The rest of the text already is bytes, as the line was. */
function bytesOf(text: string): string {
  return text.includes('\uffff')
    ? text.replace(MANGLED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
}
