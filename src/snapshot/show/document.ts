import { isUtf8 } from 'node:buffer'
import type { SourceMeta } from '../../proc/proc-source.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import type { NamespaceSummary, SnapshotRecording, SnapshotSummary } from '../model.ts'

/** Document of `linsight snapshot save`: what was written. */
export interface SnapshotSavedDocument extends Envelope, Remarks<{ files: number }> {
  schema: 'linsight/snapshot-saved/1'
  /** Path of the recording. */
  file: string
  /** Size of it. */
  bytes: number
  /** Processes it holds. */
  processes: number
  /** Processes that ended while they were recorded. */
  vanished: number
  /** How many other network namespaces were recorded. */
  otherNamespaces: number
  /** How many files and folders could not be read; the recording says which. */
  unreadable: { files: number }
}

export function savedDocument(
  origin: Origin,
  recording: SnapshotRecording,
  file: string,
  bytes: number,
): Document<SnapshotSavedDocument> {
  const { entries, processes, vanished, otherNamespaces } = recording
  const facts = { file, bytes, processes, vanished, otherNamespaces: otherNamespaces.length }
  return { what: 'snapshot-saved', origin, facts, unreadable: { files: entries.errors.size } }
}

/** Document of `linsight snapshot show`: what a recording holds. */
export interface SnapshotSummaryDocument
  extends Envelope, Remarks<Record<string, string[]>>, Omit<SourceMeta, 'host' | 'takenAt' | 'users'> {
  schema: 'linsight/snapshot-summary/1'
  /** Every network namespace whose tables it holds. */
  namespaces: NamespaceSummary[]
  /** Processes it holds anything of. */
  processes: number
  /** Files it holds. */
  files: number
  /** Symbolic links it holds. */
  links: number
  /** errno name → paths below /proc that could not be read when the recording was made. */
  unreadable: Record<string, string[]>
}

export function summaryDocument(
  origin: Origin,
  meta: SourceMeta,
  summary: SnapshotSummary,
): Document<SnapshotSummaryDocument, 'namespaces'> {
  const { namespaces, unreadable, ...counts } = summary
  // Host and time stand in the envelope; names of users are not printed.
  const { host: _host, takenAt: _takenAt, users: _users, ...machine } = meta
  return {
    what: 'snapshot-summary',
    origin,
    lists: { namespaces },
    facts: { ...machine, ...counts },
    unreadable: Object.fromEntries(unreadable),
  }
}

/** One entry of a recording. */
export interface SnapshotEntry {
  kind: 'file' | 'link' | 'folder'
  /** Content, target, or the names in the folder, a line each. */
  bytes: Buffer
}

/** Document of `linsight snapshot show FILE PATH`: one recorded file, link or folder. */
export interface SnapshotEntryDocument extends Envelope, Remarks {
  schema: 'linsight/snapshot-entry/1'
  /** Below /proc. */
  path: string
  kind: SnapshotEntry['kind']
  /** Content of a file, target of a link, or the names in a folder, a line each. */
  text?: string
  /** The same, where the bytes are not UTF-8. */
  base64?: string
}

export function entryDocument(
  origin: Origin,
  path: string,
  { kind, bytes }: SnapshotEntry,
): Document<SnapshotEntryDocument> {
  const content = isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') }
  return { what: 'snapshot-entry', origin, facts: { path, kind, ...content } }
}
