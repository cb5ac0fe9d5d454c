import { writeFileSync } from 'node:fs'
import type { BpfSession } from '../run/session.ts'
import { InputError, UsageError } from '../../errors.ts'
import { jsonText } from './cell.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { flameSvg } from './flame-svg.ts'
import { foldedLines } from './flame-frames.ts'
import { speedscopeDocument } from './speedscope.ts'
import type { Warning } from '../../warnings.ts'
import type { BpfSubject } from './view.ts'
import type { SteadyOut } from '../../cli/async-stdout.ts'

interface Conclusion {
  subject: BpfSubject
  json: boolean
  flame: string | undefined
  /** Keeps a remark, and says it where text is shown. */
  remark(warning: Warning): void
  /** All remarks so far. */
  warnings: readonly Warning[]
}

/** What follows the results of a run, live or recorded: the flame graph, what is missing, the summary. */
export async function concludeRun(session: BpfSession, out: SteadyOut, options: Conclusion): Promise<void> {
  const summary = session.summary()
  if (options.flame !== undefined) writeFlame(options.flame, session, options.subject)
  for (const { code, message } of session.remarks()) options.remark({ code, message: escapeBytes(message) })
  if (out.dropped > 0) {
    options.remark({
      code: 'output-dropped',
      message: `the reader of the output was too slow: ${out.dropped} pieces of it are missing`,
    })
  }
  if (!options.json) return
  const { faults, fullMaps, skippedProbes, mapsWithAlikeKeys, ...counts } = summary
  const listed = {
    faults: faults.map(({ message, count }) => ({ message: jsonText(message), count })),
    fullMaps: fullMaps.map(jsonText),
    skippedProbes: skippedProbes.map(jsonText),
    mapsWithAlikeKeys: mapsWithAlikeKeys.map(jsonText),
  }
  out.write(
    `${JSON.stringify({ type: 'summary', ...counts, ...listed, warnings: options.warnings, unreadable: {} })}\n`,
  )
  await out.end()
}

/** Refuses `--flame` where there are no stacks, before anything runs. */
export function checkFlame(flame: string | undefined, { name, shape }: BpfSubject): void {
  if (flame !== undefined && shape !== 'stacks') {
    throw new UsageError(`${name} has no stacks, so there is no flame graph of it`, {
      hint: 'stacks come from: linsight bpf run profile, linsight bpf run offcputime',
    })
  }
}

function writeFlame(path: string, session: BpfSession, { name, unit = '' }: BpfSubject): void {
  const snapshot = session.snapshot()
  if (snapshot?.shape !== 'stacks') return
  const title = `${name} on ${session.header.host ?? 'an unknown host'}, ${session.header.takenAt}`
  const text = path.endsWith('.svg')
    ? [...flameSvg(snapshot.stacks, { title, unit })].join('')
    : path.endsWith('.speedscope.json')
      ? `${JSON.stringify(speedscopeDocument(snapshot.stacks, { name: title, unit: unit === 'samples' ? 'none' : 'microseconds' }))}\n`
      : [...foldedLines(snapshot.stacks)].join('')
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new InputError(
      'input-unreadable',
      `the flame graph ${path} could not be written: ${(error as Error).message}`,
      { cause: error },
    )
  }
}
