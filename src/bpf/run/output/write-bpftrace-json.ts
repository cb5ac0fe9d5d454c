import type { Dialect } from '../../model.ts'
import type { BpfMessage, MapEntry, Stats } from './message.ts'
import type { BpfValue } from './row.ts'

type MapMessage = Extract<BpfMessage, { entries: unknown }>

/** A message as the line, a byte string, that a bpftrace of this dialect writes: what parseBpftraceLine reads. */
export function writeBpftraceLine(message: BpfMessage, dialect: Dialect): string {
  switch (message.type) {
    case 'value':
      return line('value', json(message.value))
    case 'text':
      return line(message.from === 'system' ? 'syscall' : message.from, json(message.text))
    case 'attached':
      return line('attached_probes', `{"probes": ${message.probes}}`)
    case 'lost':
      return line('lost_events', `{"events": ${message.events}}`)
    case 'fault': {
      const { kind, message: msg, helper, code } = message
      return JSON.stringify({ type: kind, msg, helper, retcode: code })
    }
    case 'unreadable':
      return message.line
    default:
      return line(TYPES[message.type], `{${JSON.stringify(message.name)}: ${content(message, dialect)}}`)
  }
}

const TYPES = { map: 'map', histogram: 'hist', stats: 'stats', series: 'tseries' } as const

const line = (type: string, data: string) => `{"type": "${type}", "data": ${data}}`

function content(message: MapMessage, dialect: Dialect): string {
  const entries = message.entries as readonly MapEntry<unknown>[]
  const [first] = entries
  if (first !== undefined && first.key === undefined) return valueText(message.type, first.value)
  const pairs = entries.map(({ key = '', value }) => `${keyText(key, dialect)}: ${valueText(message.type, value)}`)
  return `{${pairs.join(', ')}}`
}

/** In dialect B a key is escaped twice. */
const keyText = (key: string, dialect: Dialect) =>
  JSON.stringify(dialect === 'B' && /["\\\x00-\x1f]/.test(key) ? JSON.stringify(key).slice(1, -1) : key)

function valueText(type: MapMessage['type'], value: unknown): string {
  if (type === 'histogram') return JSON.stringify(value)
  if (type === 'series')
    return `[${(value as { start: string; value: BpfValue }[]).map(({ start, value: at }) => `{"interval_start": ${JSON.stringify(start)}, "value": ${json(at)}}`).join(', ')}]`
  if (isStats(value))
    return `{"count": ${json(value.count)}, "average": ${json(value.average)}, "total": ${json(value.total)}}`
  return json(value as BpfValue)
}

const isStats = (value: unknown): value is Stats =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'average' in value

/** Integers of 64 bits stay whole. */
function json(value: BpfValue): string {
  if (typeof value === 'bigint') return String(value)
  return Array.isArray(value) ? `[${value.map(json).join(',')}]` : JSON.stringify(value)
}
