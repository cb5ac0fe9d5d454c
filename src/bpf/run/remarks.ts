import type { BpfRunHeader, BpfSummary } from '../model.ts'
import type { Warning, WarningCode } from '../../warnings.ts'

/** Everything about a run that its results do not show: what is missing from them, and why. */
export function bpfRemarks(summary: BpfSummary, header: BpfRunHeader): Warning[] {
  const remarks: Warning[] = []
  const say = (code: WarningCode, message: string) => void remarks.push({ code, message })
  if (summary.skippedProbes.length > 0) {
    say(
      'probes-skipped',
      `${counted(summary.skippedProbes.length, 'probe')} could not be attached and show nothing: ${summary.skippedProbes.join(', ')}`,
    )
  }
  if (summary.lostAtLeast > 0) {
    say('events-lost', `at least ${counted(summary.lostAtLeast, 'event')} lost: the tracer could not keep up`)
  }
  for (const map of summary.fullMaps) {
    say('map-full', `${map} was full: later keys are missing from the result`)
  }
  if (header.script !== undefined) {
    for (const map of summary.mapsWithAlikeKeys) {
      say('keys-alike', `${map} has keys that were different and are printed alike`)
    }
  }
  if (summary.cutStrings > 0) {
    say(
      'strings-cut',
      `${counted(summary.cutStrings, 'string')} cut: the tracer takes ${header.stringBytes - 1} bytes of each`,
    )
  }
  for (const { message, count } of summary.faults) {
    say('program-failed', `the program failed ${count === 1 ? 'once' : `${count} times`}: ${message}`)
  }
  if (summary.unreadableLines > 0) {
    say('lines-skipped', `${counted(summary.unreadableLines, 'line')} of bpftrace could not be read`)
  }
  if (summary.endedBy === 'terminate' || summary.endedBy === 'kill') {
    say(
      'ended-by-force',
      `bpftrace did not end in time and was ${summary.endedBy === 'kill' ? 'killed' : 'terminated'}: the results are those of the last interval`,
    )
  }
  if (summary.endedBy === undefined) say('recording-cut', 'the recording ends before the run did')
  if (header.script !== undefined) remarks.push(...scriptRemarks(header))
  return remarks
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`

/** What this version of bpftrace makes ambiguous in a user's script. */
function scriptRemarks({ program, dialect, toolVersion }: BpfRunHeader): Warning[] {
  const several = new Set([...program.matchAll(/@\w*\[[^\]]*,[^\]]*\]/g)].map(match => /^@\w*/.exec(match[0])![0]))
  const texts = new Set(
    [...program.matchAll(/(@\w*)\[[^\]]*\b(comm|str|probe|func|kstack|ustack|ksym|usym|ntop|cgroup_path)\b/g)].map(
      m => m[1]!,
    ),
  )
  const instead = 'print((…)) of a tuple has no such gap'
  const remarks: Warning[] = []
  if (several.size > 0) {
    const code = 'keys-joined'
    remarks.push({
      code,
      message: `bpftrace joins the parts of the keys of ${[...several].join(', ')} with commas: a comma inside a part looks the same; ${instead}`,
    })
  }
  if (dialect === 'C' && texts.size > 0) {
    const code = 'key-blanks'
    remarks.push({
      code,
      message: `bpftrace ${toolVersion} erases blanks from the keys of ${[...texts].join(', ')}: "a b" and "ab" look the same; ${instead}`,
    })
  }
  return remarks
}
