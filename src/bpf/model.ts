import type { BpfRow, BpfValue } from './run/output/row.ts'
import type { Bucket, MapEntry, Stats } from './run/output/message.ts'
import type { Warning } from '../warnings.ts'

export const BPF_RECORDING_SCHEMA = 'linsight/bpf-recording/1'

/** How a bpftrace writes JSON: A up to 0.21, B 0.22 and 0.23, C from 0.24 on. */
export const DIALECTS = ['A', 'B', 'C'] as const
export type Dialect = (typeof DIALECTS)[number]

/** Everything about a run that is known when it begins: the first line of a recording. */
export interface BpfRunHeader extends BpfRunFacts {
  /** Byte string. */
  readonly program: string
}

/** The same before the tracer was started: the program of a job leaves out the tracer's own pid. */
export interface BpfRunFacts {
  readonly schema: typeof BPF_RECORDING_SCHEMA
  /** The job, or the file of the user's script. */
  readonly job?: string | undefined
  readonly script?: string | undefined
  readonly tool: 'bpftrace'
  readonly toolVersion: string
  readonly dialect: Dialect
  /** Byte string; known in advance for a user's script only. */
  readonly program?: string | undefined
  readonly host: string | undefined
  readonly kernel: string | undefined
  /** As `uname -m` prints it: system calls have other numbers elsewhere. */
  readonly machine: string | undefined
  /** ISO 8601, UTC. */
  readonly takenAt: string
  readonly btf: boolean
  readonly filter: {
    pid?: number | undefined
    comm?: string | undefined
    cgroupId?: string | undefined
    tree?: number | undefined
  }
  readonly minLatencyNs?: number | undefined
  readonly intervalS: number
  /** Strings of that many bytes were cut. */
  readonly stringBytes: number
  /** Probes of linsight's own among those of a user's script. */
  readonly ownProbes?: number | undefined
  /** Results were asked for every interval, not only at the end. */
  readonly everyInterval: boolean
}

/** What a recording holds besides the tool's own lines: `{"linsight": …}`. */
export type BpfNote =
  /** Wall clock minus the tracer's clock. */
  | { linsight: 'clock'; offsetNs: number }
  | { linsight: 'stderr'; line: string }
  /** What a descriptor stood for. */
  | { linsight: 'file'; pid: number; fd: number; path: string }
  | { linsight: 'children-left'; processes: readonly LeftProcess[] }
  | {
      linsight: 'end'
      exitCode?: number | undefined
      signal?: string | undefined
      durationMs: number
      endedBy: string
      /** It had not reported all events up to the moment it was to end. */
      behind?: true | undefined
    }

/** A process that the command started and that still ran when the run ended with the command. */
export interface LeftProcess {
  readonly pid: number
  /** Byte string. */
  readonly comm: string
}

export interface WeightedStack {
  readonly pid: number
  readonly comm: string
  /** Outermost first. */
  readonly user: readonly string[]
  readonly kernel: readonly string[]
  readonly weight: number
}

export interface KeyedHistogram {
  /** Absent where there is one for all. */
  readonly key?: BpfValue | undefined
  readonly buckets: readonly Bucket[]
}

/** All results so far of a job that is no stream of events. */
export type BpfSnapshot =
  | { shape: 'counts'; rows: BpfRow[] }
  | { shape: 'histogram'; histograms: KeyedHistogram[] }
  | { shape: 'stacks'; stacks: WeightedStack[] }

/** A map of a user's own script. */
export type ScriptMap =
  | { type: 'map'; name: string; entries: MapEntry<BpfValue>[] }
  | { type: 'histogram'; name: string; entries: MapEntry<Bucket[]>[] }
  | { type: 'stats'; name: string; entries: MapEntry<BpfValue | Stats>[] }
  | { type: 'series'; name: string; entries: MapEntry<{ start: string; value: BpfValue }[]>[] }

/** What happens in a run, in the order in which it happens; times are those of the tracer's clock. */
export type BpfEvent =
  /** The tracer was started. */
  | { type: 'start' }
  /** All probes are attached. */
  | { type: 'ready'; timeNs: number }
  /** The tracer has read up to that time on one of the CPUs. */
  | { type: 'heartbeat'; timeNs: number }
  | { type: 'row'; row: BpfRow }
  /** An interval is over and all results were renewed. */
  | { type: 'tick'; timeNs: number }
  /** Output of a user's script. */
  | { type: 'text'; text: string }
  | { type: 'value'; value: BpfValue }
  | { type: 'map'; map: ScriptMap }

/** How a run went. Losses are lower bounds: bpftrace does not count all it drops. */
export interface BpfSummary {
  /** Events reported, of a job that is a stream of them. */
  readonly events: number
  readonly attachedProbes: number | undefined
  /** Probes that could not be attached. */
  readonly skippedProbes: readonly string[]
  /** Events that are missing, at least. */
  readonly lostAtLeast: number
  /** Strings that were longer than the tracer takes. */
  readonly cutStrings: number
  /** Maps of the kernel that were full: later keys are missing. */
  readonly fullMaps: readonly string[]
  /** Maps two keys of which were printed alike. */
  readonly mapsWithAlikeKeys: readonly string[]
  /** Failures of the program at run time, and how often. */
  readonly faults: readonly { message: string; count: number }[]
  /** Maps of a script keys of which hold a comma, or text besides stacks. */
  readonly mapsWithJoinedKeys: readonly string[]
  readonly mapsWithTextKeys: readonly string[]
  /** What bpftrace warned of, in its words; of a user's script only. */
  readonly tracerWarnings: readonly string[]
  /** Lines of the tracer that were not understood. */
  readonly unreadableLines: number
  /** Absent: the recording ends before the run did. */
  readonly durationMs: number | undefined
  readonly endedBy: string | undefined
  /** The tracer was ended before it had reported all events up to then. */
  readonly behind: boolean
  /** Processes of the command that are no longer traced. */
  readonly childrenLeft: readonly LeftProcess[]
}

/** A run as renderers see it, while it lasts or after its end. */
export interface BpfRunState {
  readonly header: BpfRunFacts
  /** Milliseconds since 1970 of a time of the tracer's clock; undefined before the clocks were compared. */
  wallMs(timeNs: number): number | undefined
  /** Results so far; undefined for a stream of events. */
  snapshot(): BpfSnapshot | undefined
  summary(): BpfSummary
  /** What is missing from the results, and why. */
  warnings(): Warning[]
}

/** A run that is being followed: lines and notes go in. */
export interface BpfSession extends BpfRunState {
  /** One line of the tool's stdout, a byte string. */
  line(line: string): void
  note(note: BpfNote): void
  /** Probes that were attached, without linsight's own in a script; undefined before bpftrace says it. */
  readonly attached: number | undefined
  readonly isReady: boolean
  /** Hands out what was held back to be put in order: there are no more lines. */
  flush(): void
  /** Threads of the command and of all it started that had not ended with the trace, as far as the tracer followed them. */
  readonly family: readonly number[]
  /** Of a job, or what a script prints of them; none where there are none. */
  stacks(): readonly WeightedStack[]
  errors(): readonly BpfError[]
  /** The last line of stderr that says something. */
  readonly lastWords: string | undefined
  readonly end: (BpfNote & { linsight: 'end' }) | undefined
}

/** What bpftrace says is wrong, and where in the program. */
export interface BpfError {
  readonly text: string
  readonly at?: SourcePlace | undefined
}

/** A line of a program, from 1, and the columns of what is meant; only the line where it is several. */
export interface SourcePlace {
  readonly line: number
  readonly columns?: readonly [from: number, to: number] | undefined
}
