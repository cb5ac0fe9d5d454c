import { addToBucket, bucketOf, createHistogram } from '../latency-histogram.ts'
import { KIND } from '../../kernel/syscall-kind.ts'
import type { RejectedLines } from '../profile.ts'
import type { StraceTable } from '../strace-columns.ts'
import { ByteInterner } from './fast/byte-interner.ts'
import { CallTally } from './call-tally.ts'
import { FailedConnects } from './failed-connects.ts'
import { FileTable, isLookup, type Arguments } from './file-table.ts'
import { LogClock } from './clock.ts'
import { SlowestCalls } from './slowest-calls.ts'
import { SEEK, SIGRETURN, SOUGHT, SyscallNumbers, type SeenSyscall } from './seen-syscalls.ts'
import { StackTable } from './stack-table.ts'
import { EVENT, RESULT } from './line/event.ts'
import { MAX_NAMES, StraceLine } from './line/line.ts'
import { ThreadLifecycle } from './threads/thread-lifecycle.ts'
import { ThreadRoster } from './threads/thread-roster.ts'
import type { TracedThread } from './threads/traced-thread.ts'

/** Everything a log has told so far; {@link LogState.add} takes the next line into account. */
export class LogState {
  readonly clock: LogClock
  readonly files = new FileTable()
  readonly connects = new FailedConnects()
  readonly slowest = new SlowestCalls()
  readonly stacks: StackTable | undefined
  readonly syscalls: readonly SeenSyscall[]
  readonly roster: ThreadRoster
  readonly tables: StraceTable[] = []
  readonly rejected: RejectedLines[] = []
  /** Calls begun, halves counted once. */
  calls = 0
  /** Lines understood, and those of tables behind or instead of a log. */
  events = 0
  tableLines = 0
  /** First halves whose second never came; they count as no calls. */
  firstHalves = 0
  /** Second halves whose first was not seen; they count as calls. */
  secondHalves = 0
  /** Reads and writes right behind an lseek. */
  seeksThenMoves = 0
  readonly line: StraceLine
  private readonly numbers: SyscallNumbers

  /** False: only lookups by path are counted by file, which findings need. */
  readonly allFiles: boolean
  /** Calls are counted per thread. */
  readonly byThread: boolean
  readonly lifecycle: ThreadLifecycle

  constructor(options: { files: boolean; threads: boolean; stacks: boolean }) {
    const names = new ByteInterner(MAX_NAMES)
    this.line = new StraceLine(names)
    this.numbers = new SyscallNumbers(names)
    this.syscalls = this.numbers.syscalls
    this.clock = new LogClock(this.line)
    this.allFiles = options.files
    this.byThread = options.threads
    this.roster = new ThreadRoster(options.threads)
    const { line, clock, roster, syscalls } = this
    this.lifecycle = new ThreadLifecycle({ line, clock, roster, syscalls, keepsExecs: options.threads })
    this.stacks = options.stacks ? new StackTable() : undefined
  }

  beginInput(tid: number | undefined): void {
    this.roster.beginInput(tid)
    this.clock.beginInput()
  }

  /**
   * Adds the event that was scanned into {@link line}. Each step needs the one before: the time of the line, the thread
   * that begins or goes on at that time, the call of that thread, and what the call does to files and threads.
   *
   * Returns the thread whose call the line begins, since the next line may be the rest of it.
   */
  add(): TracedThread | undefined {
    this.events += 1
    const { event } = this.line
    if (event === EVENT.continuation) return undefined
    this.clock.read()
    const thread = this.threadOfLine()
    if (event === EVENT.call) this.call(thread)
    else if (event === EVENT.resumed) this.resume(thread)
    else if (event === EVENT.unfinished) {
      this.begin(thread)
      return thread
    } else if (event === EVENT.end) this.lifecycle.end(thread)
    else if (event === EVENT.hiddenResult) this.clearPending(thread)
    else if (event === EVENT.pidChanged) this.changePid(thread)
    return undefined
  }

  /** A call with its result on one line. */
  private call(thread: TracedThread): void {
    const syscall = this.numbers.syscallOf(this.line, thread.abi)
    const { kind } = this.syscalls[syscall]!
    this.calls += 1
    this.clearPending(thread)
    this.finish(thread, syscall, kind, this.fileOf(thread, kind, this.line), NaN)
  }

  /** The first half of a call. */
  private begin(thread: TracedThread): void {
    const { line } = this
    const syscall = this.numbers.syscallOf(this.line, thread.abi)
    this.calls += 1
    this.clearPending(thread)
    thread.begin(syscall, this.syscalls[syscall]!.kind, this.clock.nowNs, line)
  }

  /** An exec that goes on under the id of the process, perhaps in a file of -ff that was read before. */
  private changePid(thread: TracedThread): void {
    this.begin(thread)
    const target = /<pid changed to (\d+) /.exec(this.line.bytes.toString('latin1', this.line.argsTo, this.line.to))
    const leader = this.roster.lastWith(Number(target?.[1]))
    if (leader === undefined || !leader.execWithoutBeginning) return
    leader.execWithoutBeginning = false
    this.secondHalves -= 1
    this.calls -= 1
    this.roster.close(thread, { kind: 'superseded' }, this.clock.nowNs)
  }

