import { isUtf8 } from 'node:buffer'
import { InputError } from '../errors.ts'
import type { ProcSource, SourceMeta } from './proc-source.ts'
import { emptyEntries, recordedProc, type RecordedEntries } from './recorded-proc.ts'

export const SNAPSHOT_SCHEMA = 'linsight/snapshot/1'

type Text = string | { base64: string }

/** A recording of /proc as one JSON text: it diffs, needs no symbolic links and checks out on every system. */
export interface SnapshotDocument {
  schema: typeof SNAPSHOT_SCHEMA
  meta: SourceMeta
  /** Path below /proc → content; what is not UTF-8 is base64. */
  files: Record<string, Text>
  links: Record<string, Text>
  /** Path → errno name of what could not be read. */
  errors: Record<string, string>
}

/** Reads the text of a snapshot of /proc. `label` names it in messages. */
export function parseSnapshot(text: string, label: string): ProcSource {
  const { meta, entries } = parseSnapshotEntries(text, label)
  return recordedProc('snapshot', label, meta, entries)
}

/** What the text of a snapshot holds, whatever folder its paths start at. */
export function parseSnapshotEntries(text: string, label: string): { meta: SourceMeta; entries: RecordedEntries } {
  let document: Partial<SnapshotDocument> | null
  try {
    document = JSON.parse(text) as Partial<SnapshotDocument> | null
  } catch (error) {
    throw new InputError(
      'E_INPUT_FORMAT',
      `${label} is not a snapshot: it is not valid JSON (${(error as Error).message})`,
      { cause: error },
    )
  }
  if (typeof document !== 'object' || document?.schema !== SNAPSHOT_SCHEMA) {
    const found =
      typeof document === 'object' && document !== null && typeof document.schema === 'string'
        ? document.schema
        : 'none'
    throw new InputError(
      'E_INPUT_FORMAT',
      `${label} is JSON, but not a snapshot: its schema is ${found}, expected ${SNAPSHOT_SCHEMA}`,
      {
        hint: 'make one with: linsight snapshot save FILE',
      },
    )
  }
  const entries = emptyEntries()
  for (const [path, value] of textEntries(document.files, label, 'files')) entries.files.set(path, bytesOf(value))
  for (const [path, value] of textEntries(document.links, label, 'links'))
    entries.links.set(path, bytesOf(value).toString('latin1'))
  for (const [path, code] of Object.entries(document.errors ?? {})) entries.errors.set(path, code)
  return { meta: document.meta ?? {}, entries }
}

/** The document of entries; `parseSnapshot` of its JSON gives the same entries back, byte for byte. */
export function snapshotDocument(meta: SourceMeta, entries: RecordedEntries): SnapshotDocument {
  return {
    schema: SNAPSHOT_SCHEMA,
    meta,
    files: Object.fromEntries([...entries.files].map(([path, content]) => [path, textOf(content)])),
    links: Object.fromEntries(
      [...entries.links].map(([path, target]) => [path, textOf(Buffer.from(target, 'latin1'))]),
    ),
    errors: Object.fromEntries(entries.errors),
  }
}

function textEntries(section: Record<string, Text> | undefined, label: string, name: string): [string, Text][] {
  const entries = Object.entries(section ?? {})
  const bad = entries.find(([, value]) => typeof value !== 'string' && typeof value?.base64 !== 'string')
  if (bad)
    throw new InputError(
      'E_INPUT_FORMAT',
      `${label} is damaged: ${name} of ${bad[0]} is neither a text nor {"base64": …}`,
    )
  return entries
}

function bytesOf(value: Text): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value.base64, 'base64')
}

function textOf(content: Buffer): Text {
  return isUtf8(content) ? content.toString('utf8') : { base64: content.toString('base64') }
}
