import { addToBucket, createHistogram, type LatencyHistogram } from '../../latency-histogram.ts'
import { isCounted, unpackNumber, unpackThread } from './counter-key.ts'
import type { Abi } from '../../../kernel/abi.ts'

/** What the program counted of one call, or of one call of one thread. */
export interface CounterCell {
  /** Where threads were kept apart. */
  thread?: { pid: number; tid: number } | undefined
  abi: Abi
  number: number
  /** errno, or {@link COUNTED_RESULT} → calls. */
  results: Map<number, number>
  latency: LatencyHistogram
  wallNs: number
  minNs: number
  maxNs: number
  /** Sum of results above 1 of calls that move bytes. */
  bytes: number
  /** Time off the CPU within the calls, where it was measured. */
  awayNs: number
}

/** All the maps at one moment. Times are of the kernel's monotonic clock. */
export interface CounterReading {
  atNs: number
  cells: CounterCell[]
  never: { abi: Abi; number: number; calls: number }[]
  /** Calls not yet returned; only in the last reading. */
  begun: { tid: number; abi: Abi; number: number; sinceNs: number }[]
  /** Processes and threads still followed; only in the last reading. */
  members: number[]
  /** Until when counting went on at least; only in the last reading. */
  seenNs?: number | undefined
  /** Keys of the fullest map. */
  keys: number
}

/** How threads come and go. */
export type ThreadEvent =
  | { kind: 'fork'; atNs: number; pid: number; tid: number; child: number }
  | { kind: 'exec'; atNs: number; pid: number; oldTid: number; comm: string; path: string }
  | { kind: 'exit'; atNs: number; pid: number; tid: number; comm: string }

export type CounterEvent =
  | ThreadEvent
  | { kind: 'ready'; atNs: number }
  | { kind: 'tick' | 'end'; reading: CounterReading }
  /** bpftrace dropped records, or could not write to a full map. */
  | { kind: 'lost'; what: 'events' | 'keys'; count: number }

/** min() is clamped to this, see counter-program.ts. */
const LONGEST_MIN_NS = 4_294_967_294

/**
 * Reads what counter-program.ts prints, line by line (byte strings), as `bpftrace -f json` of any version
 * wraps it.
 *
 * Source: `{"type": "map", "data": {"@calls": {"0,4096,91": 17}}}` (number, result, bucket → calls, with the thread
 * before them where threads are kept apart), `{"type": "value", "data": ["ready",2321024802982]}`.
 */
export function counterReader(onEvent: (event: CounterEvent) => void): (line: string) => void {
  let maps: Record<string, unknown> = {}
  return line => {
    if (!line.startsWith('{')) return
    let message: Message
    try {
      message = JSON.parse(line) as Message
    } catch {
      // The last line of a bpftrace that was killed is cut short.
      return
    }
    if (message.type === 'map') Object.assign(maps, message.data)
    else if (message.type === 'value' && Array.isArray(message.data)) {
      const event = tupleEvent(message.data as (number | string)[], maps)
      if (event?.kind === 'tick' || event?.kind === 'end') maps = {}
      if (event !== undefined) onEvent(event)
    } else if (message.type === 'lost_events') {
      onEvent({ kind: 'lost', what: 'events', count: (message.data as { events?: number }).events ?? 1 })
    } else if (message.type === 'helper_error' && message.retcode === E2BIG) {
      onEvent({ kind: 'lost', what: 'keys', count: 1 })
    }
  }
}

/** What bpf_map_update_elem() answers when the map is full. */
const E2BIG = -7

interface Message {
  type?: string
  data?: unknown
  retcode?: number
}

