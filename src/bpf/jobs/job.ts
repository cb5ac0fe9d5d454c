import type { BpfRow, BpfValue, Field } from '../run/output/row.ts'

/** What a program attaches to: `sched:sched_switch`, `page-faults:1`, `hz:99`, `libc:getaddrinfo`, `bash:readline`. */
export interface Probe {
  readonly kind: 'tracepoint' | 'software' | 'profile' | 'uprobe'
  readonly target: string
  /** The job works without it: the program leaves it out where the kernel lacks it. */
  readonly optional?: boolean | undefined
}

/** Who is traced. Values are checked before they get here; the program builder turns them into literals. */
export interface TaskFilter {
  readonly pid?: number | undefined
  /** Byte string, at most 15 bytes: the kernel keeps no more. */
  readonly comm?: string | undefined
  /** Inode number of the cgroup2 folder, in decimal. */
  readonly cgroupId?: string | undefined
  /** A process and all it starts from now on. */
  readonly tree?: number | undefined
}

/** Everything a program is made of besides its own text. */
export interface ProgramContext {
  readonly filter: TaskFilter
  /** Ourselves and the tracer: tracing these would feed on its own output. */
  readonly ownPids: readonly number[]
  /** Latencies below this are not reported. */
  readonly minLatencyNs?: number | undefined
  /** Seconds between two prints of maps. */
  readonly intervalS: number
  /** Whether the kernel has this tracepoint (and, where given, this field of it). */
  hasTracepoint(name: string, field?: string): boolean
  /** The kernel describes its structures: programs may read them. */
  readonly btf: boolean
  /** File of an uprobe target: `libc`, `bash`. Checked: absolute, of harmless characters. */
  objectPath(name: string): string | undefined
}

/** Tag of a tuple → names of what follows it; `_` is passed over. */
export type RecordLayouts = Readonly<Record<string, readonly string[]>>

/** Turns the tuples of one program into rows; may remember what it saw. */
export interface RowReader {
  /** The rows a tuple completes, if any. `record[0]` is its tag. */
  take(record: readonly BpfValue[]): BpfRow[]
}

/** What a reader must know of the run; part of a recording. */
export interface ReaderContext {
  readonly filter: TaskFilter
  readonly minLatencyNs?: number | undefined
  /** Whether the program could read kernel structures. */
  readonly btf: boolean
  /** That of a recording: an older one may print less. Absent in a live run. */
  readonly program?: string | undefined
}

export interface JobFacts {
  /** As typed: BCC's name where BCC has the tool. */
  readonly name: string
  /** A few words, for the list. */
  readonly title: string
  /** What its output shows, in one or two sentences. */
  readonly shows: string
  /** What one might expect in it and will not find. */
  readonly doesNotShow: string
  /** What it costs while it runs. */
  readonly overhead: string
  readonly probes: readonly Probe[]
  /** Columns, in the order of the table. */
  readonly fields: readonly Field[]
  /** Which filters of {@link TaskFilter} mean something here. */
  readonly filters: readonly ('pid' | 'comm' | 'cgroup' | 'tree')[]
  /** Bytes of a string, where {@link STRING_BYTES} are more than the stack of a BPF program holds. */
  readonly stringBytes?: number | undefined
  /** The exec of a traced command itself is an event of this job. */
  readonly seesOwnExec?: boolean | undefined
  /** Not every record has its time behind the tag: rows are put in order, not records. */
  readonly untimedRecords?: boolean | undefined
  /** `--min-latency` means something here. */
  readonly minLatency?: boolean | undefined
  /** Tools that answer the same question, by their plain name, best first. */
  readonly substitutes: { readonly libbpf: readonly string[]; readonly bcc: readonly string[] }
  /** The bpftrace program, without BEGIN and the clock, which the builder adds. */
  program(context: ProgramContext): string
}

/** One row per event. */
export interface EventJob extends JobFacts {
  readonly shape: 'events'
  /** What the tuples of its program hold, old ones too: names of fields, or of facts its reader makes fields of. */
  readonly layouts: RecordLayouts
  reader(context: ReaderContext): RowReader
}

/** One histogram per key, of powers of two. */
export interface HistogramJob extends JobFacts {
  readonly shape: 'histogram'
  /** Name of the map. */
  readonly map: string
  /** Unit of the values. */
  readonly unit: 'usecs' | 'msecs'
  /** What the number is that keys the map; absent where there is one histogram. */
  readonly key?: Field | undefined
  /** Names of the numbers that key the map, where they are our own. */
  readonly keyNames?: readonly string[] | undefined
}

/** A table of sums that is printed anew every interval. */
export interface CountJob extends JobFacts {
  readonly shape: 'counts'
  /** Fields that identify a row, in the order of the map's key. */
  readonly keys: readonly Field[]
  /** Map → the field it fills. */
  readonly maps: Readonly<Record<string, string>>
  /** Field the rows are sorted by, largest first. */
  readonly sortBy: string
}

/** Call stacks with a weight. */
export interface StackJob extends JobFacts {
  readonly shape: 'stacks'
  readonly unit: 'samples' | 'microseconds'
  /** Map keyed by user stack, kernel stack, pid; absent where every sample is a record of its own. */
  readonly map?: string | undefined
}

export type Job = EventJob | HistogramJob | CountJob | StackJob
