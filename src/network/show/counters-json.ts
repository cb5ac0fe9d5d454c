import { safeJson, type Document, type Envelope, type Origin, type Remarks } from '../../terminal/json.ts'
import type { Warning } from '../../warnings.ts'
import { kindOf, meaningOf, type CounterKind } from '../meanings/meanings.ts'
import type { CounterChange, CounterFile, CounterGroup } from '../model.ts'
import { exactCount, type ExactCount } from './exact-count.ts'

/** Document of `mynetstat -s`: every counter, also those that are 0. */
export interface CountersDocument extends Envelope, Remarks {
  schema: 'linsight/counters/1'
  counters: CounterJson[]
}

/** One counter of the kernel, since the network namespace began. */
export interface CounterJson {
  /** The kernel's name: Ip, Tcp, TcpExt, Ip6 … */
  protocol: string
  /** The kernel's name; of IPv6 with its protocol in front: Ip6InReceives. */
  name: string
  value: ExactCount
  /** What a value is: most count up; a gauge is how many there are now. */
  kind: CounterKind
  /** What it counts, in plain words; absent for a counter this version does not know. */
  meaning?: string | undefined
  file: CounterFile
}

/** One line of `mynetstat -s --watch --json`, or of -c: the first one, an interval, or the last line. */
export type CountersLine = CountersFirstLine | CounterChangesLine | CountersSummaryLine

/** The counters at the beginning. */
export interface CountersFirstLine extends CountersDocument {
  type: 'counters'
}

/** What moved in one interval. */
export interface CounterChangesLine {
  type: 'changes'
  /** ISO 8601, UTC. */
  at: string
  seconds: number
  changes: CounterChangeJson[]
}

export interface CounterChangeJson {
  protocol: string
  name: string
  /** Absent where the counter was set back. Of a gauge it may be negative. */
  delta?: ExactCount | undefined
  /** Not of a gauge. */
  perS?: number | undefined
}

/** The last line. */
export interface CountersSummaryLine {
  type: 'summary'
  /** Lines before this one. */
  rounds: number
  warnings: readonly Warning[]
}

/** The document `linsight/counters/1`. */
export function countersDocument(
  origin: Origin,
  groups: readonly CounterGroup[],
): Document<CountersDocument, 'counters'> {
  const counters = groups.flatMap(({ protocol, file, counters: own }) =>
    own.map(({ name, value }) => ({
      protocol,
      name,
      value: exactCount(value),
      kind: kindOf(name),
      meaning: meaningOf(protocol, name),
      file,
    })),
  )
  return { what: 'counters', origin, lists: { counters }, facts: {} }
}

export function counterChangesLine(at: string, seconds: number, changes: readonly CounterChange[]): string {
  const line: CounterChangesLine = {
    type: 'changes',
    at,
    seconds,
    changes: changes
      .filter(({ delta }) => delta !== 0n)
      .map(({ delta, ...change }) => ({ ...change, delta: delta === undefined ? undefined : exactCount(delta) })),
  }
  return `${safeJson(line)}\n`
}

export const countersSummaryLine = (rounds: number, warnings: readonly Warning[]): string =>
  `${safeJson({ type: 'summary', rounds, warnings } satisfies CountersSummaryLine)}\n`
