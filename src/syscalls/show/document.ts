import type { SlowCall, SyscallProfile, SyscallStats } from '../profile.ts'
import type { DiffRow, Finding, Group, ProfileDiff, ProfileRow, SyscallReport, TimeKind, Verdict } from '../model.ts'
import type { Document, Envelope, Remarks } from '../../terminal/json.ts'
import { profileJson, statsJson, withText, type ProfileJson, type StatsJson } from './profile-json.ts'

/** Document of `trace-syscalls`: a report, or with `--record` the profile alone. */
export type SyscallProfileDocument = SyscallReportDocument | SyscallRecordDocument

/** A report: its rows, and the profile they are made from. */
export interface SyscallReportDocument extends SyscallRecordDocument {
  /** What a row stands for. */
  by: Group
  /** The kind of time that rows were sorted by and text shows. */
  time: TimeKind
  /** In the order and number that were asked for. */
  rows: StatsJson<ProfileRow>[]
  /** Rows that `--top` cut off. */
  hiddenRows: number
  /** With `--slowest`: the longest calls. */
  slowest?: SlowCall[] | undefined
  /** What the profile means. */
  findings: Finding[]
  /** With `--diff`: each system call before and after. */
  diff?: DiffJson | undefined
  /** With `--diff`: of each `--fail-on`. */
  verdicts?: Verdict[] | undefined
}

/** The file of `--record`. */
export interface SyscallRecordDocument extends Envelope, Remarks {
  schema: 'linsight/syscall-profile/1'
  /** All that is needed to make every report again: `--from` and `--diff` read it. */
  profile: ProfileJson
}

/** One line of `trace-syscalls --interval --json`: what came since the line before, or the last line, of the whole run. */
export interface SyscallReportLine extends SyscallReportDocument {
  type: 'interval' | 'summary'
}

export interface DiffJson extends Omit<ProfileDiff, 'rows'> {
  rows: DiffRowJson[]
}

export interface DiffRowJson extends Omit<DiffRow, 'old' | 'new'> {
  old?: StatsJson<SyscallStats> | undefined
  new?: StatsJson<SyscallStats> | undefined
}

/** The report; `source`: `live`, or what it was read from. */
export function reportDocument(report: SyscallReport, source: string): Document<SyscallReportDocument> {
  const { profile, group, time, rows, hiddenRows, slowest, findings, diff, top, verdicts } = report
  return {
    ...headOf(profile, source),
    facts: {
      by: group,
      time,
      rows: rows.map(statsJson),
      hiddenRows,
      slowest: slowest.length > 0 ? withText(slowest) : undefined,
      findings: withText(findings),
      diff: diff && { ...diff, rows: diff.rows.slice(0, top).map(diffRowJson) },
      verdicts: diff && verdicts,
      profile: profileJson(profile),
    },
  }
}

/** The document of `--record`: the profile alone. */
export function profileDocument(profile: SyscallProfile, source: string): Document<SyscallRecordDocument> {
  return { ...headOf(profile, source), facts: { profile: profileJson(profile) } }
}

const headOf = ({ meta }: SyscallProfile, source: string) => ({
  what: 'syscall-profile' as const,
  origin: { host: meta.host, takenAt: meta.startedAt, source },
})

function diffRowJson({ old, new: now, ...row }: DiffRow): DiffRowJson {
  return { ...row, old: old && statsJson(old), new: now && statsJson(now) }
}
