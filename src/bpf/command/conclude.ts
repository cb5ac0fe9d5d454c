import type { BpfSession } from '../model.ts'
import { UsageError } from '../../errors.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { flameText } from '../show/flame/flame-text.ts'
import { summaryLine } from '../show/run-json.ts'
import type { Warning } from '../../warnings.ts'
import type { BpfSubject } from '../show/subject.ts'
import { writeFile } from '../../files/write-file.ts'
import type { AsyncStdout } from '../../cli/async-stdout.ts'

/** Where the warnings of a run go. */
export interface RunWarnings {
  /** Keeps a warning, and prints it where text is shown. */
  remark(warning: Warning): void
  /** All warnings so far. */
  warnings: readonly Warning[]
}

interface Conclusion extends RunWarnings {
  subject: BpfSubject
  json: boolean
  flame: string | undefined
}

/** Writes what follows the results of a run, live or recorded: the flame graph, the warnings, the summary. */
export async function concludeRun(session: BpfSession, out: AsyncStdout, options: Conclusion): Promise<void> {
  if (options.flame !== undefined) await writeFlame(options.flame, session, options)
  for (const { code, message } of session.warnings()) options.remark({ code, message: escapeBytes(message) })
  if (out.dropped > 0) options.remark(outputDropped(out.dropped))
  if (!options.json) return
  out.write(summaryLine(session, options.warnings))
  await out.end()
}

export function outputDropped(pieces: number): Warning {
  return {
    code: 'output-dropped',
    message: `the reader of the output was too slow: ${pieces} pieces of it are missing`,
  }
}

/** Refuses `--flame` where there are no stacks, before anything runs. */
export function checkFlame(flame: string | undefined, { name, shape }: BpfSubject, program = ''): void {
  const hasStacks = shape === 'stacks' || (shape === 'script' && /\b[ku]stack\b/.test(program))
  if (flame !== undefined && !hasStacks) {
    throw new UsageError(`${name} has no stacks, so there is no flame graph of it`, {
      hint: 'stacks come from: linsight bpf run profile, linsight bpf run offcputime, and kstack or ustack in a script',
    })
  }
}

async function writeFlame(
  path: string,
  session: BpfSession,
  { subject: { name, unit = 'counted' } }: Conclusion,
): Promise<void> {
  const { header } = session
  const title = `${name} on ${header.host ?? 'an unknown host'}, ${header.takenAt}`
  await writeFile(path, [flameText(path, session.stacks(), { title, unit })])
}
