import { readProcView } from '../../processes/proc-view.ts'
import type { Key } from '../keys/decode-keys.ts'
import { reduce, type Effect } from '../keys/reduce.ts'
import { initialState, type ScreenState } from '../keys/screen-state.ts'
import type { ViewName } from '../model.ts'
import type { Sampler } from '../sample/sampler.ts'
import { frameOf, type Frame } from '../show/frame.ts'
import { createPaint } from '../show/paint.ts'
import { BackgroundDiagnosis } from './background-diagnosis.ts'
import { frameFacts } from './frame-facts.ts'
import { Looking } from './looking.ts'
import { tryFilter, type ReadFilter } from './set-filter.ts'
import { unreadableWarning } from './unreadable.ts'
import { TerminalSession } from './terminal-session.ts'
import { writeSnapshot } from './write-snapshot.ts'

export interface ScreenOptions {
  sampler: Sampler
  intervalMs: number
  /** Screens to show before it ends; undefined: until somebody ends it. */
  count: number | undefined
  view: ViewName
  filter: ReadFilter
  grouping: string
  sort: { column: string; descending: boolean } | undefined
  /** Look for what is wrong again after so long. */
  diagnoseEveryMs: number | undefined
  color: boolean
}

/** Rates need a second look: the first comes soon. */
const SECOND_LOOK_MS = 400
/** Ends are read so often: what waits to be read has room for some thousands. */
const HEARING_MS = 250
const AGES_MS = 1000
/** A pause in typing. */
const TYPED_MS = 80

/** Shows the screen until it is left; the exit status. */
export function runScreen(options: ScreenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const screen = new TopScreen(options, resolve, reject)
    screen.start()
  })
}

function stateOf({ view, filter, grouping, sort }: ScreenOptions): ScreenState {
  const state = initialState(view, filter.text)
  return {
    ...state,
    grouping: { ...state.grouping, [view]: grouping },
    sort: sort === undefined ? {} : { [view]: sort },
  }
}

class TopScreen {
  readonly #options: ScreenOptions
  readonly #done: (status: number) => void
  readonly #failed: (error: unknown) => void
  readonly #terminal: TerminalSession
  readonly #paint
  readonly #looking: Looking
  readonly #diagnosis: BackgroundDiagnosis
  #state: ScreenState
  #frame: Frame | undefined
  #timer: NodeJS.Timeout | undefined
  /** Until the filter that is being typed selects. */
  #typed: NodeJS.Timeout | undefined
  #filtersAsked = 0
  readonly #timers: NodeJS.Timeout[] = []
  #isOver = false

