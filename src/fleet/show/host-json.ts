import type { Fleet, HostAnswer, HostFailureCode } from '../model.ts'
import { clockAheadSeconds } from '../rules/instants.ts'

/** A host of an answer of several. */
export type HostJson = AnsweredHostJson | SilentHostJson

export interface AnsweredHostJson {
  /** As it was named on the command line. */
  host: string
  answered: true
  /** What the machine calls itself. */
  hostname?: string | undefined
  /** Who looked: a linsight over there, or the script that needs nothing installed. */
  by: 'linsight' | 'collector'
  /** When it was read, by the clock here; ISO 8601, UTC. */
  readAt: string
  /** When it was read, by its own clock. */
  takenAt?: string | undefined
  /** Its clock is so many seconds ahead of the one here; absent where no difference can be told. */
  clockAheadSeconds?: number | undefined
  /** From the question to the end of the answer. */
  tookMs: number
  /** Of the answer, packed. */
  bytes: number
}

/** A host that gave no answer. */
export interface SilentHostJson {
  host: string
  answered: false
  code: HostFailureCode
  message: string
  hint?: string | undefined
}

export function answeredHostJson(answer: HostAnswer): AnsweredHostJson {
  const { host, by, sources, askedAtMs, beganAtMs, endedAtMs, bytes } = answer
  const meta = sources[0]?.meta
  return {
    host,
    answered: true,
    hostname: meta?.host,
    by,
    readAt: new Date(beganAtMs).toISOString(),
    takenAt: meta?.takenAt,
    clockAheadSeconds: clockAheadSeconds(answer),
    tookMs: endedAtMs - askedAtMs,
    bytes,
  }
}

export const silentHostsJson = ({ failures }: Fleet): SilentHostJson[] =>
  failures.map(failure => ({ answered: false, ...failure }))
