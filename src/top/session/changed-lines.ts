const HOME_AND_CLEAR = '\x1b[H\x1b[2J'
/** Until the end the terminal shows what was before: nothing flickers. Terminals that do not know it ignore it. */
const BEGIN = '\x1b[?2026h'
const END = '\x1b[?2026l'
const CLEAR_REST = '\x1b[K'
const PLAIN = '\x1b[0m'

/**
 * What makes a screen of the lines `before` show `after`: only lines that differ are sent. Without `before` the whole
 * screen is. Empty where nothing differs.
 */
export function changedLines(before: readonly string[] | undefined, after: readonly string[]): string {
  let changes = before === undefined ? HOME_AND_CLEAR : ''
  const height = Math.max(before?.length ?? 0, after.length)
  for (let i = 0; i < height; i += 1) {
    const line = after[i] ?? ''
    if (before !== undefined && line === (before[i] ?? '')) continue
    if (before === undefined && line === '') continue
    changes += `\x1b[${i + 1};1H${line}${line.includes('\x1b') ? PLAIN : ''}${CLEAR_REST}`
  }
  return changes === '' ? '' : `${BEGIN}${changes}${END}`
}
