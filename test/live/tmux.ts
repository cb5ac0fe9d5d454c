import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../support/run.ts'

/** Generous: many tests may share the processors. */
const LIMIT_MS = 20_000
const LOOK_MS = 50

/** A real terminal: tmux with a server, a socket and no configuration of its own. */
export class Tmux {
  readonly #folder = mkdtempSync(join(tmpdir(), 'linsight-tmux-'))

  constructor(
    command: string,
    { width = 80, height = 24, env = {} }: { width?: number; height?: number; env?: Record<string, string> } = {},
  ) {
    const settings = Object.entries({ LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env }).flatMap(([name, value]) => [
      '-e',
      `${name}=${value}`,
    ])
    this.#tmux('new-session', '-d', '-x', String(width), '-y', String(height), ...settings, command)
  }

  /** Keys by tmux's names: `Enter`, `C-c`; a text is typed. */
  keys(...keys: string[]): void {
    this.#tmux('send-keys', ...keys)
  }

  /** Typed as it is, whatever it means to tmux. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', text)
  }

  resize(width: number, height: number): void {
    this.#tmux('resize-window', '-x', String(width), '-y', String(height))
  }

  /** Lines as they are seen; with `escapes` their colours, too. */
  screen({ escapes = false } = {}): string[] {
    return this.#tmux('capture-pane', '-p', ...(escapes ? ['-e'] : []))
      .split('\n')
      .slice(0, -1)
  }

  /** `#{cursor_flag}`, `#{alternate_on}`, `#{pane_current_command}` */
  ask(format: string): string {
    return this.#tmux('display-message', '-p', format).trim()
  }

  /** Waits until the screen is as it should be; that screen. */
  async until(isSo: (text: string, lines: string[]) => boolean, what: string): Promise<string[]> {
    const end = performance.now() + LIMIT_MS
    for (;;) {
      const lines = this.screen()
      if (isSo(lines.join('\n'), lines)) return lines
      if (performance.now() > end)
        throw new Error(`${what}: not within ${LIMIT_MS} ms; the screen is:\n${lines.join('\n')}`)
      await sleep(LOOK_MS)
    }
  }

  close(): void {
    run('tmux', ['-S', this.#socket, 'kill-server'])
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get #socket(): string {
    return join(this.#folder, 'socket')
  }

  #tmux(...args: string[]): string {
    const { status, stdout, stderr } = run('tmux', ['-f', '/dev/null', '-S', this.#socket, ...args])
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`)
    return stdout
  }
}
