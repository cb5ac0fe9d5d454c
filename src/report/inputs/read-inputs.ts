import { linesOf } from '../../proc/line-file.ts'
import { diagnosisInput } from './diagnosis-input.ts'
import type { InputParts } from './parts.ts'
import { profileInput } from './profile-input.ts'
import { readRecordings, type Look } from './read-recordings.ts'
import type { Recording } from './recording.ts'
import { redactRecordings } from './redact-recordings.ts'
import { snapshotInput } from './snapshot-input.ts'
import { traceInput } from './trace-input.ts'

/** What the files add to a report. What is shown is made of the recordings as the page carries them. */
export async function readInputs(
  paths: readonly string[],
  { redact, look }: { redact: boolean; look: Look },
): Promise<InputParts[]> {
  const read = await readRecordings(paths, look)
  const parts: InputParts[] = []
  for (const recording of redact ? redactRecordings(read) : read) parts.push(await inputOf(recording))
  return parts
}

async function inputOf(recording: Recording): Promise<InputParts> {
  const { name } = recording
  switch (recording.kind) {
    case 'snapshot':
      return snapshotInput(recording.recorded, name)
    case 'diagnosis':
      return diagnosisInput(recording.seen, name)
    case 'profile':
      return profileInput(recording.profile, name)
    case 'trace':
      return traceInput(linesOf(recording.bytes, name), recording.bytes, name)
  }
}
