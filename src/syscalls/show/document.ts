import type { SyscallProfile } from '../profile.ts'
import type { SyscallReport } from '../model.ts'
import { PROFILE_SCHEMA, profileJson, statsJson } from './profile-json.ts'

export interface DocumentFacts {
  source: string
  warnings: readonly unknown[]
  /** Of a line of a stream. */
  type?: 'interval' | 'summary' | undefined
}

/** The report as one line of JSON; the profile in it is all that is needed to make it again. */
export function* reportDocument(report: SyscallReport, { source, warnings, type }: DocumentFacts): Generator<string> {
  const { profile, group, time, rows, hiddenRows, slowest, findings, diff, top, verdicts } = report
  yield `${JSON.stringify({
    ...envelope(profile, source),
    type,
    by: group,
    time,
    rows: rows.map(statsJson),
    hiddenRows,
    slowest: slowest.length > 0 ? slowest : undefined,
    findings,
    diff: diff && { ...diff, rows: diff.rows.slice(0, top).map(diffRowJson) },
    verdicts: diff && verdicts,
    profile: profileJson(profile),
    warnings,
    unreadable: {},
  })}\n`
}

/** The document of `--record`. */
export function* profileDocument(profile: SyscallProfile, source: string): Generator<string> {
  yield `${JSON.stringify({ ...envelope(profile, source), profile: profileJson(profile), warnings: [], unreadable: {} })}\n`
}

function envelope({ meta }: SyscallProfile, source: string): object {
  return { schema: PROFILE_SCHEMA, host: meta.host, takenAt: meta.startedAt, source }
}

function diffRowJson(row: NonNullable<SyscallReport['diff']>['rows'][number]): object {
  return { ...row, old: row.old && statsJson(row.old), new: row.new && statsJson(row.new) }
}
