import {
  bucketsOf,
  findings,
  foldedProfile,
  isFoldedByTime,
  percentiles,
  profileDocument,
  profileRemarks,
  syscallLabel,
  type SyscallProfile,
  type SyscallStats,
} from '../../syscalls/index.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { documentPieces } from '../../terminal/json.ts'
import { statementFindings } from '../views/findings.ts'
import { flameView } from '../views/flame.ts'
import { callsTable, latencyHeatmap, profileAbout, profileStacks, type CallRow } from '../views/profile.ts'
import type { InputParts } from './parts.ts'

/** What a profile of system calls adds. */
export function profileInput(profile: SyscallProfile, name: string): InputParts {
  const { startedAt } = profile.meta
  const host = profile.meta.host && escapeBytes(profile.meta.host)
  const rows = profile.syscalls.map(rowOf)
  const of = escapeBytes(profile.meta.command?.[0] ?? '') || name
  const stacks = profileStacks(foldedProfile(profile))
  // Without stacks all calls are of one program, `all`, as everything in a flame graph is.
  const frames =
    profile.stacks === undefined
      ? stacks.map(({ frames: [, ...calls], weight }) => ({ frames: calls, weight }))
      : stacks
  const flame = flameView(frames, {
    title: `System calls of ${of}`,
    unit: isFoldedByTime(profile) ? 'µs' : 'calls',
  })
  const heatmap = latencyHeatmap(rows, `Latency of system calls of ${of}`)
  return {
    input: { name, kind: 'profile', host, takenAt: startedAt, about: profileAbout(profile) },
    findings: statementFindings(findings(profile), 'trace-syscalls', host),
    heatmaps: heatmap === undefined ? [] : [heatmap],
    flames: flame === undefined ? [] : [flame],
    tables: [callsTable(rows, `System calls of ${of}`)],
    warnings: profileRemarks(profile),
    recording: { kind: 'profile', bytes: documentPieces(profileDocument(profile, name), []) },
  }
}

function rowOf(stats: SyscallStats): CallRow {
  const label = syscallLabel(stats.name, stats.abi)
  if (stats.latency === undefined) return { label, stats, octaves: undefined }
  const octaves = new Map<number, number>()
  for (const { fromNs, count } of bucketsOf(stats.latency)) {
    const octave = fromNs < 1 ? 0 : Math.floor(Math.log2(fromNs))
    octaves.set(octave, (octaves.get(octave) ?? 0) + count)
  }
  const [p50Ns, p99Ns] = percentiles(stats.latency, [0.5, 0.99], stats.wall)
  return { label, stats, p50Ns, p99Ns, octaves }
}
