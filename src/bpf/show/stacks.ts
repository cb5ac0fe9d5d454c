import type { WeightedStack } from '../model.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { shorten } from '../../terminal/shorten.ts'

/** Columns up to the dash before the owner, and blanks behind it. */
const OWNER = 5
const GAP = 16

/** Stacks as BCC prints them: innermost frame first, then who, then the weight; heaviest stack last, nearest to the prompt. */
export function* stackLines(stacks: readonly WeightedStack[], unit: string, width: number): Generator<string> {
  const frameText = (frame: string) => `    ${shorten(escapeBytes(frame), width - 4)}\n`
  for (const { comm, pid, user, kernel, weight } of stacks.toReversed()) {
    for (const frame of kernel.toReversed()) yield frameText(frame)
    if (kernel.length > 0 && user.length > 0) yield '    --\n'
    for (const frame of user.toReversed()) yield frameText(frame)
    const who = `${escapeBytes(comm)} (${pid})`
    // BCC's place, nearer on a narrow terminal.
    const gap = Math.max(1, Math.min(GAP, width - OWNER - textWidth(who)))
    yield `    -${' '.repeat(gap)}${shorten(who, width - OWNER - gap)}\n        ${weight} ${unit}\n\n`
  }
}
