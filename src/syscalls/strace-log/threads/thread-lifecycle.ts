import { KIND } from '../../../kernel/syscall-kind.ts'
import { parseStringList } from '../line/c-string.ts'
import type { LogClock } from '../clock.ts'
import type { SeenSyscall } from '../seen-syscalls.ts'
import { RESULT } from '../line/event.ts'
import type { StraceLine } from '../line/line.ts'
import type { ThreadRoster } from './thread-roster.ts'
import type { TracedThread } from './traced-thread.ts'

/** What a log says about threads themselves: how they begin, what program they run, how they end. */
export class ThreadLifecycle {
  /** Argument array of the first exec. */
  command: string[] | undefined
  private readonly line: StraceLine
  private readonly clock: LogClock
  private readonly roster: ThreadRoster
  private readonly syscalls: readonly SeenSyscall[]
  /** Every exec of a thread is kept. */
  private readonly keepsExecs: boolean

  constructor(of: {
    line: StraceLine
    clock: LogClock
    roster: ThreadRoster
    syscalls: readonly SeenSyscall[]
    keepsExecs: boolean
  }) {
    this.line = of.line
    this.clock = of.clock
    this.roster = of.roster
    this.syscalls = of.syscalls
    this.keepsExecs = of.keepsExecs
  }

  /** What the call that the line ends says of its thread: a child, a new program, its own id. */
  read(thread: TracedThread, { name, kind }: SeenSyscall): void {
    const { line } = this
    if (line.result !== RESULT.value) return
    const enteredNs = thread.pending === -1 ? this.clock.nowNs : thread.pendingAtNs
    if (name === 'set_tid_address' || name === 'gettid') {
      if (thread.tid === -1 && line.value > 0) this.roster.setTid(thread, line.value)
    } else if ((kind & KIND.forks) !== 0 && line.value > 0) {
      const isThread = this.wholeText(thread).includes('CLONE_THREAD')
      this.roster.registerChild(thread, line.value, isThread, enteredNs)
    } else if ((kind & KIND.execs) !== 0 && line.value === 0) {
      const [path, ...argv] = parseStringList(this.wholeText(thread))
      if (path === undefined) return
      this.command ??= argv
      if (this.keepsExecs) thread.execs.push({ atNs: known(enteredNs), path, argv })
      thread.process.program = thread.program = path.slice(path.lastIndexOf('/') + 1)
    }
  }

  /** The line says how the thread ended. */
  end(thread: TracedThread): void {
    const { line } = this
    const text = line.bytes.toString('latin1', line.eventFrom, line.to)
    const superseder = /^\+\+\+ superseded by execve in pid (\d+)/.exec(text)
    if (superseder !== null) {
      this.supersede(thread, this.roster.get(Number(superseder[1])))
      return
    }
    const exited = /^\+\+\+ exited with (-?\d+)/.exec(text)
    const killed = /^\+\+\+ killed by (\w+)/.exec(text)
    if (thread.pending !== -1) {
      this.syscalls[thread.pending]!.neverReturned += 1
      thread.clearPending()
    }
    if (exited !== null) this.roster.close(thread, { kind: 'exited', code: Number(exited[1]) }, this.clock.nowNs)
    else if (killed !== null) this.roster.close(thread, { kind: 'killed', signal: killed[1]! }, this.clock.nowNs)
  }

  /** The thread of a process that calls exec gets the id of its first thread, whose own call then never returns. */
  supersede(leader: TracedThread, executor: TracedThread | undefined): void {
    if (executor === undefined || executor === leader) return
    if (leader.pending !== -1) this.syscalls[leader.pending]!.neverReturned += 1
    leader.inheritPendingCall(executor)
    this.roster.close(executor, { kind: 'superseded' }, this.clock.nowNs)
  }

  /** The arguments of the call that ends with the line, its first half included. */
  private wholeText(thread: TracedThread): string {
    const { line } = this
    const rest = line.bytes.toString('latin1', line.argsFrom, line.argsTo)
    return thread.pending === -1 ? rest : thread.pendingText + rest
  }
}

/** Undefined for NaN. */
export function known(ns: number): number | undefined {
  return Number.isNaN(ns) ? undefined : ns
}
