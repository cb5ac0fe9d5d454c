import { setTimeout as sleep } from 'node:timers/promises'
import { originOf } from '../../cli/base-command.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { writeOut } from '../../cli/write-out.ts'
import { paceMs } from '../../sockets/index.ts'
import { documentLine } from '../../terminal/json.ts'
import type { Warning } from '../../warnings.ts'
import type { Diagnosis } from '../model.ts'
import { summaryDocument, tickDocument } from '../show/json.ts'
import { tableText } from '../show/table-text.ts'
import type { ViewContext } from '../show/view.ts'
import { VIEW_OF } from '../show/views/all.ts'
import { clockText } from './clock.ts'
import { diagnoseMachine } from './diagnose-machine.ts'
import { CPU_SHARE } from './looking.ts'
import type { ScreenOptions } from './run-screen.ts'
import { unreadableWarning } from './unreadable.ts'

export interface StreamOptions extends Omit<ScreenOptions, 'color'> {
  json: boolean
  warnings: readonly Warning[]
  remark: (warning: Warning) => void
}

const HEARING_MS = 250

/**
 * A table a tick, or a document a tick and a summary. Of a machine the first look is only what the second is compared
 * with, so that every tick has rates.
 */
export async function runStream(options: StreamOptions): Promise<void> {
  const { sampler, intervalMs, count = Infinity, json, warnings, filter, grouping } = options
  const view = VIEW_OF[options.view]
  const sort = options.sort ?? view.sort
  const stop = untilSignal()
  const request = { filter: filter.filter, timeWait: options.view === 'time-wait' }
  const isLive = sampler.recordings === undefined
  const hearing = setInterval(() => sampler.hear(), HEARING_MS)
  let ticks = 0
  let nextDiagnosisMs = -Infinity
  let diagnosis: Diagnosis | undefined
  try {
    let pace = intervalMs
    if (isLive && sampler.look(request)?.without === undefined) await waited(intervalMs, stop.signal)
    while (!stop.signal.aborted && ticks < count) {
      const began = performance.now()
      const cpu = process.cpuUsage()
      if (options.view === 'findings' && began >= nextDiagnosisMs) {
        diagnosis = await diagnoseMachine(sampler.source, stop.signal)
        nextDiagnosisMs = began + (options.diagnoseEveryMs ?? 0)
      }
      const sample = sampler.look(request)
      if (sample === undefined) break
      if (ticks === 0) {
        const warning = unreadableWarning(sample.look.unreadable, sampler.source)
        if (warning !== undefined) options.remark(warning)
      }
      ticks += 1
      const context: ViewContext = { sample, diagnosis, grouping, only: [] }
      const origin = {
        ...originOf(sampler.source),
        takenAt: sample.atMs === 0 ? undefined : new Date(sample.atMs).toISOString(),
      }
      if (json) await writeOut([documentLine('tick', tickDocument(origin, view, context, sort, filter.text), warnings)])
      else await writeOut(tableText(view, context, sort, clockText(sample.atMs, isLive)))
      const { user, system } = process.cpuUsage(cpu)
      pace = paceMs(intervalMs, (user + system) / 1000, CPU_SHARE)
      if (ticks < count && (isLive || sampler.recordings.at < sampler.recordings.of))
        await waited(isLive ? pace - (performance.now() - began) : 0, stop.signal)
    }
    if (json)
      await writeOut([
        documentLine('summary', summaryDocument(originOf(sampler.source), options.view, ticks), warnings),
      ])
  } finally {
    clearInterval(hearing)
    stop.done()
    sampler.close()
  }
}

async function waited(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => {})
}
