import type { LatencyHistogram } from '../../latency-histogram.ts'
import type { ExecLine, ThreadEnd } from '../../profile.ts'
import type { Abi } from '../../../kernel/abi.ts'
import { viewOf } from '../fast/byte-interner.ts'
import { CallTally } from '../call-tally.ts'
import type { Arguments, Opener } from '../file-table.ts'
import type { StraceLine } from '../line/line.ts'

const NOTHING = Buffer.alloc(0)
const NO_VIEW = viewOf(NOTHING)

/** More of an unfinished call is not kept; enough for the argument list of an exec. */
const MAX_TEXT_BYTES = 64 * 1024

/** One thread while its log is read. */
export class TracedThread implements Arguments, Opener {
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
  /** A line of it was read. */
  started = false
  /** Times are NaN where the log has none. */
  startNs = NaN
  endNs = NaN
  end: ThreadEnd | undefined
  /** By number of the system call. */
  tallies: (CallTally | undefined)[] = []
  latency: LatencyHistogram | undefined

  opened: Set<number> | undefined

  /** Its call before was an lseek. */
  hasSought = false

  /** File of the call read last, -1 before the first. */
  latestFile = -1

  /** The call that was begun and is not back yet: its number, or -1. */
  pending = -1
  pendingAtNs = NaN
  /** Bits of the pending call. */
  pendingKind = 0
  /** The second half of an exec came without a first. */
  execWithoutBeginning = false
  /** Where its name and first arguments are. */
  bytes: Buffer = NOTHING
  view: DataView = NO_VIEW
  private textFrom = 0
  argsFrom = 0
  to = 0

  constructor(id: number, tid: number) {
    this.id = id
    this.tid = tid
  }

  tally(syscall: number): CallTally {
    return (this.tallies[syscall] ??= new CallTally())
  }

  /** A call began, whose name and first arguments the line holds. */
  begin(syscall: number, kind: number, atNs: number, line: StraceLine): void {
    this.pending = syscall
    this.pendingKind = kind
    this.pendingAtNs = atNs
    this.bytes = line.bytes
    this.view = line.view
    this.textFrom = line.nameFrom
    this.argsFrom = line.argsFrom
    this.to = line.argsTo
  }

  /** Copies the text of the pending call before its bytes are gone; few calls are pending that long. */
  keepText(): void {
    if (this.pending === -1) return
    const { textFrom } = this
    this.bytes = Buffer.from(this.bytes.subarray(textFrom, Math.min(this.to, textFrom + MAX_TEXT_BYTES)))
    this.view = viewOf(this.bytes)
    this.argsFrom -= textFrom
    this.textFrom = 0
    this.to = this.bytes.length
  }

  /** Name and first arguments of the pending call. */
  get pendingText(): string {
    return this.bytes.toString('latin1', this.textFrom, this.to)
  }

  /** The pending call is over. */
  clearPending(): void {
    this.pending = -1
    this.pendingKind = 0
  }

  /** What another thread had begun goes on in this one: an exec gives its thread the leader's id. */
  inheritPendingCall(other: TracedThread): void {
    const { pending, pendingKind, pendingAtNs, bytes, view, textFrom, argsFrom, to } = other
    Object.assign(this, { pending, pendingKind, pendingAtNs, bytes, view, textFrom, argsFrom, to })
    other.release()
  }

  release(): void {
    this.opened = undefined
    this.clearPending()
    this.bytes = NOTHING
    this.view = NO_VIEW
  }
}
