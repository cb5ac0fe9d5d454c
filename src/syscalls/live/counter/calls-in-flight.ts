import { syscallName } from '../../../kernel/syscall-names.ts'
import type { InFlightCall } from '../../profile.ts'
import type { CounterReading } from './counter-output.ts'

/** A call a thread waits in, as /proc shows it: equal texts are the same call, still waiting. */
export interface BlockedCall {
  number: number
  /** Number, arguments, stack and program counter. */
  text: string
}

export interface InFlightFacts {
  machine: string
  /** When counting began, on the clock of the reading. */
  readyNs: number
  /** Whether this call of the machine's own table was asked for. */
  isWanted(number: number): boolean
  /** Thread id → its call, before counting began and when it ended. */
  blockedBefore: ReadonlyMap<number, BlockedCall>
  blockedAfter: ReadonlyMap<number, BlockedCall>
}

/**
 * Calls that had begun and not returned when counting ended: those the kernel saw begin, and without an age those that
 * threads waited in before and still do.
 */
export function callsInFlight(reading: CounterReading, facts: InFlightFacts): InFlightCall[] {
  const { machine, readyNs, blockedBefore, blockedAfter } = facts
  const seen = reading.begun.map(({ tid, abi, number, sinceNs }) => ({
    name: syscallName(machine, abi, number),
    abi,
    tid,
    atNs: Math.max(0, sinceNs - readyNs),
    ageNs: reading.atNs - sinceNs,
  }))
  const tids = new Set(reading.begun.map(call => call.tid))
  const older = [...blockedAfter]
    .filter(
      ([tid, call]) => !tids.has(tid) && facts.isWanted(call.number) && blockedBefore.get(tid)?.text === call.text,
    )
    .map(([tid, { number }]) => ({ name: syscallName(machine, 'native', number), abi: 'native' as const, tid }))
  return [...seen, ...older]
}
