import { parseObservation, type Observation } from '../../diagnose/index.ts'
import type { PageRecording } from '../../files/page-recordings.ts'
import { parseSnapshot } from '../../proc/snapshot-format.ts'
import type { Recorded } from '../../snapshot/index.ts'
import { parseProfileJson, type SyscallProfile } from '../../syscalls/index.ts'

/** One recording that a report is made of, as it was read: what it shows is made of this, and the page carries it. */
export type Recording = { name: string } & (
  | { kind: 'snapshot'; recorded: Recorded }
  | { kind: 'diagnosis'; seen: Observation }
  | { kind: 'profile'; profile: SyscallProfile }
  | { kind: 'trace'; bytes: Buffer }
)

/** A recording by its bytes. @throws InputError where it is damaged */
export function parseRecording({ kind, bytes }: PageRecording, name: string): Recording {
  switch (kind) {
    case 'snapshot': {
      const { meta, entries } = parseSnapshot(bytes.toString('utf8'), name)
      return { name, kind, recorded: { meta, entries } }
    }
    case 'diagnosis':
      return { name, kind, seen: parseObservation(bytes.toString('utf8'), name) }
    case 'profile':
      return { name, kind, profile: parseProfileJson(bytes.toString('utf8'), name) }
    case 'trace':
      return { name, kind, bytes }
  }
}