function tupleEvent(tuple: (number | string)[], maps: Record<string, unknown>): CounterEvent | undefined {
  const [kind, at, a, b, c, d] = tuple
  const atNs = Number(at)
  switch (kind) {
    case 'ready':
      return { kind, atNs }
    case 'tick':
    case 'end':
      return { kind, reading: { ...readingOf(maps, atNs), seenNs: a === undefined ? undefined : Number(a) } }
    case 'fork':
      return { kind, atNs, pid: Number(a), tid: Number(b), child: Number(c) }
    case 'exec':
      return { kind, atNs, pid: Number(a), oldTid: Number(b), comm: repair(c), path: repair(d) }
    case 'exit':
      return { kind, atNs, pid: Number(a), tid: Number(b), comm: repair(c) }
    default:
      return undefined
  }
}

/** bpftrace prints a byte of 0x80 and more as `\uffffffc3` where char is signed: U+FFFF and two characters. */
function repair(text: unknown): string {
  return String(text).replace(/\uffff(?:ff)([89a-f][0-9a-f])/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )
}

function readingOf(maps: Record<string, unknown>, atNs: number): CounterReading {
  const cells = new Map<string, CounterCell>()
  const cellOf = (key: string): CounterCell => {
    let cell = cells.get(key)
    if (cell === undefined) cells.set(key, (cell = createCell(key)))
    return cell
  }
  for (const [key, count] of entries(maps, '@calls')) {
    const bucketAt = key.lastIndexOf(',')
    const resultAt = key.lastIndexOf(',', bucketAt - 1)
    const cell = cellOf(key.slice(0, resultAt))
    const result = Number(key.slice(resultAt + 1, bucketAt))
    cell.results.set(result, (cell.results.get(result) ?? 0) + count)
    addToBucket(cell.latency, Number(key.slice(bucketAt + 1)), count)
  }
  // Other maps are a moment younger than @calls: what only they know is counted in the next reading.
  const each = (map: string, fill: (cell: CounterCell, value: number) => void) => {
    for (const [key, value] of entries(maps, map)) {
      const cell = cells.get(key)
      if (cell !== undefined) fill(cell, value)
    }
  }
  each('@wall', (cell, ns) => (cell.wallNs = ns))
  each('@max', (cell, ns) => (cell.maxNs = ns))
  each('@min', (cell, ns) => (cell.minNs = ns))
  each('@moved', (cell, bytes) => (cell.bytes = bytes))
  each('@away', (cell, ns) => (cell.awayNs = ns))
  return {
    atNs,
    cells: [...cells].filter(([key]) => isCounted(Number(key.slice(key.indexOf(',') + 1)))).map(([, cell]) => cell),
    never: [...entries(maps, '@never')]
      .filter(([key]) => isCounted(Number(key)))
      .map(([key, calls]) => Object.assign(unpackNumber(Number(key)), { calls })),
    begun: Object.entries((maps['@begun'] ?? {}) as Record<string, [number, number]>)
      .filter(([, [since, number]]) => since !== 0 && isCounted(number))
      .map(([tid, [since, number]]) => Object.assign(unpackNumber(number), { tid: Number(tid), sinceNs: since })),
    members: [...entries(maps, '@member')].map(([pid]) => Number(pid)),
    keys: Math.max(0, ...Object.values(maps).map(map => Object.keys(map as object).length)),
  }
}

function createCell(key: string): CounterCell {
  const comma = key.indexOf(',')
  return {
    thread: comma === -1 ? undefined : unpackThread(Number(key.slice(0, comma))),
    ...unpackNumber(Number(key.slice(comma + 1))),
    results: new Map(),
    latency: createHistogram(),
    wallNs: 0,
    minNs: LONGEST_MIN_NS,
    maxNs: 0,
    bytes: 0,
    awayNs: 0,
  }
}

/** The values of a map as numbers: bpftrace 0.24 and later print those past 2^53 as text. */
function* entries(maps: Record<string, unknown>, name: string): Generator<[string, number]> {
  for (const [key, value] of Object.entries((maps[name] ?? {}) as Record<string, number | string>)) {
    yield [key, Number(value)]
  }
}
