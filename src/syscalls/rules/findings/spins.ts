import { isKind, KIND } from '../../../kernel/syscall-kind.ts'
import { counted, formatDurationNs } from '../../../terminal/units.ts'
import type { SyscallProfile } from '../../profile.ts'
import { percent, type Conclusion } from './conclusion.ts'

/** Asked again and again with nothing to get: EAGAIN, or a poll that returns 0 at once. */
export function spins(profile: SyscallProfile): Conclusion[] {
  const found: Conclusion[] = []
  for (const row of profile.syscalls) {
    const again = (row.errnos?.['EAGAIN'] ?? 0) + (row.errnos?.['EWOULDBLOCK'] ?? 0)
    if (row.name !== 'futex' && again >= 100 && again > row.calls / 2)
      found.push({
        code: 'eagain-spin',
        severity: 'warning',
        finding: `${again} of ${counted(row.calls, `${row.name} call`)} (${percent(again, row.calls)} %) found nothing to do (EAGAIN)`,
        next: 'wait for readiness (epoll, io_uring) before asking, and stop at the first EAGAIN of a round',
        facts: { syscall: row.name, calls: row.calls, eagain: again },
      })
    const empty = row.zeroResults ?? 0
    const meanNs = row.wall && row.calls > 0 ? row.wall.totalNs / row.calls : undefined
    if (isKind(row.name, KIND.polls) && empty >= 100 && empty > row.calls / 2 && meanNs !== undefined && meanNs < 1e6)
      found.push({
        code: 'poll-spin',
        severity: 'warning',
        finding: `${empty} of ${counted(row.calls, `${row.name} call`)} timed out after ${formatDurationNs(meanNs)} on average`,
        next: 'give it a longer timeout, or none: a loop that asks with timeout 0 uses a whole CPU',
        facts: { syscall: row.name, calls: row.calls, timeouts: empty, meanNs },
      })
  }
  const yields = profile.syscalls.find(row => row.name === 'sched_yield')
  if (yields !== undefined && yields.calls >= 1000)
    found.push({
      code: 'yield-spin',
      severity: 'warning',
      finding: `sched_yield was called ${yields.calls} times`,
      next: 'a lock spins in user space: use one that sleeps (futex), or shorten what it protects',
      facts: { calls: yields.calls },
    })
  return found
}
