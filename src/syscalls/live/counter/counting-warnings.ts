import type { SyscallStats } from '../../profile.ts'
import type { Warning } from '../../../warnings.ts'

export interface CountingLoss {
  /** Records of forks, execs and exits that were dropped. */
  events: number
  /** Whether a map of the kernel had no room left. */
  mapFull: boolean
  keyLimit: number
  byThread: boolean
  /** Children of a command that still ran when it ended. */
  childrenLeft: number
  syscalls: readonly SyscallStats[]
}

/** What is missing in counts made in the kernel, and why. */
export function countingWarnings(loss: CountingLoss): Warning[] {
  const warnings: Warning[] = []
  if (loss.mapFull) {
    warnings.push({
      code: 'map-full',
      message: `a map of the kernel was full at ${loss.keyLimit} keys: calls are missing from the counts`,
      hint: loss.byThread ? 'trace fewer processes, or do not ask for the view by thread or process' : undefined,
    })
  }
  if (loss.events > 0) {
    warnings.push({
      code: 'events-lost',
      message: `at least ${loss.events} records of forks, execs and exits were lost; the counts are whole`,
    })
  }
  if (loss.childrenLeft > 0) {
    const children = loss.childrenLeft === 1 ? 'a child' : `${loss.childrenLeft} children`
    warnings.push({
      code: 'children-left',
      message: `${children} of the command still ran when it ended: calls after that are not counted`,
    })
  }
  if (loss.syscalls.some(call => call.name === 'io_uring_enter')) {
    warnings.push({ code: 'io-uring', message: 'io_uring was used: what it does without a system call is not counted' })
  }
  return warnings
}
