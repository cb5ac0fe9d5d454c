import { writeSync } from 'node:fs'
import { constants } from 'node:os'
import { errnoOf } from '../../errors.ts'
import { decodeKeys, unfinishedAt, type Key } from '../keys/decode-keys.ts'
import { changedLines } from './changed-lines.ts'

/** A screen of its own, so that what was on the terminal before comes back; no cursor. */
const ENTER = '\x1b[?1049h\x1b[?25l'
const LEAVE = '\x1b[0m\x1b[?2026l\x1b[?25h\x1b[?1049l'

const STDOUT = 1

/** Signals that end a program which does not hear them. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGABRT', 'SIGALRM', 'SIGUSR1', 'SIGUSR2'] as const

/** The rest of a key comes within this time, also over a slow line; else it was Escape. */
const REST_OF_KEY_MS = 30

/** Of a terminal that does not say. */
const DEFAULT_SIZE = { width: 80, height: 24 }

export interface SessionEvents {
  keys(keys: Key[]): void
  /** The screen is to be drawn: it has another size, or comes back after Ctrl-Z. */
  redraw(): void
  /** It is to end, with this status. */
  end(status: number): void
}

/**
 * The terminal while it shows a screen. However the program ends or is stopped, the terminal is as it was before: by a
 * key, by a signal, by an exception, by Ctrl-Z (and comes back with fg).
 */
export class TerminalSession {
  readonly #events: SessionEvents
  #shown: string[] | undefined
  #isEntered = false
  /** Of a key that has not come whole. */
  #unfinished = ''
  #rest: NodeJS.Timeout | undefined

  constructor(events: SessionEvents) {
    this.#events = events
  }

  get size(): { width: number; height: number } {
    const { columns, rows } = process.stdout
    return { width: columns || DEFAULT_SIZE.width, height: rows || DEFAULT_SIZE.height }
  }

  start(): void {
    process.once('exit', this.#leave)
    // Before what went wrong is told: on a screen that goes it would go with it.
    process.on('uncaughtExceptionMonitor', this.#leave)
    for (const name of ENDING) process.on(name, this.#onEnding)
    process.on('SIGTSTP', this.suspend)
    process.on('SIGCONT', this.#onContinue)
    process.stdout.on('resize', this.#onResize)
    process.stdout.prependListener('error', this.#onWriteError)
    if (process.stdin.isTTY) {
      process.stdin.setEncoding('utf8')
      process.stdin.on('data', this.#onData)
      process.stdin.on('end', this.#onHangup)
      process.stdin.on('error', this.#onHangup)
    }
    this.#enter()
  }

  /** Gives the terminal back, and signals their usual meaning. */
  stop(): void {
    this.#leave()
    process.off('exit', this.#leave)
    process.off('uncaughtExceptionMonitor', this.#leave)
    for (const name of ENDING) process.off(name, this.#onEnding)
    process.off('SIGTSTP', this.suspend)
    process.off('SIGCONT', this.#onContinue)
    process.stdout.off('resize', this.#onResize)
    process.stdout.off('error', this.#onWriteError)
    clearTimeout(this.#rest)
    process.stdin.off('data', this.#onData)
    process.stdin.off('end', this.#onHangup)
  }

  draw(lines: readonly string[]): void {
    if (!this.#isEntered) return
    const changes = changedLines(this.#shown, lines)
    this.#shown = [...lines]
    if (changes !== '') process.stdout.write(changes)
  }

  /** The next frame is drawn whole. */
  forget(): void {
    this.#shown = undefined
  }

  /**
   * As Ctrl-Z does, to all that the shell started as one: it has the terminal until it says `fg`. Where no shell waits,
   * the kernel stops nobody.
   */
  readonly suspend = (): void => {
    this.#leave()
    process.off('SIGTSTP', this.suspend)
    process.kill(0, 'SIGTSTP')
    process.on('SIGTSTP', this.suspend)
    this.#onContinue()
  }

  #enter(): void {
    this.#isEntered = true
    this.#shown = undefined
    if (process.stdin.isTTY) {
      process.stdin.setRawMode(true)
      process.stdin.resume()
    }
    process.stdout.write(ENTER)
  }

  /** At once, not when the loop comes round: the process may be about to end. */
  readonly #leave = (): void => {
    if (!this.#isEntered) return
    this.#isEntered = false
    try {
      writeSync(STDOUT, LEAVE)
    } catch (error) {
      if (errnoOf(error) === 'EIO') hangUp()
      // It is not read: nothing can be given back.
    }
    try {
      if (process.stdin.isTTY) process.stdin.setRawMode(false).pause()
    } catch {
      // As above.
    }
  }

  readonly #onContinue = (): void => {
    if (!this.#isEntered) this.#enter()
    else {
      // Stopped by a signal that nobody can hear: the shell has set the terminal as it likes it.
      if (process.stdin.isTTY) process.stdin.setRawMode(false).setRawMode(true)
      process.stdout.write(ENTER)
      this.#shown = undefined
    }
    this.#events.redraw()
  }

  readonly #onEnding = (name: NodeJS.Signals): void => {
    if (name === 'SIGHUP') return this.#onHangup()
    this.#events.end(128 + constants.signals[name])
  }

  readonly #onResize = (): void => {
    this.#shown = undefined
    this.#events.redraw()
  }

  readonly #onData = (sent: string): void => {
    const text = this.#unfinished + sent
    const end = unfinishedAt(text)
    this.#unfinished = text.slice(end)
    clearTimeout(this.#rest)
    if (this.#unfinished !== '') this.#rest = setTimeout(this.#onNoRest, REST_OF_KEY_MS)
    this.#onText(text.slice(0, end))
  }

  readonly #onNoRest = (): void => {
    const text = this.#unfinished
    this.#unfinished = ''
    this.#onText(text)
  }

  #onText(text: string): void {
    const keys = decodeKeys(text)
    if (keys.length > 0) this.#events.keys(keys)
  }

  readonly #onHangup = (): void => {
    this.#leave()
    hangUp()
  }

  readonly #onWriteError = (error: Error): void => {
    if (errnoOf(error) === 'EIO') hangUp()
  }
}

/** Ends as who hears no SIGHUP: node aborts where it ends by itself and its terminal has gone. */
function hangUp(): void {
  process.removeAllListeners('SIGHUP')
  process.kill(process.pid, 'SIGHUP')
}
