/** Exit codes shared by every command; README and `--help` quote this table. */
export const EXIT = {
  done: 0,
  no: 1,
  usage: 2,
  machine: 3,
  input: 4,
  tool: 5,
} as const

export interface ErrorFacts {
  /** What to do next, as one sentence or one command line. */
  hint?: string | undefined
  cause?: unknown
}

/** An error meant for the user: one sentence, a stable code for `--json`, and the exit status it ends with. */
export class LinsightError extends Error {
  readonly code: string
  readonly exit: number
  readonly hint: string | undefined

  constructor(code: string, exit: number, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = new.target.name
    this.code = code
    this.exit = exit
    this.hint = facts.hint
  }
}

/** The command line asks for something that does not exist or does not fit together. Exit 2. */
export class UsageError extends LinsightError {
  constructor(message: string, facts?: ErrorFacts) {
    super('E_USAGE', EXIT.usage, message, facts)
  }
}

/** This machine cannot do it: not Linux, a tool is missing, the kernel or the permissions say no. Exit 3. */
export class MachineError extends LinsightError {
  constructor(
    code: 'E_NOT_LINUX' | 'E_TOOL_MISSING' | 'E_NOT_PERMITTED' | 'E_NO_KERNEL_SUPPORT' | 'E_NO_TARGET',
    message: string,
    facts?: ErrorFacts,
  ) {
    super(code, EXIT.machine, message, facts)
  }
}

/** A recorded input is missing, unreadable or not what it should be. Exit 4. */
export class InputError extends LinsightError {
  constructor(code: 'E_INPUT_MISSING' | 'E_INPUT_UNREADABLE' | 'E_INPUT_FORMAT', message: string, facts?: ErrorFacts) {
    super(code, EXIT.input, message, facts)
  }
}

/** The tool we drove failed. Exit 5. */
export class ToolError extends LinsightError {
  constructor(message: string, facts?: ErrorFacts) {
    super('E_TOOL_FAILED', EXIT.tool, message, facts)
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

/** The errno name of anything thrown, or `'EIO'` where it carries none. */
export function errnoOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'EIO'
}

/** The error of something that went away between two reads: a process that ended, a descriptor that was closed. */
export function isVanished(error: unknown): boolean {
  const code = errnoOf(error)
  return code === 'ENOENT' || code === 'ESRCH'
}
