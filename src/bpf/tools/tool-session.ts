import { countItems, judgeRun } from './tool-verdict.ts'
import type { ToolItem } from './output/tool-item.ts'
import type { ToolOutcome, ToolRunEnd, ToolRunHeader } from './tool-run.ts'
import { toolOutputParser } from './output/tool-output.ts'
import { headAndTail } from '../../children/head-and-tail.ts'

export interface ToolSession {
  /** A line of stdout, a byte string. */
  line(line: string): void
  stderrLine(line: string): void
  /** Nothing came for a while: what waits for the next line need not wait. */
  pause(): void
  finish(end: ToolRunEnd): ToolOutcome
}

/** Follows one run, live or recorded: lines go in, items and at last a verdict come out. */
export function followTool(header: ToolRunHeader, onItem: (item: ToolItem) => void): ToolSession {
  const counting = countItems()
  const stderr = headAndTail()
  const parser = toolOutputParser(header.tool, item => {
    counting.count(item)
    onItem(item)
  })
  return {
    line: line => parser.line(line),
    stderrLine(line) {
      counting.countLoss(line)
      stderr.push(`${line}\n`)
    },
    pause: () => parser.pause(),
    finish(end) {
      parser.flush()
      const verdict = judgeRun({ header, end, stderr: stderr.text(), seen: counting.seen })
      const { row, histogram, stack, note, unparsed } = counting.seen
      return { header, end, verdict, counts: { header: counting.seen.header, row, histogram, stack, note, unparsed } }
    },
  }
}
