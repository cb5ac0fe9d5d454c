import { writeSync } from 'node:fs'
import { constants } from 'node:os'
import { decodeKeys, type Key } from '../keys/decode-keys.ts'
import { changedLines } from './changed-lines.ts'

/** A screen of its own, so that what was on the terminal before comes back; no cursor. */
const ENTER = '\x1b[?1049h\x1b[?25l'
const LEAVE = '\x1b[0m\x1b[?2026l\x1b[?25h\x1b[?1049l'

const STDOUT = 1

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

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
    if (process.stdin.isTTY) {
      process.stdin.setEncoding('utf8')
      process.stdin.on('data', this.#onData)
      process.stdin.on('end', this.#onEnd)
      // The terminal has gone.
      process.stdin.on('error', this.#onEnd)
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
    process.stdin.off('data', this.#onData)
    process.stdin.off('end', this.#onEnd)
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

  /** As Ctrl-Z does: the shell has the terminal until it says `fg`. */
  readonly suspend = (): void => {
    this.#leave()
    process.kill(process.pid, 'SIGSTOP')
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
    } catch {
      // The terminal has gone, or is not read: there is nothing to be given back.
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
    this.#events.end(128 + constants.signals[name])
  }

  readonly #onResize = (): void => {
    this.#shown = undefined
    this.#events.redraw()
  }

  readonly #onData = (text: string): void => {
    const keys = decodeKeys(text)
    if (keys.length > 0) this.#events.keys(keys)
  }

  readonly #onEnd = (): void => {
    this.#events.end(128 + constants.signals.SIGHUP)
  }
}
