import { mergeHistogram, createHistogram } from '../../latency-histogram.ts'
import { KIND } from '../../../kernel/syscall-kind.ts'
import type { ThreadEnd } from '../../profile.ts'
import { EVENT } from '../line/event.ts'
import type { StraceLine } from '../line/line.ts'
import { TracedThread } from './traced-thread.ts'

/** Threads that are distinguished; when there are more, those that ended first are added up by program. */
const MAX_THREADS = 2048

const RECENT = 64

/** Children whose first line is still to come; more are not traced at all (no -f). */
const MAX_EXPECTED = 65_536

/** Which threads there are, whose a line is, and what they are to each other. */
export class ThreadRoster {
  /** All there were; empty where they are not distinguished. */
  threads: TracedThread[] = []
  /** Ended threads that are counted together with others of their program. */
  folded = 0
  /** Of {@link threads}. */
  private ended = 0
  private readonly live = new Map<number, TracedThread>()
  /** Ended or not, by tid: for parents seen after their children. */
  private readonly latest = new Map<number, TracedThread>()
  private readonly expected = new Map<number, { parent: TracedThread; isThread: boolean }>()
  /** What ended threads of a program added up to. */
  private readonly rests = new Map<string, TracedThread>()
  /** Thread of lines that name none. */
  private onlyThread: TracedThread | undefined
  /** Threads of late, by the last digits of their ids: sooner looked at than a map. */
  private readonly recent: (TracedThread | undefined)[] = Array.from({ length: RECENT }, () => undefined)
  private inputTid: number | undefined
  private nextId = 0
  private readonly keepsEnded: boolean

  /** Without `keepsEnded` a thread is forgotten when it ends. */
  constructor(keepsEnded: boolean) {
    this.keepsEnded = keepsEnded
  }

  beginInput(tid: number | undefined): void {
    this.inputTid = tid
    this.onlyThread = undefined
  }

  /** The thread a line is of. */
  of(line: StraceLine): TracedThread {
    const tid = line.tid === -1 ? this.inputTid : line.tid
    if (tid === undefined) return this.unnamed()
    const slot = tid & (RECENT - 1)
    const recent = this.recent[slot]
    if (recent !== undefined && recent.tid === tid && recent.end === undefined) return recent
    return (this.recent[slot] = this.live.get(tid) ?? this.appeared(tid, line.event))
  }

  /** The live thread of an id. */
  get(tid: number): TracedThread | undefined {
    return this.live.get(tid)
  }

  /** The thread that had an id last, ended or not. */
  lastWith(tid: number): TracedThread | undefined {
    return this.latest.get(tid)
  }

  /** The live threads that are in a call. */
  *pending(): Generator<TracedThread> {
    for (const thread of this.live.values()) if (thread.pending !== -1) yield thread
  }

  /** The live thread that is in a certain call. */
  pendingIn(syscall: number): TracedThread | undefined {
    for (const thread of this.live.values()) if (thread.pending === syscall) return thread
    return undefined
  }

  /** Copies what live threads are doing out of bytes that are about to go. */
  keepTexts(): void {
    for (const thread of this.live.values()) thread.keepText()
  }

  /** strace says that it traces a thread, perhaps before its first line. */
  attach(tid: number): TracedThread {
    return this.live.get(tid) ?? (this.onlyThread?.tid === tid ? this.onlyThread : this.open(tid))
  }

  setTid(thread: TracedThread, tid: number): void {
    if (this.live.has(tid)) return
    this.live.delete(thread.tid)
    thread.tid = tid
    this.live.set(tid, thread)
    this.latest.set(tid, thread)
  }

  /** A thread made another one, which may have been seen already: by its lines, or in a file read before. */
  registerChild(parent: TracedThread, tid: number, isThread: boolean, enteredNs: number): void {
    const child = this.latest.get(tid)
    // One that began before the call has the same id by chance.
    const isOlder = child !== undefined && child.startNs < enteredNs
    if (child !== undefined && child.parent === undefined && child !== parent && !isOlder)
      setParent(child, parent, isThread)
    else if (this.expected.size < MAX_EXPECTED) this.expected.set(tid, { parent, isThread })
  }

