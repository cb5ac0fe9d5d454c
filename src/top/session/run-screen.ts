import { optional } from '../../errors.ts'
import { readBootTimeMs, readProcessFacts } from '../../processes/read-process-facts.ts'
import { paceMs, type SocketFilter } from '../../sockets/index.ts'
import { timeText } from '../show/cells.ts'
import type { ConnectionFacts } from '../show/connection-page.ts'
import { frameOf, type Frame } from '../show/frame.ts'
import { createPaint } from '../show/paint.ts'
import type { Key } from '../keys/decode-keys.ts'
import { reduce, type Effect } from '../keys/reduce.ts'
import { initialState, type ScreenState } from '../keys/screen-state.ts'
import type { Diagnosis, History, Sample, ViewName } from '../model.ts'
import type { Sampler } from '../sample/sampler.ts'
import { clockText } from './clock.ts'
import { diagnoseMachine } from './diagnose-machine.ts'
import { tryFilter } from './set-filter.ts'
import { TerminalSession } from './terminal-session.ts'
import { writeSnapshot } from './write-snapshot.ts'

export interface ScreenOptions {
  sampler: Sampler
  intervalMs: number
  /** Screens to show before it ends; undefined: until somebody ends it. */
  count: number | undefined
  view: ViewName
  filter: { text: string; filter: SocketFilter | undefined }
  grouping: string
  sort: { column: string; descending: boolean } | undefined
  /** Look for what is wrong again after so long. */
  diagnoseEveryMs: number | undefined
  color: boolean
}

/** Looking and drawing take no more than this share of one CPU. */
const CPU_SHARE = 0.03
/** Rates need a second look: the first comes soon. */
const SECOND_LOOK_MS = 400
/** Ends are read so often: what waits to be read has room for some thousands. */
const HEARING_MS = 250
/** Looks that the graphs remember. */
const MOST_HISTORY = 120
const AGES_MS = 1000

/** Shows the screen until it is left; the exit status. */
export function runScreen(options: ScreenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const screen = new TopScreen(options, resolve, reject)
    screen.start()
  })
}

class TopScreen {
  readonly #options: ScreenOptions
  readonly #done: (status: number) => void
  readonly #failed: (error: unknown) => void
  readonly #terminal: TerminalSession
  readonly #stop = new AbortController()
  readonly #paint
  #state: ScreenState
  #filter: SocketFilter | undefined
  #sample: Sample | undefined
  /** What is shown: an earlier one while it stands still. */
  #shown: Sample | undefined
  #frame: Frame | undefined
  readonly #history = { received: [] as number[], sent: [] as number[] } satisfies History
  #diagnosis: Diagnosis | undefined
  #diagnosing = false
  #looks = 0
  #paceMs: number
  #timer: NodeJS.Timeout | undefined
  readonly #timers: NodeJS.Timeout[] = []
  #isOver = false

