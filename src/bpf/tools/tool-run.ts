export const TOOL_RECORDING_SCHEMA = 'linsight/bpf-tool-recording/1'

/** Everything about a run of a tool that is known when it begins: the first line of its recording. */
export interface ToolRunHeader {
  readonly schema: typeof TOOL_RECORDING_SCHEMA
  /** Bare name. */
  readonly tool: string
  readonly family: 'libbpf' | 'bcc' | 'bpftrace'
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
