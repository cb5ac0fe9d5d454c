import { toolFailure, type Situation } from '../collect/bpf-instead.ts'
import { runBpfTool } from '../collect/run-bpf-tool.ts'
import type { BpfTool } from '../model/bpf-machine.ts'
import { escapeBytes } from '../render/escape.ts'
import { createTheme } from '../render/theme.ts'
import { toolItemJson, toolItemText } from '../render/tool-items.ts'
import type { Warning } from './base-command.ts'
import { steadyOut } from './steady-out.ts'
import type { Terminal } from './terminal.ts'

export interface ToolView {
  json: boolean
  terminal: Terminal
  /** Seconds; the tool decides where absent. */
  duration: number | undefined
  /** All remarks so far. */
  warnings: readonly Warning[]
  remark(warning: Warning): void
}

/** Exit status after the signals that are no Ctrl-C, which is the usual end of a trace and no failure. */
const STATUS: Partial<Record<NodeJS.Signals, number>> = { SIGTERM: 143, SIGHUP: 129 }

/**
 * Runs a tool to its end and shows its items in its own columns, or one a line as JSON. Every signal that asks us to end
 * is one SIGINT to the tool.
 *
 * @throws ToolError, MachineError or UsageError where nothing came of it
 */
export async function showTool(
  situation: Situation,
  tool: BpfTool,
  args: readonly string[],
  view: ToolView,
): Promise<void> {
  const { files, machine } = situation
  const out = steadyOut(() => run.stop())
  const text = toolItemText(createTheme(view.terminal.color))
  const run = await runBpfTool(files, machine, tool, args, item =>
    out.write(view.json ? `${JSON.stringify(toolItemJson(item))}\n` : text(item)),
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      process.exitCode = STATUS[signal] ?? process.exitCode
      run.stop()
    })
  }
  const timer = view.duration === undefined ? undefined : setTimeout(() => run.stop(), view.duration * 1000)
  const { result, verdict, counts } = await run.ended.finally(() => clearTimeout(timer))
  await out.end()
  const { failure, warnings, lostAtLeast, skippedProbes } = verdict
  if (failure !== undefined) throw toolFailure(tool, { ...failure, message: escapeBytes(failure.message) }, situation)
  for (const { code, message } of warnings) view.remark({ code, message: escapeBytes(message) })
  if (!view.json) return
  const { exitCode, signal, durationMs } = result
  const summary = {
    type: 'summary',
    schema: 'linsight/bpf-tool/1',
    host: files.meta.host,
    takenAt: files.meta.takenAt,
    source: files.label,
    tool: tool.name,
    family: tool.family,
    path: tool.path,
    args,
    exitCode,
    signal,
    durationMs: Math.round(durationMs),
    counts,
    lostAtLeast,
    skippedProbes: skippedProbes.map(escapeBytes),
    warnings: view.warnings,
    unreadable: {},
  }
  out.write(`${JSON.stringify(summary)}\n`)
  await out.end()
}
