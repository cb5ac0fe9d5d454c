import { statement, type Severity } from '../statement.ts'
import type { Cause } from './causes.ts'
import type { Finding, Measure, Named } from './model.ts'
import { THRESHOLDS, type ThresholdName } from './thresholds.ts'

/** Where counts of system calls come from, and those of connections. */
export const SYSCALL_EXITS = 'tracepoint raw_syscalls:sys_exit'
export const STATE_CHANGES = 'tracepoint sock:inet_sock_set_state'

/** A measure with the threshold it is compared with. */
export function over(
  name: ThresholdName,
  what: string,
  value: number,
  source: string,
): Measure & { value: number; threshold: number } {
  const { value: threshold, unit } = THRESHOLDS[name]
  return { what, value, unit, threshold, source }
}

interface Accusation {
  culprits: readonly Named[]
  measures: readonly Measure[]
  victims?: readonly Named[] | undefined
  towards?: readonly Named[] | undefined
  suffering?: string | undefined
  do?: readonly string[]
  not?: readonly string[]
  doing?: string | undefined
  more?: string | undefined
  place?: string | undefined
  reach?: number
}

/** A finding; `sentence` goes on behind the culprit's name: `does not accept connections on 127.0.0.1:8000`. */
export function accuse(cause: Cause, severity: Severity, sentence: string, accusation: Accusation): Finding {
  const { culprits, measures, victims = [], reach = 1, ...rest } = accusation
  return {
    ...statement(cause, severity, sentence, {
      culprit: culprits[0],
      evidence: measures.map(measureText),
      do: rest.do ?? [],
      not: rest.not ?? [],
    }),
    cause,
    culprits: [...culprits],
    victims: victims.filter(({ pid }) => !culprits.some(culprit => culprit.pid === pid)),
    towards: [...(rest.towards ?? [])],
    suffering: rest.suffering,
    measures: [...measures],
    doing: rest.doing,
    more: rest.more,
    place: rest.place,
    reach,
    consequences: [],
  }
}

const measureText = ({ what, value, unit, threshold, source }: Measure): string =>
  `${what}${value === '' ? '' : ` ${typeof value === 'number' ? numberText(value) : value}`}` +
  `${threshold === undefined ? '' : ` (from ${numberText(threshold)} ${unit ?? ''} on)`}${source === undefined ? '' : `, ${source}`}`

function numberText(value: number): string {
  if (Math.abs(value) < 1 && value !== 0) return `${Math.round(value * 100)} %`
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10)
}

/** `127.0.0.1:8000`, `[::1]:80`. */
export const endText = (address: string, port: number): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`

/** Each process once. */
export function unique(named: readonly Named[]): Named[] {
  return [...new Map(named.map(one => [one.pid ?? one.comm, one])).values()]
}
