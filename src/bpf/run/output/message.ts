import type { BpfValue } from './row.ts'

/** One bucket of a histogram, both ends included; the first may have no lower end, the last no upper one. */
export interface Bucket {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly count: number
}

/** A map: one value (`key` absent), or entries in the order they came. Keys of several parts are joined by commas. */
export interface MapEntry<Value> {
  readonly key?: string | undefined
  readonly value: Value
}

/** What bpftrace says, whatever its version. Strings are byte strings. */
export type BpfMessage =
  | { type: 'attached'; probes: number }
  | { type: 'text'; from: 'printf' | 'time' | 'cat' | 'join' | 'system'; text: string }
  | { type: 'value'; value: BpfValue }
  | { type: 'map'; name: string; entries: MapEntry<BpfValue>[]; doubleKeys?: true }
  | { type: 'histogram'; name: string; entries: MapEntry<Bucket[]>[]; doubleKeys?: true }
  | { type: 'stats'; name: string; entries: MapEntry<BpfValue | Stats>[]; doubleKeys?: true }
  | { type: 'series'; name: string; entries: MapEntry<{ start: string; value: BpfValue }[]>[]; doubleKeys?: true }
  | { type: 'lost'; events: number }
  | {
      type: 'fault'
      kind: 'helper_error' | 'runtime_error' | 'errorf' | 'warnf'
      message: string
      helper?: string | undefined
      code?: number | undefined
    }
  | { type: 'unreadable'; line: string; reason: string }

export interface Stats {
  readonly count: BpfValue
  readonly average: BpfValue
  readonly total: BpfValue
}
