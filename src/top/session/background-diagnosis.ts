import type { ProcSource } from '../../proc/proc-source.ts'
import type { Diagnosis } from '../model.ts'
import { timeText } from '../show/cells.ts'
import { diagnoseMachine } from './diagnose-machine.ts'

/** A diagnosis that runs while the screen goes on. */
export class BackgroundDiagnosis {
  readonly #stop = new AbortController()
  /** The machine, or the recording that is shown now. */
  readonly #source: () => ProcSource
  /** `doneMs`: of a clock that is never set. */
  #found: { diagnosis: Diagnosis; of: ProcSource; doneMs: number } | undefined
  #running: ProcSource | undefined

  constructor(source: () => ProcSource) {
    this.#source = source
  }

  /** The last one; undefined of a recording that was not diagnosed. */
  get diagnosis(): Diagnosis | undefined {
    return this.#found?.of === this.#source() ? this.#found.diagnosis : undefined
  }

  get isRunning(): boolean {
    return this.#running === this.#source()
  }

  /** How long ago the machine was looked at: `12s ago`. */
  get ago(): string | undefined {
    if (this.diagnosis === undefined) return undefined
    if (this.#source().kind !== 'live') return 'the recording'
    return `${timeText((performance.now() - this.#found!.doneMs) / 1000)} ago`
  }

  /** Runs one unless one is running, of the recording that is shown when it ends; throws why it failed. */
  async run(): Promise<void> {
    if (this.#running !== undefined) return
    try {
      while (!this.#stop.signal.aborted && this.#running !== this.#source()) {
        const of = (this.#running = this.#source())
        const diagnosis = await diagnoseMachine(of, this.#stop.signal)
        this.#found = { diagnosis, of, doneMs: performance.now() }
      }
    } finally {
      this.#running = undefined
    }
  }

  stop(): void {
    this.#stop.abort()
  }
}