  constructor(options: ScreenOptions, done: (status: number) => void, failed: (error: unknown) => void) {
    this.#options = options
    this.#done = done
    this.#failed = failed
    this.#paint = createPaint(options.color)
    this.#looking = new Looking(options.sampler, options.intervalMs, options.filter.filter)
    this.#diagnosis = new BackgroundDiagnosis(() => options.sampler.source)
    this.#state = stateOf(options)
    this.#terminal = new TerminalSession({
      keys: keys => this.#guarded(() => this.#onKeys(keys)),
      redraw: () => this.#guarded(() => this.#draw(true)),
      end: status => this.#end(status),
    })
  }

  start(): void {
    this.#guarded(() => {
      const { sampler, diagnoseEveryMs, intervalMs } = this.#options
      // Before the terminal is touched: what cannot be read at all is an error like any other.
      this.#looking.look(this.#state.view, false)
      this.#sayUnreadable()
      this.#terminal.start()
      this.#draw()
      this.#next(this.#isLive ? Math.min(SECOND_LOOK_MS, intervalMs) : intervalMs)
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
    this.#diagnosis.stop()
    clearTimeout(this.#timer)
    clearTimeout(this.#typed)
    for (const timer of this.#timers) clearInterval(timer)
    this.#terminal.stop()
    this.#options.sampler.close()
  }

  #next(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#guarded(() => this.#tick()), ms)
  }

  #tick(): void {
    const { count } = this.#options
    if (count !== undefined && this.#looking.looks >= count) return this.#end(0)
    const wait = this.#looking.paced(() => {
      const { view, paused } = this.#state
      // A machine goes on, what was recorded waits.
      if (paused && !this.#isLive) return
      if (this.#looking.look(view, paused)) this.#turnedTo()
    })
    this.#next(wait)
  }

  /** Another moment is shown. */
  #turnedTo(): void {
    if (!this.#isLive) this.#diagnoseShown()
    this.#draw()
  }

  #draw(whole = false): void {
    const sample = this.#looking.shown
    if (this.#isOver || sample === undefined) return
    if (whole) this.#terminal.forget()
    const state = this.#state
    const session = { ...this.#options, looking: this.#looking, diagnosis: this.#diagnosis }
    this.#frame = frameOf({ ...frameFacts(session, sample, state), ...this.#terminal.size, paint: this.#paint })
    this.#state = { ...state, places: [...state.places.slice(0, -1), this.#frame.place], texts: this.#frame.texts }
    this.#terminal.draw(this.#frame.lines)
  }

  /** What is told in seconds goes on between looks that are far apart. */
  #age(): void {
    if (this.#state.view === 'findings') this.#draw()
  }

  get #isLive(): boolean {
    return this.#options.sampler.recordings === undefined
  }

  #onKeys(keys: readonly Key[]): void {
    for (const key of keys) {
      if (this.#frame === undefined || this.#isOver) return
      const { view, paused } = this.#state
      const { state, effect } = reduce(this.#state, key, this.#frame.page)
      this.#state = state
      if (paused && !state.paused && this.#isLive) this.#looking.goOn()
      if (state.view !== view) this.#turned(state.view)
      if (effect !== undefined) this.#act(effect)
      // The next key is about what this one has changed.
      if (keys.length > 1) this.#draw()
    }
    this.#draw()
  }

  /** What a view needs that is not read for the others. */
  #turned(view: ViewName): void {
    this.#diagnoseShown()
    if (view !== 'time-wait') return
    // There may be no further look.
    if (!this.#isLive) return this.#looking.readTimeWait()
    this.#draw()
    this.#next(0)
  }

  #act(effect: Effect): void {
    if (typeof effect === 'object') {
      clearTimeout(this.#typed)
      if ('step' in effect) return this.#step(effect.step)
      if ('filter' in effect) return void this.#setFilter(effect.filter, false)
      this.#typed = setTimeout(() => void this.#setFilter(effect.typed, true), TYPED_MS)
      return
    }
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

  /** To another recording, which stays. */
  #step(by: number): void {
    const { recordings } = this.#options.sampler
    if (recordings === undefined) return this.#say('only recordings have one before and one after: see --from', false)
    if (this.#looking.step(by, this.#state.view)) {
      this.#state = { ...this.#state, paused: true }
      this.#diagnoseShown()
    } else this.#say(by < 0 ? 'this is the first recording' : 'this is the last recording', false)
  }

  /** `typed`: it is not entered yet. */
  async #setFilter(text: string, typed: boolean): Promise<void> {
    const asked = (this.#filtersAsked += 1)
    const read = await tryFilter(text, this.#options.sampler.source, typed).catch((error: Error) => error.message)
    // It may be another by now.
    if (this.#isOver || asked !== this.#filtersAsked) return
    if (typeof read === 'string') {
      // What was entered can be mended.
      if (!typed) this.#state = { ...this.#state, typing: text }
      this.#say(read, !typed)
    } else {
      this.#guarded(() => this.#looking.filterBy(read.filter))
      if (!typed) this.#state = { ...this.#state, filter: read.text }
    }
    this.#guarded(() => this.#draw())
  }

  #diagnoseShown(): void {
    if (this.#state.view === 'findings' && this.#diagnosis.diagnosis === undefined) void this.#diagnose()
  }

  async #diagnose(): Promise<void> {
    try {
      await this.#diagnosis.run()
    } catch (error) {
      this.#say(`the diagnosis failed: ${(error as Error).message}`, true)
    }
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

  /** Once, where more rights would show more. */
  #sayUnreadable(): void {
    const { source } = this.#options.sampler
    const unreadable = this.#looking.shown?.look.unreadable ?? 0
    if (!this.#isLive || (unreadable > 0 && readProcView(source).isCapable)) return
    const warning = unreadableWarning(unreadable, source)
    if (warning !== undefined) this.#say(`${warning.message}; ${warning.hint}`, false)
  }

  #say(text: string, isError: boolean): void {
    this.#state = { ...this.#state, message: { text, isError } }
  }
}
