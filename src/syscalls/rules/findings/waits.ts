import { isKind, KIND } from '../../../kernel/syscall-kind.ts'
import { counted, formatDurationNs } from '../../../terminal/units.ts'
import type { SyscallProfile, SyscallStats } from '../../profile.ts'
import { addStats } from '../call-stats.ts'
import { percent, rowsOf, view, type Conclusion } from './conclusion.ts'

/** Waits for a lock that are this short on average are many that want it; longer ones are threads with nothing to do. */
const LOCK_WAIT_NS = 1e6

/**
 * Threads fight for a lock: waits lose the race for it (EAGAIN), or there are many short ones. A pool of idle threads
 * waits in futex too, seldom and long, and is no contention.
 */
export function futexContention(profile: SyscallProfile): Conclusion | undefined {
  const futex = profile.syscalls.find(row => row.name === 'futex')
  if (futex === undefined || futex.calls < 100) return undefined
  const total = addStats(profile.syscalls)
  const kind = futex.wall !== undefined ? 'wall' : 'system'
  const share = futex[kind] && total[kind]!.totalNs > 0 ? futex[kind].totalNs / total[kind]!.totalNs : 0
  const lost = futex.errnos?.['EAGAIN'] ?? 0
  const races = lost >= Math.max(100, futex.calls * 0.2)
  const isBusy = futex.calls >= 1000 && share >= 0.5 && futex[kind]!.totalNs / futex.calls < LOCK_WAIT_NS
  if (!races && !isBusy) return undefined
  const also = lost > 0 ? `; ${counted(lost, 'wait')} lost the race for the lock (EAGAIN)` : ''
  return {
    code: 'futex-contention',
    severity: 'warning',
    finding: `futex takes ${percent(share, 1)} % of the ${kind} time in ${counted(futex.calls, 'call')}${also}`,
    next: `threads fight for a lock: ${view(profile, '--by thread', 'says which')}, perf record -g where`,
    facts: { calls: futex.calls, share, eagain: lost, time: kind },
  }
}

export function sleepPolling(profile: SyscallProfile): Conclusion | undefined {
  const sleep = addStats(rowsOf(profile, KIND.sleeps))
  if (sleep.calls < 50 || sleep.wall === undefined) return undefined
  const meanNs = sleep.wall.totalNs / sleep.calls
  if (meanNs > 0.2e9) return undefined
  return {
    code: 'sleep-polling',
    severity: 'info',
    finding: `${sleep.calls} sleeps of ${formatDurationNs(meanNs)} on average, ${formatDurationNs(sleep.wall.totalNs)} in all: something is waited for by looking again and again`,
    next: `wait for the event itself (futex, eventfd, inotify, epoll); ${view(profile, '--by thread', 'says who sleeps')}`,
    facts: { calls: sleep.calls, meanNs, wallNs: sleep.wall.totalNs },
  }
}

/** Most of the wall time is one call that waits: it looks like work and is none. */
export function waiting(profile: SyscallProfile): Conclusion | undefined {
  const total = addStats(profile.syscalls).wall
  if (total === undefined || total.totalNs === 0) return undefined
  const most = longestRow(profile.syscalls)
  const share = (most?.wall?.totalNs ?? 0) / total.totalNs
  if (most === undefined || share < 0.9 || !isWait(most.name)) return undefined
  // What is said to be waited for by looking is not said to be idle too.
  if (isKind(most.name, KIND.sleeps) && sleepPolling(profile) !== undefined) return undefined
  if (most.name === 'futex' && futexContention(profile) !== undefined) return undefined
  return {
    code: 'mostly-waiting',
    severity: 'info',
    finding: `${percent(share, 1)} % of the wall time is waiting in ${most.name}, ${counted(most.calls, 'call')}`,
    next: 'that is idle time, not cost: look at the other rows, or at what wakes it',
    facts: { syscall: most.name, calls: most.calls, share },
  }
}

/** A call that alone takes this long is worth a look. */
const LONG_NS = 0.5e9

/** A single call that took long, though it is none that waits by its nature. */
export function longCall({ slowest = [], syscalls }: SyscallProfile): Conclusion | undefined {
  const longest = slowest.find(call => !isWait(call.name) && !waitsForOthers(call.text ?? ''))
  if (longest === undefined || longest.durationNs < LONG_NS) return undefined
  const row = syscalls.find(({ name, abi }) => name === longest.name && abi === longest.abi)
  const whole = row?.wall?.totalNs ?? longest.durationNs
  if (longest.durationNs < whole / 4) return undefined
  const text = longest.text ?? longest.name
  return {
    code: 'long-call',
    severity: 'info',
    finding: `one call took ${formatDurationNs(longest.durationNs)}: ${text.length > 120 ? `${text.slice(0, 119)}...` : text}`,
    next: '--slowest 10 shows the longest calls and when they were made',
    facts: { syscall: longest.name, durationNs: longest.durationNs, call: text },
  }
}

const WAITS = new Set(
  'wait4 waitid pause rt_sigsuspend rt_sigtimedwait futex accept accept4 recv recvfrom recvmsg recvmmsg msgrcv semop semtimedop io_uring_enter'.split(
    ' ',
  ),
)

function isWait(name: string): boolean {
  return isKind(name, KIND.polls | KIND.sleeps) || WAITS.has(name)
}

/** Reads of pipes, sockets and terminals, as -y shows them, and of the standard input: somebody else decides when. */
function waitsForOthers(text: string): boolean {
  return /^(?:read|readv)\((?:0[,<]|\d+<(?:pipe:|socket:|[A-Z][A-Z0-9v6-]*:\[|\/dev\/(?:pts|tty)|anon_inode:))/.test(
    text,
  )
}

function longestRow(rows: readonly SyscallStats[]): SyscallStats | undefined {
  return [...rows].sort((a, b) => (b.wall?.totalNs ?? 0) - (a.wall?.totalNs ?? 0))[0]
}
