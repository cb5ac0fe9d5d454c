import type { FactLevel } from '../../../processes/read-process-facts.ts'

/** What a predicate asks for beside the words of ss. */
interface FieldFacts {
  /** What it is of a socket, for the help. */
  meaning: string
  /** How much has to be known of the processes that hold the socket. */
  owners?: FactLevel
  /** Only the kernel's own answer has it. */
  kernel?: true
  /** Only rows with every column have it. */
  details?: true
  /** What numbers are counted in where they have no unit. */
  unit?: 'count' | 'bytes' | 's' | 'ms'
}

export const NUMBER_FIELDS = {
  pid: { meaning: 'a process that holds it', owners: 'name', unit: 'count' },
  uid: { meaning: 'number of the user who made it', details: true, unit: 'count' },
  inode: { meaning: 'its inode', unit: 'count' },
  recvq: { meaning: 'Recv-Q: bytes; of a listener connections', unit: 'bytes' },
  sendq: { meaning: 'Send-Q: bytes', unit: 'bytes' },
  age: { meaning: 'how long it is in TIME_WAIT; of other states it is not known', details: true, unit: 's' },
  retrans: { meaning: 'times TCP sent data again without an answer', details: true, unit: 'count' },
  rtt: { meaning: 'round-trip time that TCP measured', kernel: true, unit: 'ms' },
} as const satisfies Record<string, FieldFacts>

export const TEXT_FIELDS = {
  comm: { meaning: "a process's name as the kernel keeps it, at most 15 bytes", owners: 'full' },
  program: { meaning: 'its name as PID/Program name shows it', owners: 'name' },
  user: { meaning: 'who made it, by name or number', details: true },
  container: { meaning: 'ID of a container that holds it, or at least 12 digits of it', owners: 'full' },
  unit: { meaning: 'systemd unit that holds it', owners: 'full' },
  cmdline: { meaning: 'a command line, its words with one blank between', owners: 'name' },
  exe: { meaning: 'path of an executable', owners: 'full' },
  netns: { meaning: 'network namespace: its number or its label' },
  reason: { meaning: 'why it has no owner: time-wait, accept-queue, orphan, hidden …', owners: 'name' },
} as const satisfies Record<string, FieldFacts>

export type NumberField = keyof typeof NUMBER_FIELDS
export type TextField = keyof typeof TEXT_FIELDS

/** Other names of fields. */
export const FIELD_ALIASES: Readonly<Record<string, NumberField | TextField>> = { why: 'reason' }

export const fieldFacts = (field: NumberField | TextField): FieldFacts => ({ ...NUMBER_FIELDS, ...TEXT_FIELDS })[field]
export const isNumberField = (word: string): word is NumberField => Object.hasOwn(NUMBER_FIELDS, word)
export const isTextField = (word: string): word is TextField => Object.hasOwn(TEXT_FIELDS, word)
