/** A value as the tracer gave it. Strings are byte strings: one character 0–255 a byte. */
export type BpfValue = string | number | bigint | BpfValue[]

/** What a column holds: decides alignment, how it is written in a table, and the JSON type. */
export type FieldKind =
  | 'time'
  | 'pid'
  | 'integer'
  | 'bytes'
  | 'durationNs'
  | 'text'
  | 'address'
  | 'port'
  | 'errno'
  | 'signal'
  | 'state'
  | 'syscall'
  | 'device'
  | 'socket'

/** One column of a job: its name in JSON, in the table, and what it means. */
export interface Field {
  readonly key: string
  readonly header: string
  readonly kind: FieldKind
  readonly about: string
  /** Least width in a table. */
  readonly width?: number | undefined
}

/** One event or one line of a table; a key that is absent could not be seen. */
export type BpfRow = Record<string, BpfValue | undefined>
