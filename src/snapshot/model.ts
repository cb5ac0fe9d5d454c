import type { SourceMeta } from '../proc/proc-source.ts'
import type { RecordedEntries } from '../proc/recorded-proc.ts'

/** A recording that was just made. */
export interface SnapshotRecording {
  meta: SourceMeta
  entries: RecordedEntries
  processes: number
  /** Processes that ended while they were recorded. */
  vanished: number
  /** Folder of `net/` of every other network namespace: `1234`, or `1234/task/1235` where only a thread is in it. */
  otherNamespaces: string[]
}

/** What a recording holds. */
export interface SnapshotSummary {
  processes: number
  files: number
  links: number
  namespaces: NamespaceSummary[]
  /** Errno name → paths that could not be read when the recording was made. */
  unreadable: Map<string, string[]>
}

export interface NamespaceSummary {
  /** `net:[4026531840]`; absent where the recording does not say. */
  netns: string | undefined
  /** Folder of its tables below the proc root. */
  folder: string
  /** Sockets by table, empty tables left out. */
  sockets: Record<string, number>
}
