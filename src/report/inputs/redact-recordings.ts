import { parseHeader, redactRecording } from '../../bpf/index.ts'
import { redactObservation } from '../../diagnose/index.ts'
import { allNames, hostNames, redacted, type SiteNames } from '../../redact/redaction.ts'
import type { Redaction } from '../../redact/words.ts'
import { namesOf, redactEntries } from '../../snapshot/index.ts'
import { redactProfile } from '../../syscalls/index.ts'
import type { Recording } from './recording.ts'

/** The recordings with pseudonyms, the same value by the same one in all of them: what belongs together still does. */
export function redactRecordings(recordings: readonly Recording[]): Recording[] {
  return redacted(allNames(recordings.map(siteNames)), redaction =>
    recordings.map((recording, i) =>
      // A file is often called as the host is, or as who owns it.
      Object.assign(redactOne(recording, redaction), { name: `${recording.kind} ${i + 1}` }),
    ),
  )
}

function siteNames(recording: Recording): SiteNames {
  switch (recording.kind) {
    case 'snapshot':
      return namesOf(recording.recorded.meta)
    case 'diagnosis':
      return { hosts: hostNames(recording.seen.host), users: [] }
    case 'profile':
      return { hosts: hostNames(recording.profile.meta.host), users: [] }
    case 'trace':
      return { hosts: hostNames(headerOf(recording.bytes, recording.name).host), users: [] }
  }
}

function redactOne(recording: Recording, redaction: Redaction): Recording {
  switch (recording.kind) {
    case 'snapshot':
      return { ...recording, recorded: redactEntries(recording.recorded, redaction) }
    case 'diagnosis':
      return { ...recording, seen: redactObservation(recording.seen, redaction) }
    case 'profile':
      return { ...recording, profile: redactProfile(recording.profile, redaction) }
    case 'trace':
      return { ...recording, bytes: redactRecording(recording.bytes, recording.name, redaction) }
  }
}

function headerOf(bytes: Buffer, name: string) {
  const end = bytes.indexOf(0x0a)
  return parseHeader(bytes.toString('latin1', 0, end === -1 ? undefined : end), name)
}
