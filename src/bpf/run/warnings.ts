import { quoted } from '../../terminal/escape.ts'
import { jsonText } from '../show/cell.ts'
import type { BpfRunFacts, BpfSummary, LeftProcess } from '../model.ts'
import type { Warning, WarningCode } from '../../warnings.ts'

/** Lists what is missing from the results of a run, and why. */
export function bpfWarnings(summary: BpfSummary, header: BpfRunFacts): Warning[] {
  const warnings: Warning[] = []
  const warn = (code: WarningCode, message: string) => void warnings.push({ code, message })
  if (summary.skippedProbes.length > 0) {
    warn(
      'probes-skipped',
      `${counted(summary.skippedProbes.length, 'probe')} could not be attached and show nothing: ${summary.skippedProbes.join(', ')}`,
    )
  }
  if (summary.lostAtLeast > 0) {
    warn('events-lost', `at least ${counted(summary.lostAtLeast, 'event')} lost: the tracer could not keep up`)
  }
  for (const map of summary.fullMaps) {
    warn('map-full', `${map} was full: later keys are missing from the result`)
  }
  if (header.script !== undefined) {
    for (const map of summary.mapsWithAlikeKeys) {
      warn('keys-alike', `${map} has keys that were different and are printed alike`)
    }
  }
  if (summary.cutStrings > 0) {
    warn(
      'strings-cut',
      `${counted(summary.cutStrings, 'string')} cut: the tracer takes ${header.stringBytes - 1} bytes of each`,
    )
  }
  for (const { message, count } of summary.faults) {
    warn('program-failed', `the program failed ${count === 1 ? 'once' : `${count} times`}: ${message}`)
  }
  for (const message of summary.tracerWarnings) warn('tracer-warning', `bpftrace warns: ${message}`)
  if (summary.behind) {
    warn(
      'events-lost',
      'the tracer did not report in time that it had read everything: its last records may be missing',
    )
  }
  if (summary.childrenLeft.length > 0) warn('children-left', leftRunning(summary.childrenLeft))
  if (summary.unreadableLines > 0) {
    warn('lines-skipped', `${counted(summary.unreadableLines, 'line')} of bpftrace could not be read`)
  }
  if (summary.endedBy === 'terminate' || summary.endedBy === 'kill') {
    warn(
      'ended-by-force',
      `bpftrace did not end in time and was ${summary.endedBy === 'kill' ? 'killed' : 'terminated'}: the results are those of the last interval`,
    )
  }
  if (summary.endedBy === undefined) warn('recording-cut', 'the recording ends before the run did')
  if (header.script !== undefined) warnings.push(...scriptWarnings(summary, header))
  return warnings
}

/** More are counted, not named. */
const MOST_NAMED = 5

function leftRunning(processes: readonly LeftProcess[]): string {
  const named = processes.slice(0, MOST_NAMED).map(({ pid, comm }) => `${pid} ${quoted(jsonText(comm))}`)
  const more = processes.length > MOST_NAMED ? ` and ${processes.length - MOST_NAMED} more` : ''
  const [runs, are] = processes.length === 1 ? ['a process', 'is'] : [`${processes.length} processes`, 'are']
  return `${runs} of the command still ran when it ended and ${are} no longer traced: ${named.join(', ')}${more}`
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`

/** What this version of bpftrace prints ambiguously or wrong of what the script printed. */
function scriptWarnings(summary: BpfSummary, { program = '', dialect, toolVersion }: BpfRunFacts): Warning[] {
  const several = new Set([...program.matchAll(/@\w*\[[^\]]*,[^\]]*\]/g)].map(match => /^@\w*/.exec(match[0])![0]))
  const joined = summary.mapsWithJoinedKeys.filter(map => several.has(map))
  const instead = 'print((…)) of a tuple has no such gap'
  const warnings: Warning[] = []
  if (joined.length > 0) {
    warnings.push({
      code: 'keys-joined',
      message: `bpftrace joins the parts of the keys of ${joined.join(', ')} with commas: a comma inside a part looks the same; ${instead}`,
    })
  }
  if (dialect !== 'C') return warnings
  if (summary.mapsWithTextKeys.length > 0) {
    warnings.push({
      code: 'key-blanks',
      message: `bpftrace ${toolVersion} erases blanks from the keys of ${summary.mapsWithTextKeys.join(', ')}: "a b" and "ab" look the same; ${instead}`,
    })
  }
  if (/\bprint\(\s*@\w*\s*,\s*\d/.test(program)) {
    warnings.push({
      code: 'map-top',
      message: `bpftrace ${toolVersion} prints the wrong rows of a map of plain numbers with print(@map, N): print all of it`,
    })
  }
  return warnings
}
