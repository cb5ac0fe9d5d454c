import type { BpfSession, BpfSnapshot } from '../model.ts'
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
  const snapshot = session.snapshot()
  if (options.flame !== undefined && snapshot?.shape === 'stacks')
    await writeFlame(options.flame, session, snapshot, options)
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
export function checkFlame(flame: string | undefined, { name, shape }: BpfSubject): void {
  if (flame !== undefined && shape !== 'stacks') {
    throw new UsageError(`${name} has no stacks, so there is no flame graph of it`, {
      hint: 'stacks come from: linsight bpf run profile, linsight bpf run offcputime',
    })
  }
}

async function writeFlame(
  path: string,
  { header }: BpfSession,
  { stacks }: Extract<BpfSnapshot, { shape: 'stacks' }>,
  { subject: { name, unit = '' } }: Conclusion,
): Promise<void> {
  const title = `${name} on ${header.host ?? 'an unknown host'}, ${header.takenAt}`
  await writeFile(path, [flameText(path, stacks, { title, unit })])
}
