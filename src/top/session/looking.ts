import { paceMs, type SocketFilter } from '../../sockets/index.ts'
import type { History, Sample, ViewName } from '../model.ts'
import type { Sampler } from '../sample/sampler.ts'

/** Looking and drawing take no more than this share of one CPU. */
export const CPU_SHARE = 0.03
/** Looks that the graphs remember. */
const MOST_HISTORY = 120

/** What was looked at, and what of it is shown: by default the last look. */
export class Looking {
  readonly #sampler: Sampler
  readonly #intervalMs: number
  #filter: SocketFilter | undefined
  #last: Sample | undefined
  #shown: Sample | undefined
  /** Of a recording its rates stand at its place. */
  readonly #history = { received: [] as number[], sent: [] as number[] }
  #paceMs: number
  looks = 0

  constructor(sampler: Sampler, intervalMs: number, filter: SocketFilter | undefined) {
    this.#sampler = sampler
    this.#intervalMs = intervalMs
    this.#paceMs = intervalMs
    this.#filter = filter
  }

  get shown(): Sample | undefined {
    return this.#shown
  }

  get history(): History {
    const { recordings } = this.#sampler
    if (recordings === undefined) return this.#history
    return {
      received: this.#history.received.slice(0, recordings.at),
      sent: this.#history.sent.slice(0, recordings.at),
    }
  }

  /** From look to look. */
  get paceMs(): number {
    return this.#paceMs
  }

  /** False where there is nothing more to look at. `hold`: what is shown stays. */
  look(view: ViewName, hold: boolean): boolean {
    return this.#take(this.#sampler.look(this.#request(view)), hold)
  }

  /** Another recording; false where there is none. */
  step(by: number, view: ViewName): boolean {
    return this.#take(this.#sampler.recordings?.step(by, this.#request(view)), false)
  }

  /** Shows the last look again. */
  goOn(): void {
    if (this.#last !== undefined) this.#shown = this.#sampler.filtered(this.#last, this.#filter)
  }

  filterBy(filter: SocketFilter | undefined): void {
    this.#filter = filter
    if (this.#shown !== undefined) this.#shown = this.#sampler.filtered(this.#shown, filter)
  }

  /** Reads TIME_WAIT for what is shown. */
  readTimeWait(): void {
    if (this.#shown !== undefined) this.#shown = this.#sampler.withTimeWait(this.#shown)
  }

  /** Runs a look, and stretches the pace where it takes too much of the CPU. */
  paced(run: () => void): number {
    const began = performance.now()
    const cpu = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(cpu)
    // Recordings end, however fast.
    if (this.#sampler.recordings === undefined)
      this.#paceMs = paceMs(this.#intervalMs, (user + system) / 1000, CPU_SHARE)
    return Math.max(0, this.#paceMs - (performance.now() - began))
  }

  #request(view: ViewName) {
    return { filter: this.#filter, timeWait: view === 'time-wait' }
  }

  #take(sample: Sample | undefined, hold: boolean): boolean {
    if (sample === undefined) return false
    this.looks += 1
    this.#last = sample
    if (!hold) this.#shown = sample
    this.#remember(sample)
    return true
  }

  #remember({ look: { amounts, seconds } }: Sample): void {
    const { recordings } = this.#sampler
    const { received, sent } = this.#history
    if (recordings === undefined && seconds === undefined) return
    const rate = (bytes: number | undefined) => (bytes === undefined || !seconds ? Number.NaN : bytes / seconds)
    const at = recordings === undefined ? received.length : recordings.at - 1
    received[at] = rate(amounts?.receivedBytes)
    sent[at] = rate(amounts?.sentBytes)
    if (recordings !== undefined || received.length <= MOST_HISTORY) return
    received.shift()
    sent.shift()
  }
}
