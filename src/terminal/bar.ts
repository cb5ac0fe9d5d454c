const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of `width` columns for a share of 0 to 1, to an eighth of a column; more than 1 is a full bar. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  // Something is never drawn as nothing.
  const shown = share > 0 ? Math.max(1, eighths) : 0
  const full = Math.floor(shown / 8)
  const text = '█'.repeat(full) + EIGHTHS[shown % 8]!
  return text + '░'.repeat(width - Math.ceil(shown / 8))
}
