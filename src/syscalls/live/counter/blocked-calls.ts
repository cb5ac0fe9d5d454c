import type { BlockedCall } from './calls-in-flight.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { threadsOf } from '../target.ts'

/**
 * The calls that threads of these processes wait in, by thread id. Threads that run, and those the kernel does not let us
 * see, are left out. Source: proc_pid_syscall(5): `232 0x5 0x7ffd… 0x7ffd… 0x7f…`, `running`, or `-1 …` outside a call.
 */
export function blockedCalls(proc: ProcSource, pids: readonly number[]): Map<number, BlockedCall> {
  const calls = new Map<number, BlockedCall>()
  for (const pid of pids) {
    for (const tid of threadsOf(proc, pid)) {
      try {
        const text = proc.readFile(`${pid}/task/${tid}/syscall`).toString('latin1')
        const number = parseInt(text, 10)
        // A thread of the kernel has neither a stack nor a program counter of its own.
        if (number >= 0 && !text.trimEnd().endsWith(' 0x0 0x0')) calls.set(tid, { number, text })
      } catch {
        // Gone, or not ours to see.
      }
    }
  }
  return calls
}
