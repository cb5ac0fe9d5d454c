import type { TracedThread } from './threads/traced-thread.ts'

export interface Stack {
  program: string
  syscall: number
  file: number
  calls: number
  timed: number
  wallNs: number
}

/** Distinct stacks kept; more are counted without their file. */
const MAX_STACKS = 1 << 17

/** Calls and time per program, system call and file. */
export class StackTable {
  private readonly programs = new Map<string, Map<number, Stack>>()
  private size = 0

  count(thread: TracedThread, syscall: number, file: number, durationNs: number): void {
    const program = thread.comm ?? thread.process.program ?? (thread.tid === -1 ? 'process' : `pid ${thread.tid}`)
    let stacks = this.programs.get(program)
    if (stacks === undefined) this.programs.set(program, (stacks = new Map()))
    let key = (file + 1) * 65_536 + syscall
    let stack = stacks.get(key)
    if (stack === undefined && this.size >= MAX_STACKS) stack = stacks.get((key = syscall))
    if (stack === undefined) {
      stack = { program, syscall, file: key === syscall ? -1 : file, calls: 0, timed: 0, wallNs: 0 }
      stacks.set(key, stack)
      this.size += 1
    }
    stack.calls += 1
    if (durationNs >= 0) {
      stack.timed += 1
      stack.wallNs += durationNs
    }
  }

  *list(): Generator<Stack> {
    for (const stacks of this.programs.values()) yield* stacks.values()
  }
}
