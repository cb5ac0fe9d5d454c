import { untilSignal } from '../../cli/until-signal.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { standOnFirmGround } from '../look/files/own-place.ts'
import { lookLive } from '../look/look-live.ts'
import type { Observation } from '../observation.ts'
import type { Scope } from '../rank/narrow.ts'
import { DEFAULT_DURATION_MS } from './flags.ts'

const PROGRESS_MS = 250

/**
 * Looks at this machine, and says on a terminal how long still. A signal ends it early: then it is what was seen so far.
 * The current folder may be left, before anything is opened: a source returns to the folder in which it was opened.
 */
export async function lookHere(
  open: () => Promise<ProcSource>,
  { durationMs = DEFAULT_DURATION_MS, tracing = true }: { durationMs?: number | undefined; tracing?: boolean } = {},
  scope: Scope = {},
): Promise<Observation> {
  standOnFirmGround()
  const source = await open()
  const { signal, done } = untilSignal()
  const hide = showProgress(durationMs)
  return lookLive(source, { durationMs, tracing, stop: signal }, scope).finally(() => {
    hide()
    done()
  })
}

/** Says on a terminal that it looks, and how long still; returns what takes that away. */
function showProgress(durationMs: number): () => void {
  if (!process.stderr.isTTY) return () => {}
  const startedAt = performance.now()
  const show = () => {
    const left = Math.max(0, Math.ceil((durationMs - (performance.now() - startedAt)) / 1000))
    process.stderr.write(`\rlooking, ${left} s more\x1b[K`)
  }
  show()
  const timer = setInterval(show, PROGRESS_MS)
  return () => {
    clearInterval(timer)
    process.stderr.write('\r\x1b[K')
  }
}
