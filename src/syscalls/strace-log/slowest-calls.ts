import type { SeenSyscall } from './seen-syscalls.ts'
import type { StraceLine } from './line/line.ts'
import type { TracedThread } from './threads/traced-thread.ts'

/** Calls kept. */
const KEPT = 100
/** Bytes of the text of a call kept. */
const TEXT_BYTES = 400

export interface KeptCall {
  durationNs: number
  /** NaN where the log has no times. */
  atNs: number
  thread: TracedThread
  syscall: SeenSyscall
  text: string
}

/** The longest calls of a log, with their arguments. */
export class SlowestCalls {
  /** A call must take longer than this to be kept. */
  thresholdNs = -1
  readonly calls: KeptCall[] = []

  add(line: StraceLine, thread: TracedThread, syscall: SeenSyscall, enteredNs: number): void {
    const second = line.bytes.toString('latin1', line.argsFrom, Math.min(line.to, line.argsFrom + TEXT_BYTES))
    const text = thread.pending === -1 ? `${syscall.name}(${second}` : thread.pendingText + second
    this.calls.push({
      durationNs: line.durationNs,
      atNs: enteredNs,
      thread,
      syscall,
      text: text.slice(0, TEXT_BYTES).replace(/ <[\d.]+>$/, ''),
    })
    if (this.calls.length < 2 * KEPT) return
    this.calls.sort((a, b) => b.durationNs - a.durationNs)
    this.calls.length = KEPT
    this.thresholdNs = this.calls[KEPT - 1]!.durationNs
  }

  list(): KeptCall[] {
    return [...this.calls].sort((a, b) => b.durationNs - a.durationNs).slice(0, KEPT)
  }
}
