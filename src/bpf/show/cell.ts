import { errnoName } from '../../kernel/errno.ts'
import { signalName } from '../../kernel/signals.ts'
import { syscallName } from '../../kernel/syscall-names.ts'
import { tcpStateName } from '../../kernel/tcp-state.ts'
import type { BpfValue, Field, FieldKind } from '../run/output/row.ts'
import type { JsonValue } from './documents.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { formatBytes, formatDurationNs } from '../../terminal/units.ts'

/** What cells need to know of the run. */
export interface CellContext {
  /** Milliseconds since 1970 of a time of the tracer. */
  wallMs(timeNs: number): number | undefined
  /** Machine the system call numbers are of. */
  machine: string | undefined
  /** Time of day of milliseconds since 1970, in the reader's time zone. */
  clock(wallMs: number): string
}

/** A value as table text, safe on a terminal; empty where nothing is known. */
export function cellText(field: Field, value: BpfValue | undefined, context: CellContext): string {
  if (value === undefined) return ''
  if (field.kind === 'time') {
    const wall = context.wallMs(Number(value))
    return wall === undefined ? '' : context.clock(wall)
  }
  if (field.kind === 'durationNs') return formatDurationNs(Number(value))
  if (field.kind === 'bytes') return formatBytes(Number(value))
  const named = namedValue(field.kind, value, context)
  return typeof named === 'string' ? escapeBytes(named) : plainText(named)
}

/** A value as it goes into JSON: names where there are names, integers exact, text as text. */
export function cellJson(kind: FieldKind, value: BpfValue | undefined, context: CellContext): JsonValue | undefined {
  if (value === undefined) return undefined
  if (kind === 'time') {
    const wall = context.wallMs(Number(value))
    return wall === undefined ? undefined : isoMicroseconds(wall)
  }
  return jsonValue(namedValue(kind, value, context))
}

/** A value of a tracer as JSON: integers no double holds become strings, bytes that are no UTF-8 are escaped. */
export function jsonValue(value: BpfValue): JsonValue {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return jsonText(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : String(value)
  return value.map(jsonValue)
}

/** A byte string as text: UTF-8 where it is, `\xNN` for what is not. */
export function jsonText(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? escapeBytes(bytes) : text
}

/** Any value as text for people. */
export function plainText(value: BpfValue): string {
  if (typeof value === 'string') return escapeBytes(value)
  return Array.isArray(value) ? `(${value.map(plainText).join(', ')})` : String(value)
}

function namedValue(kind: FieldKind, value: BpfValue, { machine }: CellContext): BpfValue {
  const number = Number(value)
  switch (kind) {
    case 'errno':
      return errnoName(number)
    case 'signal':
      return signalName(number)
    case 'state':
      return tcpStateName(number)
    case 'syscall':
      return syscallName(machine ?? '', 'native', number)
    case 'device':
      // Source: include/linux/kdev_t.h: twenty bits of minor number.
      return `${Math.floor(number / 2 ** 20)}:${number % 2 ** 20}`
    default:
      return value
  }
}

function isoMicroseconds(wallMs: number): string {
  const micros = Math.floor((wallMs % 1) * 1000)
  return new Date(Math.floor(wallMs)).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`)
}

/** `14:03:05.123456`, in the time zone of the reader. */
export function timeOfDay(wallMs: number): string {
  const date = new Date(wallMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const micros = Math.floor((wallMs % 1000) * 1000)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(micros).padStart(6, '0')}`
}
