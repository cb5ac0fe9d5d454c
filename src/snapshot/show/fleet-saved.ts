import type { AnsweredHostJson, SilentHostJson } from '../../fleet/index.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'

/** Document of `linsight snapshot save --host`: what was written of which host. */
export interface FleetSnapshotsDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/fleet-snapshots/1'
  /** Every host that was asked, in the order of the command line. */
  hosts: SavedHostJson[]
  /** Host → how many files and folders could not be read; its recording says which. */
  unreadable: Record<string, number>
}

/** A host that answered has a recording. */
export type SavedHostJson = (AnsweredHostJson & SavedFacts) | SilentHostJson

export interface SavedFacts {
  /** Path of the recording. */
  file: string
  /** Size of it. */
  fileBytes: number
  /** Processes it holds. */
  processes: number
  /** Network namespaces whose tables it holds. */
  namespaces: number
}

/** The document `linsight/fleet-snapshots/1`. */
export function fleetSnapshotsDocument(
  origin: Origin,
  hosts: SavedHostJson[],
  unreadable: Record<string, number>,
): Document<FleetSnapshotsDocument> {
  return { what: 'fleet-snapshots', origin, facts: { hosts }, unreadable }
}
