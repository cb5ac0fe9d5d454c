import type { WeightedStack } from '../model.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { shorten } from '../../terminal/shorten.ts'

/** Stacks as BCC prints them: innermost frame first, then who, then the weight; heaviest stack last, nearest to the prompt. */
export function* stackLines(stacks: readonly WeightedStack[], unit: string, width: number): Generator<string> {
  const frameText = (frame: string) => `    ${shorten(escapeBytes(frame), width - 4)}\n`
  for (const { comm, pid, user, kernel, weight } of stacks.toReversed()) {
    for (const frame of kernel.toReversed()) yield frameText(frame)
    if (kernel.length > 0 && user.length > 0) yield '    --\n'
    for (const frame of user.toReversed()) yield frameText(frame)
    yield `    -                ${escapeBytes(comm)} (${pid})\n        ${weight} ${unit}\n\n`
  }
}
