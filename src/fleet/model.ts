import type { RecordedProc } from '../proc/recorded-proc.ts'
import type { Warning } from '../warnings.ts'

/** Every reason why a host gave no answer, with what it means. docs/fleet.md is made from this table. */
export const HOST_FAILURES = {
  unreachable: 'ssh reached no shell there: the name, the network, the key or the login',
  'no-shell': 'there is no POSIX shell, or no sudo, where the login ends',
  'not-permitted': 'sudo -n asks for a password, or does not allow it',
  'not-linux': 'there is no /proc that could be read',
  'timed-out': 'the answer was not complete in time',
  'too-large': 'the answer is larger than what is taken of one host, or of all',
  'not-understood': 'what came is no answer, or broke off',
  interrupted: 'it was asked to end before the answer was complete',
} as const satisfies Record<string, string>

export type HostFailureCode = keyof typeof HOST_FAILURES

/** A host that gave no answer. */
export interface HostFailure {
  /** As it was named to us. */
  host: string
  code: HostFailureCode
  /** One sentence. */
  message: string
  hint?: string | undefined
}

/** What a host answered. */
export interface HostAnswer {
  /** As it was named to us, which is not what the machine calls itself. */
  host: string
  /** Who looked: a linsight over there, or the script that needs nothing installed. */
  by: 'linsight' | 'collector'
  /** One recording for each look, none where a diagnosis was asked for and made over there. */
  sources: readonly RecordedProc[]
  /** The recording of a diagnosis. */
  diagnosis?: Buffer | undefined
  /** By our clock: when it was asked, when it began to answer, when the answer was complete; milliseconds since the epoch. */
  askedAtMs: number
  beganAtMs: number
  endedAtMs: number
  /** What its clock showed when it began, in whole seconds. */
  clockSeconds: number | undefined
  /** As they came. */
  bytes: number
}

/** What a fleet answered, each in the order of the hosts. */
export interface Fleet {
  answers: HostAnswer[]
  failures: HostFailure[]
  warnings: Warning[]
}