  /** The second half of a call, with its result. */
  private resume(thread: TracedThread): void {
    const syscall = this.numbers.syscallOf(this.line, thread.abi)
    const { kind } = this.syscalls[syscall]!
    let file = -1
    let enteredNs = NaN
    if (thread.pending !== syscall && (kind & KIND.execs) !== 0)
      this.lifecycle.supersede(thread, this.roster.pendingIn(syscall))
    if (thread.pending === syscall) {
      file = this.fileOf(thread, kind, thread)
      enteredNs = thread.pendingAtNs
    } else {
      this.clearPending(thread)
      this.calls += 1
      this.secondHalves += 1
      thread.execWithoutBeginning = (kind & KIND.execs) !== 0
    }
    this.finish(thread, syscall, kind, file, enteredNs)
    thread.clearPending()
  }

  setAbi(tid: number, mode: string): void {
    this.roster.attach(tid).abi = mode === '32 bit' ? '32' : mode === 'x32' ? 'x32' : 'native'
  }

  /** The bytes read so far are about to go. */
  endChunk(): void {
    this.clock.parsePending()
    this.roster.keepTexts()
  }

  errnoName(errno: number): string {
    return this.numbers.errnoName(errno)
  }

  /** Calls in flight when the log ended. */
  *inFlight(): Generator<{ thread: TracedThread; syscall: SeenSyscall }> {
    for (const thread of this.roster.pending()) yield { thread, syscall: this.syscalls[thread.pending]! }
  }

  /** The thread of the line, whose name and start it takes note of. */
  private threadOfLine(): TracedThread {
    const { line } = this
    const thread = this.roster.of(line)
    if (line.commFrom !== -1) setComm(thread, line)
    if (!thread.started) {
      thread.started = true
      thread.startNs = this.clock.nowNs
    }
    return thread
  }

  /** A call that the thread is still in never gets its second half: strace lost it, or -z and -Z hide it. */
  private clearPending(thread: TracedThread): void {
    if (thread.pending === -1) return
    this.firstHalves += 1
    thread.clearPending()
  }

  /** Adds a call that ended as the line says. */
  private finish(thread: TracedThread, syscall: number, kind: number, file: number, enteredNs: number): void {
    const { line } = this
    const seen = this.syscalls[syscall]!
    if (line.result === RESULT.never) {
      seen.neverReturned += 1
      return
    }
    const tally = this.byThread ? thread.tally(syscall) : (seen.tally ??= new CallTally())
    tally.calls += 1
    if (line.result === RESULT.value) tally.addValue(line.value, kind)
    else if (line.result === RESULT.restart) tally.restarts += 1
    // The result of rt_sigreturn is the register it restores, which may hold an old error.
    else if (kind !== SIGRETURN) tally.addErrno(this.numbers.errnoOf(line))
    const ns = line.durationNs
    if (ns >= 0) {
      tally.addTime(ns)
      const bucket = bucketOf(ns)
      addToBucket((seen.latency ??= createHistogram()), bucket, 1)
      if (this.byThread) addToBucket((thread.latency ??= createHistogram()), bucket, 1)
      if (ns > this.slowest.thresholdNs)
        this.slowest.add(line, thread, seen, Number.isNaN(enteredNs) ? this.clock.nowNs : enteredNs)
    }
    if (thread.hasSought && (kind & SOUGHT) !== 0) this.seeksThenMoves += 1
    thread.hasSought = (kind & SEEK) !== 0
    if (file >= 0) {
      if (this.allFiles) this.files.count(file, line, kind, thread.process)
      else this.files.countLookup(file, line, kind, thread.process)
    }
    if ((kind & KIND.connects) !== 0) this.connects.read(thread, line, seen.name)
    if (this.stacks !== undefined) this.stacks.count(thread, syscall, file, ns)
    if ((kind & BIRTHS) !== 0 || thread.tid === -1) this.lifecycle.read(thread, seen)
  }

  /** The file of the call that the line ends; its first arguments may be in another. */
  private fileOf(thread: TracedThread, kind: number, call: Arguments): number {
    const { line } = this
    if ((kind & NAMES_FILE) === 0 || !(this.allFiles || isLookup(line, kind))) return -1
    // An open that worked says the whole path in its result, the same that later calls on it show.
    const isOpened = line.descriptorFrom !== -1 && (kind & KIND.opens) !== 0
    const file = isOpened ? this.files.opened(line) : this.files.find(call, kind, thread.latestFile)
    if (file !== -1) thread.latestFile = file
    return file
  }
}

function setComm(thread: TracedThread, { bytes, commFrom, commTo }: StraceLine): void {
  const { comm } = thread
  if (comm !== undefined && comm.length === commTo - commFrom && bytes.toString('latin1', commFrom, commTo) === comm)
    return
  thread.comm = bytes.toString('latin1', commFrom, commTo)
}

const NAMES_FILE = KIND.fdFirst | KIND.pathFirst | KIND.pathAt
const BIRTHS = KIND.forks | KIND.execs
