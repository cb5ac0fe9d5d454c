import { UsageError } from '../../errors.ts'
import { syscallLabel, type CallStats, type SyscallProfile, type SyscallStats } from '../profile.ts'
import type { DiffRow, ProfileDiff, Threshold, TimeKind, Verdict } from '../model.ts'

/** Compares two profiles of any sources; new and vanished calls come first, then the largest change of time or calls. */
export function diffProfiles(before: SyscallProfile, after: SyscallProfile): ProfileDiff {
  const time = commonTime(before, after)
  const olds = byLabel(before)
  const news = byLabel(after)
  const rows = [...new Set([...olds.keys(), ...news.keys()])].map(label =>
    diffRow(label, olds.get(label), news.get(label), time),
  )
  rows.sort(
    (a, b) =>
      RANK[a.change] - RANK[b.change] ||
      Math.abs(b.timeDeltaNs ?? 0) - Math.abs(a.timeDeltaNs ?? 0) ||
      Math.abs(b.callsDelta) - Math.abs(a.callsDelta),
  )
  const oldNs = before.meta.durationNs
  const newNs = after.meta.durationNs
  const differ = oldNs !== undefined && newNs !== undefined && Math.abs(oldNs - newNs) > 0.05 * Math.max(oldNs, newNs)
  return { rows, time, ...(differ && { durations: { oldNs, newNs } }) }
}

const RANK: Readonly<Record<DiffRow['change'], number>> = { new: 0, vanished: 1, more: 2, less: 2, same: 3 }

function byLabel(profile: SyscallProfile): Map<string, SyscallStats> {
  return new Map(profile.syscalls.map(row => [syscallLabel(row.name, row.abi), row]))
}

function commonTime(before: SyscallProfile, after: SyscallProfile): TimeKind | undefined {
  const has = (profile: SyscallProfile, kind: TimeKind) => profile.syscalls.some(row => row[kind] !== undefined)
  return (['wall', 'system'] as const).find(kind => has(before, kind) && has(after, kind))
}

function diffRow(
  label: string,
  old: SyscallStats | undefined,
  now: SyscallStats | undefined,
  time: TimeKind | undefined,
): DiffRow {
  const callsDelta = (now?.calls ?? 0) - (old?.calls ?? 0)
  return {
    label,
    change:
      old === undefined
        ? 'new'
        : now === undefined
          ? 'vanished'
          : callsDelta === 0
            ? 'same'
            : callsDelta > 0
              ? 'more'
              : 'less',
    old,
    new: now,
    callsDelta,
    errorsDelta: (now?.errors ?? 0) - (old?.errors ?? 0),
    timeDeltaNs: time && (now?.[time]?.totalNs ?? 0) - (old?.[time]?.totalNs ?? 0),
  }
}

/**
 * Reads `METRIC:SYSCALL>LIMIT`: metric calls, errors or time; a system call or `total`; `>` or `<`; `+20%` or `-5%` of
 * the old value, `+100` or `-3` more or fewer, or a plain number for the new value itself. Times in seconds, or with a unit.
 *
 * @throws UsageError
 */
export function parseThreshold(text: string): Threshold {
  const match = /^(calls|errors|time):([\w() ]+)([<>])([+-]?)(\d+(?:\.\d+)?)(%|ns|us|ms|s)?$/.exec(text.trim())
  const unit = match?.[6]
  if (
    match === null ||
    (match[1] !== 'time' && unit !== undefined && unit !== '%') ||
    (unit === '%' && match[4] === '')
  )
    throw new UsageError(`--fail-on ${JSON.stringify(text)} is no condition`, {
      hint: "write METRIC:SYSCALL>LIMIT, such as 'calls:futex>+20%', 'time:total>+50ms' or 'errors:openat>100'",
    })
  const sign = match[4] === '-' ? -1 : 1
  const scale = match[1] === 'time' && unit !== '%' ? SCALES[unit ?? 's']! : 1
  return {
    text,
    metric: match[1] as Threshold['metric'],
    syscall: match[2]!.trim(),
    above: match[3] === '>',
    limit: sign * Number(match[5]) * scale,
    kind: unit === '%' ? 'percent' : match[4] === '' ? 'value' : 'change',
  }
}

const SCALES: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }

/** Whether a diff meets a condition. A new call is an infinite rise in percent. */
export function judge(diff: ProfileDiff, threshold: Threshold): Verdict {
  const rows = threshold.syscall === 'total' ? diff.rows : diff.rows.filter(row => row.label === threshold.syscall)
  const value = (stats: CallStats | undefined) => {
    if (threshold.metric === 'time') return diff.time ? (stats?.[diff.time]?.totalNs ?? 0) : 0
    return stats?.[threshold.metric] ?? 0
  }
  const old = rows.reduce((sum, row) => sum + value(row.old), 0)
  const now = rows.reduce((sum, row) => sum + value(row.new), 0)
  const change = now - old
  const measured =
    threshold.kind === 'value' ? now : threshold.kind === 'change' ? change : change === 0 ? 0 : (100 * change) / old
  return { threshold, failed: threshold.above ? measured > threshold.limit : measured < threshold.limit, old, new: now }
}
