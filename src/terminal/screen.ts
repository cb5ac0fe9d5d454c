const TOP_LEFT_AND_CLEAR = '\x1b[H\x1b[J'
/** A screen of its own, so that what was on the terminal before comes back. */
const ENTER_SCREEN = '\x1b[?1049h'
const LEAVE_SCREEN = '\x1b[?1049l'

/** What is drawn again and again on a terminal, each time from the top. */
export class Screen {
  #isEntered = false

  /** The text from the top of the screen, as many lines of it as there is room for. */
  draw(text: string, lines: number): string {
    const enter = this.#isEntered ? '' : ENTER_SCREEN
    this.#isEntered = true
    return `${enter}${TOP_LEFT_AND_CLEAR}${onScreen(text, lines)}`
  }

  /** What gives the terminal back as it was, and `text` for what would be gone with the screen; nothing if it was never drawn on. */
  leave(text = ''): string {
    if (!this.#isEntered) return ''
    this.#isEntered = false
    return `${LEAVE_SCREEN}${text}`
  }
}

/** As many lines as there is room for; the last says how many are not shown. */
function onScreen(text: string, lines: number): string {
  const all = text.trimEnd().split('\n')
  if (all.length <= lines) return all.join('\n')
  return [...all.slice(0, lines - 1), `${all.length - lines + 1} more lines`].join('\n')
}
