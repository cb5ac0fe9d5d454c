import type { CheckId } from '../doctor/check-machine.ts'
import type { BpfTool } from '../doctor/machine/machine.ts'
import type { Warning } from '../../warnings.ts'
import type { ToolItem } from './output/tool-item.ts'

export const TOOL_RECORDING_SCHEMA = 'linsight/bpf-tool-recording/1'

/** Everything about a run of a tool that is known when it begins: the first line of its recording. */
export interface ToolRunHeader {
  readonly schema: typeof TOOL_RECORDING_SCHEMA
  /** Bare name. */
  readonly tool: string
  readonly family: BpfTool['family']
  readonly path: string
  readonly args: readonly string[]
  readonly host: string | undefined
  readonly kernel: string | undefined
  /** ISO 8601, UTC. */
  readonly takenAt: string | undefined
  /** Probes of a bpftrace script that always attach and trace nothing: BEGIN, END, interval. */
  readonly timers?: number | undefined
  /** Headers it was compiled with and the kernel they met, where the two differ. */
  readonly wrongHeaders?: { headers: string; kernel: string } | undefined
}

/** How a run ended: the last line of its recording. */
export interface ToolRunEnd {
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
  readonly durationMs: number
  /** Whether it was asked to end, and how hard. */
  readonly endedBy: 'itself' | 'interrupt' | 'terminate' | 'kill'
}

/** What a run of a tool means. */
export interface ToolVerdict {
  /** It did not do its work: the reason in one sentence, and the check of the doctor that explains it. */
  failure?: { message: string; because?: CheckId | undefined; usage?: boolean | undefined } | undefined
  warnings: Warning[]
  /** Events the tool reported as lost. */
  lostAtLeast: number
  /** Probes the tool went on without. */
  skippedProbes: string[]
}

/** A run of a tool after its end. */
export interface ToolOutcome {
  header: ToolRunHeader
  end: ToolRunEnd
  verdict: ToolVerdict
  counts: Record<ToolItem['type'], number>
}
