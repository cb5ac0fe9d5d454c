import { setTimeout as sleep } from 'node:timers/promises'
import { untilSignal } from '../../../../cli/until-signal.ts'
import type { ProcSource } from '../../../../proc/proc-source.ts'
import { UsageError } from '../../../../errors.ts'
import type { Warning } from '../../../../warnings.ts'
import type { NetstatFlags } from '../../flags.ts'
import { operandsOf } from '../../operands.ts'
import type { View } from '../../views-flags.ts'
import type { JobContext } from '../job.ts'

/** Flags of a view as they were parsed. */
export type ViewFlagValues = NetstatFlags & { json?: boolean | undefined; from?: string | undefined }

/** What a view needs to be shown. */
export interface ViewRequest {
  flags: ViewFlagValues
  /** How often -e was given. */
  extend: number
  intervalMs: number
}

/** One showing of a view; `round` counts from 1. */
export type ShowView = (round: number) => Promise<void>

/** `mynetstat -s`, `-r`, `-i` and `-g`, each loaded when it is asked for. */
export async function runView(
  view: View,
  job: JobContext,
  flags: ViewFlagValues,
  words: readonly string[],
  extend: number,
): Promise<void> {
  const repeats = flags.continuous || flags.watch
  if (words.length > 0 && !repeats && !flags.compat)
    throw new UsageError(`${words[0]} is not expected here`, { hint: 'ports and filters are of sockets' })
  if (repeats && flags.from !== undefined)
    throw new UsageError(`-c and --watch repeat a live reading; a recording never changes`, {
      hint: 'leave out -c and --watch, or --from',
    })
  if (repeats && flags.json && view !== 'statistics')
    throw new UsageError(`-c and --json go together with -s only`, { hint: 'run it again for another document' })
  const { intervalMs } = operandsOf(words, flags)
  const source = await job.openSource(flags.from)
  const request = { flags, extend, intervalMs }
  if (view === 'statistics') {
    const { showStatistics } = await import('./statistics.ts')
    return showStatistics(source, job, request)
  }
  const show = await (await import('./tables.ts')).viewTable(view, source, onceRemarking(job), request)
  await repeated(show, repeats ? intervalMs : undefined)
}

/** Again and again until a signal; without an interval once. */
export async function repeated(show: ShowView, intervalMs: number | undefined): Promise<void> {
  const stop = intervalMs === undefined ? undefined : untilSignal().signal
  for (let round = 1; ; round += 1) {
    await show(round)
    if (stop === undefined) return
    await sleep(intervalMs, undefined, { signal: stop }).catch(() => {})
    if (stop.aborted) return
  }
}

/** The same job, which says once what holds for every round. */
function onceRemarking(job: JobContext): JobContext {
  const said = new Set<string>()
  const remark = (warning: Warning) => {
    if (said.has(warning.code)) return
    said.add(warning.code)
    job.remark(warning)
  }
  return { ...job, remark }
}

/** Whether the byte order of addresses is little-endian, and a remark where that had to be assumed. */
export function byteOrderRemark(source: ProcSource, assumed: boolean): Warning[] {
  return assumed && !source.isThisMachine
    ? [
        {
          code: 'byte-order-assumed',
          message: 'the recording does not say the byte order of its machine; addresses are read as little-endian',
          hint: 'give --endian big if they look reversed',
        },
      ]
    : []
}