  close(thread: TracedThread, end: ThreadEnd, atNs: number): void {
    if (thread.end === undefined) this.ended += 1
    thread.end = end
    thread.endNs = atNs
    thread.release()
    this.live.delete(thread.tid)
    if (this.onlyThread === thread) this.onlyThread = undefined
    // The one whose exec had no beginning may be asked for in the next file of -ff.
    if (!this.keepsEnded && !thread.execWithoutBeginning && this.latest.get(thread.tid) === thread)
      this.latest.delete(thread.tid)
  }

  /** A line without a thread's id belongs to the only thread there is, or the one such lines belonged to before. */
  private unnamed(): TracedThread {
    if (this.live.size === 1) return (this.onlyThread = this.live.values().next().value!)
    if (this.onlyThread !== undefined && this.onlyThread.end === undefined) return this.onlyThread
    const [first] = this.live.values()
    return (this.onlyThread = first ?? this.open(-1))
  }

  private appeared(tid: number, event: number): TracedThread {
    const { onlyThread } = this
    if (onlyThread !== undefined && onlyThread.tid === -1 && onlyThread.end === undefined && !this.expected.has(tid)) {
      // Lines begin to name threads when there are two: this is the new one only if it was just being made.
      if ((onlyThread.pendingKind & KIND.forks) === 0 || event === EVENT.resumed) {
        this.setTid(onlyThread, tid)
        return onlyThread
      }
    }
    return this.open(tid)
  }

  private open(tid: number): TracedThread {
    // Looking for ended ones among thousands that live would take longer with each that begins.
    if (this.threads.length >= MAX_THREADS && this.ended >= MAX_THREADS / 2) this.fold()
    const thread = new TracedThread(this.nextId++, tid)
    if (this.keepsEnded) this.threads.push(thread)
    this.live.set(tid, thread)
    this.latest.set(tid, thread)
    const born = this.expected.get(tid)
    if (born !== undefined) setParent(thread, born.parent, born.isThread)
    this.expected.delete(tid)
    return thread
  }

  /** Adds the half of the threads that ended first to the rest of their program, so that memory is bounded. */
  private fold(): void {
    const ended = this.threads.filter(thread => thread.end !== undefined).slice(0, MAX_THREADS / 2)
    const into = new Map<TracedThread, TracedThread>()
    for (const thread of ended) {
      const rest = this.restOf(thread.comm ?? thread.process.program ?? '')
      addTo(rest, thread)
      into.set(thread, rest)
      if (this.latest.get(thread.tid) === thread) this.latest.delete(thread.tid)
    }
    this.folded += ended.length
    this.ended -= ended.length
    this.threads = this.threads.filter(thread => !into.has(thread))
    for (const thread of this.threads) {
      thread.process = into.has(thread.process) ? thread : thread.process
      thread.parent = thread.parent && (into.get(thread.parent) ?? thread.parent)
    }
    for (const born of this.expected.values()) born.parent = into.get(born.parent) ?? born.parent
  }

  private restOf(program: string): TracedThread {
    let rest = this.rests.get(program)
    if (rest === undefined) {
      rest = new TracedThread(this.nextId++, -1)
      rest.program = `${program} (earlier ones)`
      this.rests.set(program, rest)
      this.threads.push(rest)
    }
    return rest
  }
}

function setParent(child: TracedThread, parent: TracedThread, isThread: boolean): void {
  child.parent = parent
  if (isThread) child.process = parent.process
  child.program ??= parent.process.program
}

function addTo(rest: TracedThread, thread: TracedThread): void {
  thread.tallies.forEach((tally, syscall) => {
    if (tally !== undefined) rest.tally(syscall).merge(tally)
  })
  if (thread.latency !== undefined) mergeHistogram((rest.latency ??= createHistogram()), thread.latency)
}
