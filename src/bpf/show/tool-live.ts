import { toolFailure, type Situation } from '../tools/substitute-job.ts'
import { runBpfTool } from '../tools/run-tool.ts'
import { replayTool } from '../tools/tool-recording.ts'
import type { ToolOutcome } from '../tools/tool-session.ts'
import type { BpfTool } from '../doctor/machine/machine.ts'
import type { ToolItem } from '../tools/output/tool-item.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { createTheme } from '../../terminal/theme.ts'
import { toolItemJson, toolItemText } from './tool-items.ts'
import { writeLines } from '../../proc/line-file.ts'
import type { Warning } from '../../warnings.ts'
import { steadyOut, type SteadyOut } from '../../cli/async-stdout.ts'
import type { Terminal } from '../../cli/terminal.ts'

export interface ToolView {
  json: boolean
  terminal: Terminal
  /** All remarks so far. */
  warnings: readonly Warning[]
  remark(warning: Warning): void
}

/** Exit status after the signals that are no Ctrl-C, which is the usual end of a trace and no failure. */
const STATUS: Partial<Record<NodeJS.Signals, number>> = { SIGTERM: 143, SIGHUP: 129 }

/**
 * Runs a tool to its end and shows its items in its own columns, or one a line as JSON. Every signal that asks us to end
 * is one SIGINT to the tool. `duration` is in seconds; the tool decides where absent.
 *
 * @throws ToolError, MachineError or UsageError where nothing came of it
 */
export async function showTool(
  situation: Situation,
  tool: BpfTool,
  args: readonly string[],
  view: ToolView & { duration: number | undefined; record?: string | undefined },
): Promise<void> {
  const out = steadyOut(() => run.stop())
  const recording = view.record === undefined ? undefined : writeLines(view.record)
  const run = await runBpfTool(situation, tool, args, writeItems(out, view), recording)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      process.exitCode = STATUS[signal] ?? process.exitCode
      run.stop()
    })
  }
  const timer = view.duration === undefined ? undefined : setTimeout(() => run.stop(), view.duration * 1000)
  const outcome = await run.ended.finally(() => clearTimeout(timer))
  await conclude(outcome, out, view, 'live', situation)
}

/** Shows a recorded run of a tool again, with the same warnings and the same failure. */
export async function showRecordedTool(path: string, view: ToolView): Promise<void> {
  const out = steadyOut(() => process.exit(0))
  const outcome = await replayTool(path, () => writeItems(out, view))
  await conclude(outcome, out, view, path)
}

function writeItems(out: SteadyOut, view: ToolView): (item: ToolItem) => void {
  const text = toolItemText(createTheme(view.terminal.color))
  return item => out.write(view.json ? `${JSON.stringify(toolItemJson(item))}\n` : text(item))
}

async function conclude(
  outcome: ToolOutcome,
  out: SteadyOut,
  view: ToolView,
  source: string,
  situation?: Situation,
): Promise<void> {
  const { header, end, verdict, counts } = outcome
  const { failure, warnings, lostAtLeast, skippedProbes } = verdict
  await out.end()
  if (failure !== undefined) throw toolFailure(header, { ...failure, message: escapeBytes(failure.message) }, situation)
  for (const { code, message } of warnings) view.remark({ code, message: escapeBytes(message) })
  if (out.dropped > 0) {
    view.remark({
      code: 'output-dropped',
      message: `the reader of the output was too slow: ${out.dropped} pieces of it are missing`,
    })
  }
  if (!view.json) return
  const { tool, family, path, args, host, takenAt } = header
  const facts = { schema: 'linsight/bpf-tool/1', host, takenAt, source, tool, family, path, args, ...end, counts }
  const missing = {
    lostAtLeast,
    skippedProbes: skippedProbes.map(escapeBytes),
    warnings: view.warnings,
    unreadable: {},
  }
  out.write(`${JSON.stringify({ type: 'summary', ...facts, ...missing })}\n`)
  await out.end()
}
