import { isUtf8 } from 'node:buffer'
import type { SourceMeta } from '../../proc/proc-source.ts'
import type { Document, Origin } from '../../terminal/json.ts'
import type { NamespaceSummary, SnapshotRecording, SnapshotSummary } from '../model.ts'

/** The facts of the document `linsight/snapshot-saved/1` beside its envelope. */
export interface SnapshotSavedJson {
  file: string
  bytes: number
  processes: number
  /** Processes that ended while they were recorded. */
  vanished: number
  /** How many other network namespaces were recorded. */
  otherNamespaces: number
  unreadable: { files: number }
}

export function savedDocument(origin: Origin, recording: SnapshotRecording, file: string, bytes: number): Document {
  const { entries, processes, vanished, otherNamespaces } = recording
  const facts: Omit<SnapshotSavedJson, 'unreadable'> = {
    file,
    bytes,
    processes,
    vanished,
    otherNamespaces: otherNamespaces.length,
  }
  const unreadable: SnapshotSavedJson['unreadable'] = { files: entries.errors.size }
  return { what: 'snapshot-saved', origin, facts, unreadable: { ...unreadable } }
}

/** The facts of the document `linsight/snapshot-summary/1` beside its envelope. */
export interface SnapshotSummaryJson extends Omit<SourceMeta, 'host' | 'takenAt' | 'users'> {
  namespaces: NamespaceSummary[]
  processes: number
  files: number
  links: number
  /** errno name → paths that could not be read when the recording was made. */
  unreadable: Record<string, string[]>
}

export function summaryDocument(origin: Origin, meta: SourceMeta, summary: SnapshotSummary): Document {
  const { namespaces, unreadable, ...counts } = summary
  // Host and time stand in the envelope; names of users are not printed.
  const { host: _host, takenAt: _takenAt, users: _users, ...machine } = meta
  const facts: Omit<SnapshotSummaryJson, 'namespaces' | 'unreadable'> = { ...machine, ...counts }
  return {
    what: 'snapshot-summary',
    origin,
    lists: { namespaces },
    facts,
    unreadable: Object.fromEntries(unreadable) satisfies SnapshotSummaryJson['unreadable'],
  }
}

/** One entry of a recording. */
export interface SnapshotEntry {
  kind: 'file' | 'link' | 'folder'
  /** Content, target, or the names in the folder, a line each. */
  bytes: Buffer
}

/** The facts of the document `linsight/snapshot-entry/1` beside its envelope. */
export interface SnapshotEntryJson {
  path: string
  kind: SnapshotEntry['kind']
  text?: string
  /** The bytes, where they are not UTF-8. */
  base64?: string
}

export function entryDocument(origin: Origin, path: string, { kind, bytes }: SnapshotEntry): Document {
  const content = isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') }
  const facts: SnapshotEntryJson = { path, kind, ...content }
  return { what: 'snapshot-entry', origin, facts }
}
