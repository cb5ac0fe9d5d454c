import { EXIT, LinsightError, UsageError, type ErrorCode, type ExitStatus } from '../errors.ts'
import { escapeText } from '../terminal/escape.ts'

/** What every command prints under `--json` where it cannot answer; in a stream, the last line. */
export interface ErrorDocument {
  error: {
    code: ErrorCode
    /** One sentence: what was tried, on what, and why not. */
    message: string
    /** The exit status the command ends with. */
    exit: ExitStatus
    /** What to do next. */
    hint?: string | undefined
  }
}

/** An error of oclif's own: a bad flag, an unknown command, or an exit it asks for. */
interface OclifError extends Error {
  oclif?: { exit?: number }
  code?: string
  parse?: unknown
}

/**
 * Prints an error the way every command does (one sentence on stderr, or one JSON document on stdout under `--json`)
 * and returns the exit status. A stack trace only with `DEBUG=linsight`.
 */
export function reportError(thrown: unknown, bin: string, argv: readonly string[]): number {
  const error: OclifError = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error.code === 'EEXIT') return error.oclif?.exit ?? EXIT.done
  const known = error instanceof LinsightError ? error : fromOclif(error, bin)
  const facts: ErrorDocument['error'] = known
    ? { code: known.code, message: known.message.replace(OCLIF_FRAME, '$1'), exit: known.exit, hint: known.hint }
    : {
        code: 'unexpected',
        message: `linsight failed unexpectedly: ${error.message}`,
        exit: EXIT.no,
        hint: 'set DEBUG=linsight to see where, and report it',
      }
  if (asksForJson(argv)) {
    process.stdout.write(`${JSON.stringify({ error: facts } satisfies ErrorDocument)}\n`)
  } else {
    process.stderr.write(`${bin}: ${escapeText(facts.message)}\n`)
    if (facts.hint !== undefined) process.stderr.write(`  ${escapeText(facts.hint)}\n`)
  }
  if (process.env['DEBUG'] === 'linsight') process.stderr.write(`${error.stack ?? ''}\n`)
  return facts.exit
}

/** oclif puts this around the message of an error thrown while a flag is parsed. */
const OCLIF_FRAME = /^Parsing --\S+ ?\n\t([^]*?)(?:\nSee more help with --help)?$/

function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json')
}

/** oclif's usage errors span several lines and may end in the whole help text; ours are one sentence. */
function fromOclif(error: OclifError, bin: string): LinsightError | undefined {
  if (error.oclif?.exit === undefined) return undefined
  const message = error.message
    .replace(/\nSee more help with --help[^]*$/, '')
    .replace(/^Nonexistent flags?: /, 'there is no flag ')
    .replace(/^command (.*) not found$/, (_, id: string) => `there is no command ${id.replaceAll(':', ' ')}`)
    .replace(/\s*\n\s*/g, '; ')
  return new UsageError(message, { hint: `see ${bin} --help` })
}
