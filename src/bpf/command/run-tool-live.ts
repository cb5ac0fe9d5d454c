import { toolFailure } from '../tools/substitute-job.ts'
import { runBpfTool } from '../tools/run-tool.ts'
import { replayTool } from '../tools/tool-recording.ts'
import type { ToolOutcome } from '../tools/tool-run.ts'
import type { MachineContext } from '../doctor/machine-context.ts'
import type { BpfTool } from '../doctor/machine/machine.ts'
import type { ToolItem } from '../tools/output/tool-item.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { safeJson } from '../../terminal/json.ts'
import { createTheme } from '../../terminal/theme.ts'
import { toolItemJson, toolItemText, toolSummaryLine } from '../show/tool-items.ts'
import { writeLines, type RecordedLines } from '../../proc/line-file.ts'
import { asyncStdout, type AsyncStdout } from '../../cli/async-stdout.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { outputDropped, type RunWarnings } from './conclude.ts'
import { stopAtSignals } from './run-live.ts'

export interface ToolView extends RunWarnings {
  json: boolean
  terminal: Terminal
}

/**
 * Runs a tool to its end and shows its items in its own columns, or one a line as JSON. Every signal that asks us to end
 * is one SIGINT to the tool, which runs as long as it likes where `durationMs` is absent.
 *
 * @throws ToolError, MachineError or UsageError where the tool gave no result
 */
export async function runToolLive(
  context: MachineContext,
  tool: BpfTool,
  args: readonly string[],
  view: ToolView & { durationMs: number | undefined; record?: string | undefined },
): Promise<void> {
  const stopping = new AbortController()
  const out = asyncStdout(() => stopping.abort())
  const recording = view.record === undefined ? undefined : await writeLines(view.record)
  const { ended } = await runBpfTool(context, {
    tool,
    args,
    onItem: writeItems(out, view),
    stop: stopping.signal,
    recording,
  })
  const signalsAreOver = stopAtSignals(stopping)
  const timer = view.durationMs === undefined ? undefined : setTimeout(() => stopping.abort(), view.durationMs)
  const outcome = await ended.finally(() => clearTimeout(timer))
  await concludeTool(outcome, out, view, 'live', context)
  await signalsAreOver()
}

/** Shows a recorded run of a tool again, with the same warnings and the same failure. */
export async function showRecordedTool(recording: RecordedLines, view: ToolView): Promise<void> {
  const out = asyncStdout(failure => failure ?? process.exit(0))
  const outcome = await replayTool(recording, () => writeItems(out, view))
  await concludeTool(outcome, out, view, recording.path)
}

function writeItems(out: AsyncStdout, view: ToolView): (item: ToolItem) => void {
  const text = toolItemText(createTheme(view.terminal.color), view.terminal.width)
  return item => out.write(view.json ? `${safeJson(toolItemJson(item))}\n` : text(item))
}

async function concludeTool(
  outcome: ToolOutcome,
  out: AsyncStdout,
  view: ToolView,
  source: string,
  context?: MachineContext,
): Promise<void> {
  const { failure, warnings } = outcome.verdict
  await out.end()
  if (failure !== undefined) {
    throw toolFailure(outcome.header, { ...failure, message: escapeBytes(failure.message) }, context)
  }
  for (const { code, message } of warnings) view.remark({ code, message: escapeBytes(message) })
  if (out.dropped > 0) view.remark(outputDropped(out.dropped))
  if (!view.json) return
  out.write(toolSummaryLine(outcome, source, view.warnings))
  await out.end()
}
