/** Exit codes of every command; `--help` and docs/exit-codes.md quote {@link EXIT_MEANINGS}. */
export const EXIT = {
  done: 0,
  no: 1,
  usage: 2,
  machine: 3,
  input: 4,
  tool: 5,
} as const

export type ExitName = keyof typeof EXIT
export type ExitStatus = (typeof EXIT)[ExitName]

export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = {
  done: 'done, also where something could not be seen: a remark on stderr says so',
  no: 'the question was answered with no, or a bug',
  usage: 'wrong usage',
  machine: 'this machine cannot do it: not Linux, no /proc, a tool is missing, not permitted',
  input: 'an input or output file is missing, unreadable, unwritable or not what it should be',
  tool: 'the tool that was started failed',
}

/** Every code of an error, as `--json` gives it, with its exit code and what it means. */
export const ERRORS = {
  usage: { exit: 'usage', meaning: 'the command line asks for something that does not exist or does not fit together' },
  'not-linux': { exit: 'machine', meaning: 'this is not Linux' },
  'no-proc': { exit: 'machine', meaning: '/proc is not mounted, or is that of another pid namespace' },
  'tool-missing': { exit: 'machine', meaning: 'a program that is needed is not installed' },
  'not-permitted': { exit: 'machine', meaning: 'the kernel does not let this user do it' },
  'no-kernel-support': { exit: 'machine', meaning: 'this kernel cannot do it' },
  'cannot-listen': { exit: 'machine', meaning: 'the address to listen on is in use or not of this machine' },
  'host-unanswered': { exit: 'machine', meaning: 'the host that was asked over ssh gave no answer' },
  'no-target': { exit: 'machine', meaning: 'the process, container or cgroup to look at does not exist' },
  'input-missing': { exit: 'input', meaning: 'a file, or an entry of a recording, is not there' },
  'input-unreadable': { exit: 'input', meaning: 'a file cannot be read' },
  'output-unwritable': { exit: 'input', meaning: 'a file, stdout or another stream cannot be written' },
  'input-format': { exit: 'input', meaning: 'a file is not what it should be' },
  'tool-failed': { exit: 'tool', meaning: 'the tool that was started failed' },
  unexpected: { exit: 'no', meaning: 'a bug in linsight' },
} as const satisfies Record<string, { exit: ExitName; meaning: string }>

export type ErrorCode = keyof typeof ERRORS

export interface ErrorFacts {
  /** What to do next, as one sentence or one command line. */
  hint?: string | undefined
  /** The place in a line of input that is meant; text shows it with a mark below. */
  excerpt?: Excerpt | undefined
  cause?: unknown
}

/** A place in a line. */
export interface Excerpt {
  line: string
  /** Characters before the place. */
  at: number
  length: number
}

/** An error meant for the user: one sentence, a stable code for `--json`, and the exit status it ends with. */
export class LinsightError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code
  readonly exit: ExitStatus
  readonly hint: string | undefined
  readonly excerpt: Excerpt | undefined

  constructor(code: Code, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = new.target.name
    this.code = code
    this.exit = EXIT[ERRORS[code].exit]
    this.hint = facts.hint
    this.excerpt = facts.excerpt
  }
}

/** Codes whose exit code is `Name`. */
type CodeOf<Name extends ExitName> = {
  [Code in ErrorCode]: (typeof ERRORS)[Code]['exit'] extends Name ? Code : never
}[ErrorCode]

/** Exit 2. */
export class UsageError extends LinsightError {
  constructor(message: string, facts?: ErrorFacts) {
    super('usage', message, facts)
  }
}

/** Exit 3. */
export class MachineError extends LinsightError<CodeOf<'machine'>> {}

/** Exit 4. */
export class InputError extends LinsightError<CodeOf<'input'>> {}

/** Exit 5. */
export class ToolError extends LinsightError {
  constructor(message: string, facts?: ErrorFacts) {
    super('tool-failed', message, facts)
  }
}

/** A file, link or folder of a {@link ProcSource} could not be read; `code` is the errno name, as `node:fs` spells it. */
export class SourceReadError extends Error {
  readonly code: string
  readonly path: string

  constructor(code: string, path: string) {
    super(`${path}: ${code}`)
    this.name = 'SourceReadError'
    this.code = code
    this.path = path
  }
}

/** What `read` gives; undefined where it throws. For facts that may be absent: a file that vanished or is not readable. */
export function optional<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** The errno name of anything thrown, or `'EIO'` where it carries none. */
export function errnoOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'EIO'
}

/** Why the system refused, in its words: `no space left on device` of `ENOSPC: no space left on device, write`. */
export function systemReason(error: unknown): string {
  const { message } = error as Error
  if (errnoOf(error) === 'EISDIR') return 'it is a folder'
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message
}

/** The error of something that went away between two reads: a process that ended, a descriptor that was closed. */
export function isVanished(error: unknown): boolean {
  const code = errnoOf(error)
  return code === 'ENOENT' || code === 'ESRCH'
}
