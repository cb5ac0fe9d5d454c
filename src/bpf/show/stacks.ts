import type { WeightedStack } from '../model.ts'
import { escapeBytes } from '../../terminal/escape.ts'

/** Stacks as BCC prints them: innermost frame first, then who, then the weight; heaviest stack last, nearest to the prompt. */
export function* stackLines(stacks: readonly WeightedStack[], unit: string): Generator<string> {
  for (const { comm, pid, user, kernel, weight } of stacks.toReversed()) {
    for (const frame of kernel.toReversed()) yield `    ${escapeBytes(frame)}\n`
    if (kernel.length > 0 && user.length > 0) yield '    --\n'
    for (const frame of user.toReversed()) yield `    ${escapeBytes(frame)}\n`
    yield `    -                ${escapeBytes(comm)} (${pid})\n        ${weight} ${unit}\n\n`
  }
}
