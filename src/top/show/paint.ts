import { createColors } from 'picocolors'
import type { Tone } from './cells.ts'

/** Colours of the screen by meaning; without them every text stands as it is. */
export interface Paint {
  tone: (text: string, tone: Tone | undefined) => string
  /** The line that is chosen, the view that is shown. */
  bar: (text: string) => string
  /** Above the columns. */
  heading: (text: string) => string
  /** A key that may be pressed. */
  key: (text: string) => string
  received: (text: string) => string
  sent: (text: string) => string
}

export function createPaint(enabled: boolean): Paint {
  const colors = createColors(enabled)
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    plain: text => text,
    good: colors.green,
    caution: colors.yellow,
    bad: colors.red,
    quiet: colors.dim,
    strong: colors.bold,
  }
  return {
    tone: (text, tone = 'plain') => (text === '' ? '' : tones[tone](text)),
    bar: colors.inverse,
    heading: text => colors.underline(colors.bold(text)),
    key: colors.bold,
    received: colors.green,
    sent: colors.cyan,
  }
}
