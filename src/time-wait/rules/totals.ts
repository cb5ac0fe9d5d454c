import { TIME_WAIT_SOCKET_BYTES, type TimeWaitTotals } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'

/** Adds up rows and counters, and explains where the kernel's own count of the rows (sockstat) differs from them. */
export function totalsOf(snapshot: TimeWaitSnapshot): TimeWaitTotals {
  const { active, passive } = snapshot.connections
  const sum = (counts: readonly { timeWait: number; finWait2: number }[], key: 'timeWait' | 'finWait2') =>
    counts.reduce((total, group) => total + group[key], 0)
  const timeWait = sum(active, 'timeWait') + sum(passive, 'timeWait')
  const finWait2 = sum(active, 'finWait2') + sum(passive, 'finWait2')
  const { counters, settings, sockstat, sockstatBefore } = snapshot
  const { born, bornShort } = counters
  return {
    timeWait,
    finWait2,
    active: sum(active, 'timeWait'),
    passive: sum(passive, 'timeWait'),
    duplicates: snapshot.duplicates,
    sockstat,
    sockstatBefore,
    balance: balanceOf(snapshot, timeWait, finWait2),
    births: born === undefined ? undefined : born + (bornShort ?? 0),
    recycled: counters.recycled,
    overflowed: counters.overflowed,
    limit: settings.maxTwBuckets,
    memoryBytes: snapshot.timeWaitSockets.length * TIME_WAIT_SOCKET_BYTES,
  }
}

/** What sockstat's number is made of, or why it is not that of the rows. */
function balanceOf(snapshot: TimeWaitSnapshot, timeWait: number, finWait2: number): string | undefined {
  const { sockstat, sockstatBefore } = snapshot
  const rows = timeWait + finWait2
  if (sockstat === undefined) return undefined
  const both =
    finWait2 > 0 ? `sockstat's tw counts both: ${timeWait} in TIME_WAIT and ${finWait2} in FIN_WAIT2` : undefined
  const low = Math.min(sockstat, sockstatBefore ?? sockstat)
  const high = Math.max(sockstat, sockstatBefore ?? sockstat)
  const slack = Math.max(3, rows * 0.01)
  if (rows >= low - slack && rows <= high + slack)
    return rows === sockstat
      ? both
      : `${both === undefined ? '' : `${both}; `}connections came and went while the table was read`
  if (snapshot.incomplete !== undefined) return `the tables are incomplete: they show ${rows} of ${sockstat}`
  return rows < low
    ? `sockstat counts ${low - rows} more than the table shows: kernels before 4.10 count every network namespace`
    : `the table shows ${rows - high} more than sockstat counts: many ended while it was read`
}
