import type { RejectedLines } from '../profile.ts'
import { QUOTE_BYTES } from '../../proc/bogus-line.ts'

/** Counts the lines that were not understood, by reason, and quotes the first of each. */
export function createRejections(source?: string) {
  const byReason = new Map<string, RejectedLines>()
  return {
    add(reason: string, text: string, line: number): void {
      const known = byReason.get(reason)
      if (known !== undefined) known.lines += 1
      else
        byReason.set(reason, {
          reason,
          lines: 1,
          firstLine: line,
          quote: text.slice(0, QUOTE_BYTES),
          ...(source !== undefined && { source }),
        })
    },
    list: (): RejectedLines[] => [...byReason.values()],
  }
}

export type Rejections = ReturnType<typeof createRejections>
