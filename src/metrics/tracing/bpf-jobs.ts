import { setTimeout as sleep } from 'node:timers/promises'
import { startHistogramRun, type HistogramRun } from '../../bpf/index.ts'
import type { Contributor } from '../collect/collector.ts'
import type { MetricSet } from '../metric-set.ts'
import { HistogramTotals } from '../rules/histogram-totals.ts'

/** How often a tracer tells what it has counted. */
const INTERVAL_MS = 2000
/** From the first failure on; doubled each time. */
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 5 * 60_000
/** A tracer that ran so long had not failed for the same reason as the one before. */
const STEADY_MS = 60_000

type Start = (name: string, intervalMs: number, stop: AbortSignal) => Promise<HistogramRun>

interface JobOptions {
  log: (text: string) => void
  start?: Start
  firstWaitMs?: number
}

/** A job of linsight bpf that is kept running: what ends is started again, later and later. */
export class BpfJob implements Contributor {
  readonly name: string
  readonly #options: JobOptions
  readonly #stopping = new AbortController()
  readonly #totals = new HistogramTotals()
  #run: HistogramRun | undefined
  #restarts = 0
  /** Settles when it was stopped and its tracer has gone. */
  readonly done: Promise<void>

  constructor(name: string, options: JobOptions) {
    this.name = name
    this.#options = options
    this.done = this.#keepRunning()
  }

  addTo(set: MetricSet): void {
    // `job` is a label that Prometheus gives.
    const labels = { bpf_job: this.name }
    if (this.#run !== undefined) this.#totals.now(this.#run.histograms())
    set.set('linsight_bpf_job_up', this.#run?.isReady === true ? 1 : 0, labels)
    set.set('linsight_bpf_job_restarts_total', this.#restarts, labels)
    set.addSamples('linsight_bpf_latency_seconds', this.#totals.samples(labels))
  }

  stop(): Promise<void> {
    this.#stopping.abort()
    return this.done
  }

  async #keepRunning(): Promise<void> {
    const { log, firstWaitMs = FIRST_WAIT_MS } = this.#options
    const { signal } = this.#stopping
    let waitMs = firstWaitMs
    let told: string | undefined
    while (!signal.aborted) {
      const startedAt = performance.now()
      const why = await this.#runOnce().catch((error: Error) => error.message)
      if (signal.aborted) return
      if (performance.now() - startedAt >= STEADY_MS) waitMs = firstWaitMs
      if (why !== told) log(`the job ${this.name} ended and is started again: ${why}`)
      told = why
      await sleep(waitMs, undefined, { signal }).catch(() => {})
      waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)
      if (!signal.aborted) this.#restarts += 1
    }
  }

  /** Why it ended. */
  async #runOnce(): Promise<string | undefined> {
    const start: Start = this.#options.start ?? startHistogramRun
    const run = await start(this.name, INTERVAL_MS, this.#stopping.signal)
    this.#run = run
    try {
      return await run.ended
    } finally {
      this.#totals.now(run.histograms())
      this.#totals.end()
      this.#run = undefined
    }
  }
}
