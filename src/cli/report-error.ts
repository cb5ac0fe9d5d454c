import { EXIT, LinsightError, type ErrorCode, type Excerpt, type ExitStatus } from '../errors.ts'
import { StreamError } from './guard-streams.ts'
import { printRemark } from './print-remark.ts'
import { usageError, type OclifError, type UsageContext } from './usage-error.ts'
import { safeJson } from '../terminal/json.ts'

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
    /** The place in a line of input, such as a filter, that is meant. */
    excerpt?: Excerpt | undefined
  }
}

/**
 * Prints an error the way every command does (one sentence on stderr, or one JSON document under `--json`, on stdout
 * where that can be written)
 * and returns the exit status. A stack trace only with `DEBUG=linsight`.
 */
export function reportError(thrown: unknown, argv: readonly string[], context: UsageContext): number {
  const { bin } = context
  const error: OclifError = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error.code === 'EEXIT') return error.oclif?.exit ?? EXIT.done
  const known =
    error instanceof LinsightError
      ? error
      : error.oclif?.exit === undefined
        ? undefined
        : usageError(error, { ...context, words: argv })
  const facts: ErrorDocument['error'] = known
    ? {
        code: known.code,
        message: known.message.replace(OCLIF_FRAME, '$1'),
        exit: known.exit,
        hint: known.hint,
        excerpt: known.excerpt,
      }
    : {
        code: 'unexpected',
        message: `linsight failed unexpectedly: ${error.message}`,
        exit: EXIT.no,
        hint: 'set DEBUG=linsight to see where, and report it',
      }
  if (asksForJson(argv)) {
    const stream = error instanceof StreamError ? process.stderr : process.stdout
    stream.write(`${safeJson({ error: facts } satisfies ErrorDocument)}\n`)
  } else {
    printRemark(bin, facts.message, facts.hint, facts.excerpt)
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
