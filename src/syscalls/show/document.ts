import type { SlowCall, SyscallProfile } from '../profile.ts'
import type { DiffRow, Finding, Group, ProfileDiff, ProfileRow, SyscallReport, TimeKind, Verdict } from '../model.ts'
import type { Document } from '../../terminal/json.ts'
import { profileJson, statsJson, withText, type ProfileJson, type StatsJson } from './profile-json.ts'

/** What stands between the envelope and the warnings of `linsight/syscall-profile/1`. */
export interface ReportJson {
  by: Group
  /** The kind of time that rows were sorted by and text shows. */
  time: TimeKind
  rows: StatsJson<ProfileRow>[]
  /** Rows that `--top` cut off. */
  hiddenRows: number
  /** With `--slowest`. */
  slowest?: SlowCall[] | undefined
  findings: Finding[]
  /** With `--diff`. */
  diff?: DiffJson | undefined
  /** With `--diff`: of each `--fail-on`. */
  verdicts?: Verdict[] | undefined
  /** All that is needed to make the report again: `--from` and `--diff` read it. */
  profile: ProfileJson
}

/** The same of a record made with `--record`. */
export type RecordJson = Pick<ReportJson, 'profile'>

export interface DiffJson extends Omit<ProfileDiff, 'rows'> {
  rows: DiffRowJson[]
}

export interface DiffRowJson extends Omit<DiffRow, 'old' | 'new'> {
  old?: StatsJson | undefined
  new?: StatsJson | undefined
}

/** The report; `source`: `live`, or what it was read from. */
export function reportDocument(report: SyscallReport, source: string): Document {
  const { profile, group, time, rows, hiddenRows, slowest, findings, diff, top, verdicts } = report
  return documentOf(profile, source, {
    by: group,
    time,
    rows: rows.map(statsJson),
    hiddenRows,
    slowest: slowest.length > 0 ? withText(slowest) : undefined,
    findings: withText(findings),
    diff: diff && { ...diff, rows: diff.rows.slice(0, top).map(diffRowJson) },
    verdicts: diff && verdicts,
    profile: profileJson(profile),
  } satisfies ReportJson)
}

/** The document of `--record`: the profile alone. */
export function profileDocument(profile: SyscallProfile, source: string): Document {
  return documentOf(profile, source, { profile: profileJson(profile) } satisfies RecordJson)
}

function documentOf({ meta }: SyscallProfile, source: string, facts: object): Document {
  return { what: 'syscall-profile', origin: { host: meta.host, takenAt: meta.startedAt, source }, facts }
}

function diffRowJson({ old, new: now, ...row }: DiffRow): DiffRowJson {
  return { ...row, old: old && statsJson(old), new: now && statsJson(now) }
}