  constructor(options: ScreenOptions, done: (status: number) => void, failed: (error: unknown) => void) {
    this.#options = options
    this.#done = done
    this.#failed = failed
    this.#paint = createPaint(options.color)
    this.#paceMs = options.intervalMs
    this.#filter = options.filter.filter
    const state = initialState(options.view, options.filter.text)
    this.#state = {
      ...state,
      grouping: { ...state.grouping, [options.view]: options.grouping },
      sort: options.sort === undefined ? {} : { [options.view]: options.sort },
    }
    this.#terminal = new TerminalSession({
      keys: keys => this.#guarded(() => this.#onKeys(keys)),
      redraw: () => this.#guarded(() => this.#draw(true)),
      end: status => this.#end(status),
    })
  }

  start(): void {
    this.#guarded(() => {
      const { sampler, diagnoseEveryMs } = this.#options
      // Before the terminal is touched: what cannot be read at all is an error like any other.
      this.#look()
      this.#terminal.start()
      this.#draw()
      this.#next(Math.min(SECOND_LOOK_MS, this.#options.intervalMs))
      this.#timers.push(setInterval(() => this.#guarded(() => sampler.hear()), HEARING_MS))
      this.#timers.push(setInterval(() => this.#guarded(() => this.#age()), AGES_MS))
      if (diagnoseEveryMs !== undefined) this.#timers.push(setInterval(() => void this.#diagnose(), diagnoseEveryMs))
      if (diagnoseEveryMs !== undefined || this.#state.view === 'findings') void this.#diagnose()
    })
  }

  /** What goes wrong in a timer or a key ends the screen first, then is told. */
  #guarded(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#close()
      this.#failed(error)
    }
  }

  #end(status: number): void {
    if (this.#isOver) return
    this.#close()
    this.#done(status)
  }

  #close(): void {
    this.#isOver = true
    this.#stop.abort()
    clearTimeout(this.#timer)
    for (const timer of this.#timers) clearInterval(timer)
    this.#terminal.stop()
    this.#options.sampler.close()
  }

  #next(ms: number): void {
    this.#timer = setTimeout(() => this.#guarded(() => this.#tick()), ms)
  }

  #tick(): void {
    const { count, intervalMs } = this.#options
    if (count !== undefined && this.#looks >= count) return this.#end(0)
    const began = performance.now()
    const cpu = process.cpuUsage()
    if (this.#look()) this.#draw()
    const { user, system } = process.cpuUsage(cpu)
    this.#paceMs = paceMs(intervalMs, (user + system) / 1000, CPU_SHARE)
    this.#next(Math.max(0, this.#paceMs - (performance.now() - began)))
  }

  /** False where there is nothing more to look at. */
  #look(): boolean {
    const { sampler } = this.#options
    const sample = sampler.look({ filter: this.#filter, timeWait: this.#state.view === 'time-wait' })
    if (sample === undefined) return false
    this.#looks += 1
    this.#sample = sample
    const { amounts, seconds } = sample.look
    const rate = (bytes: number | undefined) => (bytes === undefined || !seconds ? Number.NaN : bytes / seconds)
    if (seconds !== undefined) {
      this.#history.received.push(rate(amounts?.receivedBytes))
      this.#history.sent.push(rate(amounts?.sentBytes))
    }
    for (const values of [this.#history.received, this.#history.sent]) if (values.length > MOST_HISTORY) values.shift()
    if (!this.#state.paused) this.#shown = sample
    return true
  }

  #draw(whole = false): void {
    if (this.#isOver || this.#shown === undefined) return
    if (whole) this.#terminal.forget()
    const state = this.#state
    this.#frame = frameOf({
      state,
      sample: this.#shown,
      history: this.#history,
      diagnosis: this.#diagnosis,
      diagnosing: this.#diagnosing,
      connection: this.#connection(this.#shown),
      ...this.#terminal.size,
      paint: this.#paint,
      clock: clockText(this.#shown.atMs, this.#isLive),
      pace: this.#pace(),
      diagnosedAgo: this.#diagnosedAgo(),
    })
    this.#state = { ...state, places: [...state.places.slice(0, -1), this.#frame.place] }
    this.#terminal.draw(this.#frame.lines)
  }

  /** What is told in seconds goes on between looks that are far apart. */
  #age(): void {
    if (this.#state.view === 'findings') this.#draw()
  }

  get #isLive(): boolean {
    return this.#options.sampler.recordings === undefined
  }

  #pace(): string {
    if (this.#state.paused) return 'PAUSED'
    const { recordings } = this.#options.sampler
    if (recordings !== undefined)
      return recordings.of === 1 ? 'recording' : `recording ${recordings.at} of ${recordings.of}`
    const { intervalMs } = this.#options
    const asked = `every ${secondsText(intervalMs)}`
    return this.#paceMs > intervalMs * 1.05 ? `every ${secondsText(this.#paceMs)}, to spare the CPU` : asked
  }

  #diagnosedAgo(): string | undefined {
    if (this.#diagnosis === undefined) return undefined
    if (!this.#isLive) return 'the recording'
    return `${timeText(Math.max(0, Date.now() - this.#diagnosis.atMs) / 1000)} ago`
  }

  #connection(sample: Sample): ConnectionFacts | undefined {
    const detail = this.#state.details.at(-1)
    if (detail?.kind !== 'connection') return undefined
    const { rows, owners } = sample.look
    for (let i = 0; i < rows.length; i += 1) {
      if (rows.keyAt(i) !== detail.key) continue
      const owner = owners.get(rows.owner[i]!)?.owner
      const { source } = this.#options.sampler
      const known = (value: number) => (Number.isNaN(value) ? undefined : value)
      return {
        socket: rows.socketAt(i),
        owner,
        process: owner && optional(() => readProcessFacts(source, owner.pid, 'full', readBootTimeMs(source))),
        received: known(rows.received[i]!),
        sent: known(rows.sent[i]!),
        retransmits: known(rows.retransmits[i]!),
        userHz: source.meta.userHz ?? 100,
      }
    }
    return undefined
  }

  #onKeys(keys: readonly Key[]): void {
    for (const key of keys) {
      if (this.#frame === undefined || this.#isOver) return
      const view = this.#state.view
      const { state, effect } = reduce(this.#state, key, this.#frame.page)
      const wasPaused = this.#state.paused
      this.#state = state
      if (wasPaused && !state.paused) this.#shown = this.#sample
      if (state.view !== view) this.#turned(state.view)
      if (effect !== undefined) this.#act(effect)
      // The next key is about what this one has changed.
      if (keys.length > 1) this.#draw()
    }
    this.#draw()
  }

  /** What a view needs that is not read for the others. */
  #turned(view: ViewName): void {
    if (view === 'findings' && this.#diagnosis === undefined) void this.#diagnose()
    if (view !== 'time-wait') return
    if (!this.#isLive) {
      // There may be no further look.
      if (this.#shown !== undefined) this.#shown = this.#options.sampler.withTimeWait(this.#shown)
      return
    }
    clearTimeout(this.#timer)
    this.#draw()
    this.#next(0)
  }

  #act(effect: Effect): void {
    if (typeof effect === 'object') return void this.#setFilter(effect.filter)
    switch (effect) {
      case 'quit':
        return this.#end(0)
      case 'interrupt':
        return this.#end(130)
      case 'suspend':
        return this.#terminal.suspend()
      case 'redraw':
        return this.#draw(true)
      case 'diagnose':
        return void this.#diagnose()
      case 'snapshot':
        return void this.#snapshot()
    }
  }

  async #setFilter(text: string): Promise<void> {
    const filter = await tryFilter(text, this.#options.sampler.source).catch((error: Error) => error.message)
    if (this.#isOver) return
    if (typeof filter === 'string') this.#say(filter, true)
    else {
      this.#filter = filter
      this.#state = { ...this.#state, filter: text }
      if (this.#shown !== undefined) this.#shown = this.#options.sampler.filtered(this.#shown, filter)
    }
    this.#guarded(() => this.#draw())
  }

  async #diagnose(): Promise<void> {
    if (this.#diagnosing || this.#isOver) return
    this.#diagnosing = true
    try {
      this.#diagnosis = await diagnoseMachine(this.#options.sampler.source, this.#stop.signal)
    } catch (error) {
      this.#say(`the diagnosis failed: ${(error as Error).message}`, true)
    }
    this.#diagnosing = false
    this.#guarded(() => this.#draw())
  }

  async #snapshot(): Promise<void> {
    this.#say('writing a snapshot …', false)
    this.#draw()
    try {
      const file = await writeSnapshot(this.#options.sampler.source, new Date())
      this.#say(`${file} was written, readable by you alone`, false)
    } catch (error) {
      this.#say((error as Error).message, true)
    }
    this.#guarded(() => this.#draw())
  }

  #say(text: string, isError: boolean): void {
    this.#state = { ...this.#state, message: { text, isError } }
  }
}

const secondsText = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`)
