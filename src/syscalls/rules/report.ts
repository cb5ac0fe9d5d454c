import { InputError } from '../../errors.ts'
import type { SyscallProfile } from '../profile.ts'
import type { Group, SyscallReport, Threshold } from '../model.ts'
import { addStats } from './call-stats.ts'
import { findings } from './findings.ts'
import { processes, profileRows, sortRows, timeKind, type Sort } from './views.ts'
import { diffProfiles } from './diff.ts'
import { judge } from './thresholds.ts'

export interface ReportRequest {
  group: Group
  sort: Sort
  /** At most so many rows. */
  top?: number | undefined
  slowest?: number | undefined
  tree: boolean
  /** `-w` */
  wantsWall: boolean
  /** The profile to compare with. */
  before?: SyscallProfile | undefined
  thresholds: readonly Threshold[]
}

/** Lines a source must have for a view, in the words of the error where it has not. */
const NEEDS: Readonly<Record<Group, string>> = {
  syscall: '',
  process: 'which process made a call (a log of strace -f has it, a table of strace -c has not)',
  thread: 'which thread made a call (a log of strace -f has it, a table of strace -c has not)',
  file: 'which file a call worked on (a log of strace -y has it)',
  peer: 'which socket a call worked on (a log of strace -yy has it)',
  errno: 'which errors they were (a log has it, a table of strace -c only counts them)',
}

/**
 * Everything a command shows of a profile.
 *
 * @throws InputError where the source cannot answer what was asked
 */
export function syscallReport(profile: SyscallProfile, request: ReportRequest): SyscallReport {
  const { group, sort, top = Infinity } = request
  const rows = profileRows(profile, group)
  if (rows === undefined) throw unanswered(profile, `by ${group}`, NEEDS[group])
  if (request.slowest !== undefined && profile.slowest === undefined)
    throw unanswered(profile, 'the slowest calls', 'single calls with their times (a log of strace -T has them)')
  if (request.tree && profile.threads === undefined) throw unanswered(profile, 'the tree', NEEDS.process)
  const time = timeKind(rows, request.wantsWall)
  const sorted = sortRows(rows, sort, time)
  const diff = request.before && diffProfiles(request.before, profile)
  return {
    profile,
    group,
    time,
    rows: sorted.slice(0, top),
    hiddenRows: Math.max(0, sorted.length - top),
    total: group === 'syscall' ? addStats(profile.syscalls) : addStats(rows),
    slowest: profile.slowest?.slice(0, request.slowest ?? 0) ?? [],
    ...(request.tree && { tree: processes(profile.threads!) }),
    findings: findings(profile),
    diff,
    top,
    verdicts: diff === undefined ? [] : request.thresholds.map(threshold => judge(diff, threshold)),
  }
}

function unanswered({ meta }: SyscallProfile, view: string, missing: string): InputError {
  return new InputError(
    'input-format',
    `${view} cannot be shown: this source (${meta.backend}) does not say ${missing}`,
    {
      hint: 'record a log that has it: strace -f -ttt -T -yy -o FILE …',
    },
  )
}
