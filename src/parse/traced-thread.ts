import type { LatencyHistogram } from '../model/latency-histogram.ts'
import type { Abi, ExecLine, ThreadEnd } from '../model/syscall-profile.ts'
import { copyBytes } from './byte-interner.ts'
import { CallTally } from './call-tally.ts'

const NOTHING = Buffer.alloc(0)

/** More of an unfinished call is not kept; enough for the argument list of an exec. */
const MAX_TEXT_BYTES = 64 * 1024

/** One thread while its log is read. */
export class TracedThread {
  readonly id: number
  /** -1 until the log says it. */
  tid: number
  /** Thread that began the process, itself included. */
  process: TracedThread = this
  parent: TracedThread | undefined
  abi: Abi = 'native'
  comm: string | undefined
  /** Name of the program: last exec of the process, else that of the parent. */
  program: string | undefined
  execs: ExecLine[] = []
  /** Times are NaN where the log has none. */
  startNs = NaN
  endNs = NaN
  end: ThreadEnd | undefined
  /** By number of the system call. */
  tallies: (CallTally | undefined)[] = []
  latency: LatencyHistogram | undefined

  /** File of the call read last, -1 before the first. */
  latestFile = -1

  /** The call that was begun and is not back yet: its number, or -1. */
  pending = -1
  pendingAtNs = NaN
  /** Bits of the pending call. */
  pendingKind = 0
  pendingFile = -1
  /** The second half of an exec came without a first. */
  execWithoutBeginning = false
  private buffer = NOTHING
  private length = 0

  constructor(id: number, tid: number) {
    this.id = id
    this.tid = tid
  }

  tally(syscall: number): CallTally {
    return (this.tallies[syscall] ??= new CallTally())
  }

  begin(syscall: number, kind: number, file: number, atNs: number): void {
    this.pending = syscall
    this.pendingKind = kind
    this.pendingFile = file
    this.pendingAtNs = atNs
  }

  keepText(bytes: Buffer, from: number, to: number): void {
    const length = Math.min(to - from, MAX_TEXT_BYTES)
    if (length > this.buffer.length) this.buffer = Buffer.allocUnsafe(length + 128)
    this.length = copyBytes(bytes, from, from + length, this.buffer, 0)
  }

  /** Name and first arguments of the pending call. */
  get pendingText(): string {
    return this.buffer.toString('latin1', 0, this.length)
  }

  /** The pending call is over. */
  settle(): void {
    this.pending = -1
    this.pendingKind = 0
  }

  /** What another thread had begun goes on in this one: an exec gives its thread the leader's id. */
  takeOver(other: TracedThread): void {
    this.begin(other.pending, other.pendingKind, other.pendingFile, other.pendingAtNs)
    this.buffer = other.buffer
    this.length = other.length
    other.release()
  }

  release(): void {
    this.settle()
    this.buffer = NOTHING
    this.length = 0
  }
}
