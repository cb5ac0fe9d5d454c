import type { Envelope, Remarks } from '../../terminal/json.ts'
import type { SourceMeta } from '../../proc/proc-source.ts'
import type { NamespaceSummary, SnapshotSummary } from '../summary.ts'

/** Document of `linsight snapshot show`: what a recording holds. */
export interface SnapshotSummaryDocument
  extends
    Envelope,
    Remarks<Record<string, string[]>>,
    Omit<SourceMeta, 'host' | 'takenAt' | 'users'>,
    Omit<SnapshotSummary, 'unreadable' | 'namespaces'> {
  schema: 'linsight/snapshot-summary/1'
  /** Every network namespace whose tables it holds. */
  namespaces: NamespaceSummary[]
  /** Errno name → paths below /proc that could not be read when it was made. */
  unreadable: Record<string, string[]>
}

/** Document of `linsight snapshot show FILE PATH`: one recorded file, link or folder. */
export interface SnapshotEntryDocument extends Envelope, Remarks, SnapshotEntry {
  schema: 'linsight/snapshot-entry/1'
}

export interface SnapshotEntry {
  /** Below /proc. */
  path: string
  /** Of a folder the content is its names, one a line. */
  kind: 'file' | 'link' | 'folder'
  /** The content where it is UTF-8. */
  text?: string
  /** The content where it is not. */
  base64?: string
}

/** Document of `linsight snapshot save`: what was written. */
export interface SnapshotSavedDocument extends Envelope, Remarks<{ files: number }> {
  schema: 'linsight/snapshot-saved/1'
  /** Path of the recording. */
  file: string
  /** Size of it. */
  bytes: number
  /** Processes it holds. */
  processes: number
  /** Processes that ended while it was made. */
  vanished: number
  /** Network namespaces besides the one of this process. */
  otherNamespaces: number
  /** How many files and folders could not be read; the recording says which. */
  unreadable: { files: number }
}
