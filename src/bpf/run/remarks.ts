import type { BpfRemark, BpfRunHeader, BpfSummary } from '../model.ts'

/** Everything about a run that its results do not show: what is missing from them, and why. */
export function bpfRemarks(summary: BpfSummary, header: BpfRunHeader): BpfRemark[] {
  const remarks: BpfRemark[] = []
  const say = (code: string, message: string) => void remarks.push({ code, message })
  if (summary.skippedProbes.length > 0) {
    say(
      'W_PROBES_SKIPPED',
      `${counted(summary.skippedProbes.length, 'probe')} could not be attached and show nothing: ${summary.skippedProbes.join(', ')}`,
    )
  }
  if (summary.lostAtLeast > 0) {
    say('W_EVENTS_LOST', `at least ${counted(summary.lostAtLeast, 'event')} lost: the tracer could not keep up`)
  }
  for (const map of summary.fullMaps) {
    say('W_MAP_FULL', `${map} was full: later keys are missing from the result`)
  }
  if (header.script !== undefined) {
    for (const map of summary.mapsWithAlikeKeys) {
      say('W_KEYS_ALIKE', `${map} has keys that were different and are printed alike`)
    }
  }
  if (summary.cutStrings > 0) {
    say(
      'W_STRINGS_CUT',
      `${counted(summary.cutStrings, 'string')} cut: the tracer takes ${header.stringBytes - 1} bytes of each`,
    )
  }
  for (const { message, count } of summary.faults) {
    say('W_PROGRAM_FAULT', `the program failed ${count === 1 ? 'once' : `${count} times`}: ${message}`)
  }
  if (summary.unreadableLines > 0) {
    say('W_UNREADABLE', `${counted(summary.unreadableLines, 'line')} of bpftrace could not be read`)
  }
  if (summary.endedBy === 'terminate' || summary.endedBy === 'kill') {
    say(
      'W_ENDED_BY_FORCE',
      `bpftrace did not end in time and was ${summary.endedBy === 'kill' ? 'killed' : 'terminated'}: the results are those of the last interval`,
    )
  }
  if (summary.endedBy === undefined) say('W_RECORDING_CUT', 'the recording ends before the run did')
  if (header.script !== undefined) remarks.push(...scriptRemarks(header))
  return remarks
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`

/** What this version of bpftrace makes ambiguous in a user's script. */
function scriptRemarks({ program, dialect, toolVersion }: BpfRunHeader): BpfRemark[] {
  const several = new Set([...program.matchAll(/@\w*\[[^\]]*,[^\]]*\]/g)].map(match => /^@\w*/.exec(match[0])![0]))
  const texts = new Set(
    [...program.matchAll(/(@\w*)\[[^\]]*\b(comm|str|probe|func|kstack|ustack|ksym|usym|ntop|cgroup_path)\b/g)].map(
      m => m[1]!,
    ),
  )
  const instead = 'print((…)) of a tuple has no such gap'
  const remarks: BpfRemark[] = []
  if (several.size > 0) {
    const code = 'W_KEYS_JOINED'
    remarks.push({
      code,
      message: `bpftrace joins the parts of the keys of ${[...several].join(', ')} with commas: a comma inside a part looks the same; ${instead}`,
    })
  }
  if (dialect === 'C' && texts.size > 0) {
    const code = 'W_KEY_BLANKS'
    remarks.push({
      code,
      message: `bpftrace ${toolVersion} erases blanks from the keys of ${[...texts].join(', ')}: "a b" and "ab" look the same; ${instead}`,
    })
  }
  return remarks
}
