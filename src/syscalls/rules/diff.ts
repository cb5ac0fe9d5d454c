import {
  syscallLabel,
  type CallStats,
  type ProfileBackend,
  type SyscallProfile,
  type SyscallStats,
} from '../profile.ts'
import type { DiffRow, DiffSide, ProfileDiff, TimeKind } from '../model.ts'

/** Compares two profiles of any sources; new and vanished calls come first, then the largest change of time or calls. */
export function diffProfiles(before: SyscallProfile, after: SyscallProfile): ProfileDiff {
  const sides = { before: sideOf(before), after: sideOf(after) }
  const alike = COST[before.meta.backend] === COST[after.meta.backend]
  const time = alike ? commonTime(before, after) : undefined
  const blind =
    before.meta.backend === 'syscount' ? sides.before : after.meta.backend === 'syscount' ? sides.after : undefined
  const olds = byLabel(before)
  const news = byLabel(after)
  const rows = [...new Set([...olds.keys(), ...news.keys()])].map(label =>
    diffRow(label, olds.get(label), news.get(label), time, blind === undefined),
  )
  rows.sort(
    (a, b) =>
      RANK[a.change] - RANK[b.change] ||
      Math.abs(b.timeDeltaNs ?? 0) - Math.abs(a.timeDeltaNs ?? 0) ||
      Math.abs(b.callsDelta) - Math.abs(a.callsDelta),
  )
  return {
    rows,
    ...sides,
    time,
    timeObstacle: time === undefined ? obstacle(alike, sides) : undefined,
    errorsObstacle: blind && `${blind.measuredWith} does not tell which calls failed`,
    // A command takes longer where its calls are dearer: only alike measured, the durations mean something.
    ...(alike && differentlyWatched(sides)),
  }
}

const RANK: Readonly<Record<DiffRow['change'], number>> = { new: 0, vanished: 1, more: 2, less: 2, same: 3 }

/** What measuring adds to every call: times that hold different amounts of it say nothing about each other. */
const COST: Readonly<Record<ProfileBackend, 'in the kernel' | 'stops' | 'records'>> = {
  bpftrace: 'in the kernel',
  syscount: 'in the kernel',
  strace: 'stops',
  'strace-log': 'stops',
  'strace-summary': 'stops',
  perf: 'records',
}

const WORDS: Partial<Record<ProfileBackend, string>> = {
  'strace-log': 'a log of strace',
  'strace-summary': 'a table of strace -c',
}

function sideOf({ meta }: SyscallProfile): DiffSide {
  const tool = WORDS[meta.backend] ?? [meta.backend, meta.toolVersion].filter(Boolean).join(' ')
  const only = meta.filter === undefined ? '' : `, only ${meta.filter}`
  return { measuredWith: tool + only, watchedNs: meta.durationNs }
}

function obstacle(alike: boolean, { before, after }: { before: DiffSide; after: DiffSide }): string {
  return alike
    ? 'the two have no kind of time in common'
    : `the one was measured with ${before.measuredWith}, the other with ${after.measuredWith}, and each makes calls dearer by another amount`
}

function differentlyWatched({ before, after }: { before: DiffSide; after: DiffSide }): Pick<ProfileDiff, 'durations'> {
  const { watchedNs: oldNs } = before
  const { watchedNs: newNs } = after
  if (oldNs === undefined || newNs === undefined || Math.abs(oldNs - newNs) <= 0.05 * Math.max(oldNs, newNs)) return {}
  return { durations: { oldNs, newNs } }
}

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
  errorsKnown: boolean,
): DiffRow {
  const callsDelta = (now?.calls ?? 0) - (old?.calls ?? 0)
  return {
    label,
    change: changeOf(old, now, callsDelta),
    old,
    new: now,
    callsDelta,
    errorsDelta: errorsKnown ? (now?.errors ?? 0) - (old?.errors ?? 0) : undefined,
    timeDeltaNs: time && (now?.[time]?.totalNs ?? 0) - (old?.[time]?.totalNs ?? 0),
  }
}

function changeOf(old: CallStats | undefined, now: CallStats | undefined, callsDelta: number): DiffRow['change'] {
  if (old === undefined) return 'new'
  if (now === undefined) return 'vanished'
  if (callsDelta === 0) return 'same'
  return callsDelta > 0 ? 'more' : 'less'
}
