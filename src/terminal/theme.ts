import { createColors } from 'picocolors'

/** Colours by meaning. Colour never carries a meaning alone: the text says the same without it. */
export interface Theme {
  readonly enabled: boolean
  heading(text: string): string
  /** Fine, listening, in use as intended. */
  good(text: string): string
  /** Worth a look. */
  caution(text: string): string
  /** Wrong, exhausted, refused. */
  bad(text: string): string
  /** Present, but rarely what is looked for. */
  quiet(text: string): string
  strong(text: string): string
}

export function createTheme(enabled: boolean): Theme {
  const colors = createColors(enabled)
  return {
    enabled,
    heading: colors.bold,
    good: colors.green,
    caution: colors.yellow,
    bad: colors.red,
    quiet: colors.dim,
    strong: colors.bold,
  }
}
