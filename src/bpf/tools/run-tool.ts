import { didYouMean } from '../../terminal/did-you-mean.ts'
import { MachineError, UsageError } from '../../errors.ts'
import type { BpfMachine, BpfTool } from '../doctor/machine/machine.ts'
import type { ToolItem } from './output/tool-item.ts'
import { TOOL_RECORDING_SCHEMA, type ToolOutcome, type ToolRunHeader } from './tool-run.ts'
import { compilesProgram, countTimers } from '../doctor/machine/tool-script.ts'
import { TOOL_FAMILIES } from '../jobs/bcc-tools.ts'
import type { LineWriter } from '../../proc/line-file.ts'
import { startTool, type ToolCall } from '../../children/child-tool.ts'
import type { MachineFiles } from '../doctor/machine/machine-files.ts'
import type { Candidate } from '../doctor/list-entry.ts'
import { judgeTool } from '../doctor/list-tools.ts'
import type { MachineContext } from '../doctor/machine-context.ts'
import { toolRecorder } from './tool-recording.ts'
import { followTool } from './tool-session.ts'

/** A pause after which a histogram is taken to be complete: only the next line would tell. */
const PAUSE_MS = 100
/** BCC tools detach their probes before they print. */
const STOP_MS = 10_000

/**
 * The tool a name means: bare (`execsnoop`), as Debian spells it (`execsnoop-libbpf`, `execsnoop-bpfcc`), or a bpftrace
 * script (`execsnoop.bt`). Of several the first that will attach, libbpf before BCC; otherwise the first.
 *
 * @throws MachineError where there is none
 */
export function chooseTool({ files, machine, checks }: MachineContext, wanted: string): Candidate & BpfTool {
  const order = Object.keys(TOOL_FAMILIES) as BpfTool['family'][]
  const family = order.find(candidate => wanted.endsWith(TOOL_FAMILIES[candidate].suffix))
  const name = family === undefined ? wanted : wanted.slice(0, -TOOL_FAMILIES[family].suffix.length)
  const found = order
    .filter(candidate => family === undefined || candidate === family)
    .flatMap(candidate => machine.programs.tools.filter(tool => tool.family === candidate && tool.name === name))
    .flatMap(tool => judgeTool(files, tool, checks) ?? []) as (Candidate & BpfTool)[]
  const tool = found.find(candidate => candidate.works === 'yes') ?? found[0]
  if (tool !== undefined) return tool
  throw new MachineError('tool-missing', `there is no libbpf-tool, BCC tool or bpftrace script called ${wanted} here`, {
    hint: didYouMean(
      name,
      new Set(machine.programs.tools.map(known => known.name)),
      'see what there is with: linsight bpf list --all',
    ),
  })
}

/** How a tool is started so that its rows come one by one and it can be asked to stop. */
export function toolCall(tool: BpfTool, args: readonly string[], machine: BpfMachine): ToolCall {
  const { bpftrace, stdbuf } = machine.programs
  if (tool.family === 'bcc') return { file: tool.path, args, env: { PYTHONUNBUFFERED: '1' } }
  if (tool.family === 'libbpf') {
    return stdbuf === undefined ? { file: tool.path, args } : { file: stdbuf, args: ['-oL', tool.path, ...args] }
  }
  if (bpftrace === undefined)
    throw new MachineError('tool-missing', `${tool.path} needs bpftrace, which is not installed`)
  // bpftrace takes options from behind the script, too, and one of them runs commands.
  const option = args.find(arg => arg.startsWith('-'))
  if (option !== undefined)
    throw new UsageError(`a bpftrace script takes no options: ${option} would be one of bpftrace itself`)
  return { file: bpftrace, args: [tool.path, ...args], env: { BPFTRACE_PERF_RB_PAGES: '1024' } }
}

export interface ToolRunPlan {
  tool: BpfTool
  args: readonly string[]
  onItem: (item: ToolItem) => void
  /** Ends the run: the tool gets one SIGINT. */
  stop: AbortSignal
  recording?: LineWriter | undefined
}

/** Runs a tool to its end and reports its output item by item. Resolves once the tool was started. */
export async function runBpfTool(
  { files, machine }: MachineContext,
  { tool, args, onItem, stop, recording }: ToolRunPlan,
): Promise<{ ended: Promise<ToolOutcome> }> {
  const { host, takenAt } = files.meta
  const header: ToolRunHeader = {
    schema: TOOL_RECORDING_SCHEMA,
    tool: tool.name,
    family: tool.family,
    path: tool.path,
    args,
    host,
    kernel: machine.kernel,
    takenAt,
    timers: tool.family === 'bpftrace' ? countTimers(textOf(files, tool)) : undefined,
    wrongHeaders: headersOf(files, machine, tool),
  }
  const session = followTool(header, onItem)
  const recorder = recording && toolRecorder(recording, header)
  let lines = 0
  let linesBefore = 0
  const pause = setInterval(() => {
    if (lines === linesBefore) session.pause()
    linesBefore = lines
  }, PAUSE_MS)
  const running = await startTool({
    ...toolCall(tool, args, machine),
    onLine(line) {
      lines += 1
      recorder?.line(line)
      session.line(line)
    },
    onStderrLine(line) {
      recorder?.stderrLine(line)
      session.stderrLine(line)
    },
  }).catch((error: unknown) => {
    clearInterval(pause)
    throw error
  })
  const finish = async () => {
    const { exitCode, signal, endedBy, durationMs } = await running.ended.finally(() => clearInterval(pause))
    const end = { exitCode, signal, endedBy, durationMs: Math.round(durationMs) }
    await recorder?.end(end)
    return session.finish(end)
  }
  const interrupt = () => running.stop(STOP_MS)
  stop.addEventListener('abort', interrupt)
  if (stop.aborted) interrupt()
  return { ended: finish() }
}

function headersOf(files: MachineFiles, machine: BpfMachine, tool: BpfTool) {
  const { headers, kernel } = machine
  if (tool.family !== 'bcc' || headers.inKernel || headers.state !== 'readable' || kernel === undefined)
    return undefined
  if (headers.release === kernel || !compilesProgram(textOf(files, tool))) return undefined
  return { headers: headers.release ?? 'an unknown kernel', kernel }
}

function textOf(files: MachineFiles, tool: BpfTool): string {
  return files.readFile(tool.path.slice(1)).toString('latin1')
}
