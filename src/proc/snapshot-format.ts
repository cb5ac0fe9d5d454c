import { isUtf8 } from 'node:buffer'
import { InputError, optional as attempt } from '../errors.ts'
import type { SourceMeta } from './proc-source.ts'
import { emptyEntries, recordedProc, type RecordedEntries, type RecordedProc } from './recorded-proc.ts'

export const SNAPSHOT_SCHEMA = 'linsight/snapshot/1'

/** Text as it is; what is not UTF-8 as base64. */
export type Text = string | { base64: string }

/** A recording of /proc as one JSON text: it diffs, needs no symbolic links and checks out on every system. */
export interface SnapshotDocument {
  schema: typeof SNAPSHOT_SCHEMA
  /** The machine it was made of. */
  meta: SourceMeta
  /** Path below /proc → content; a path that ends in `/` is an empty folder. */
  files: Record<string, Text>
  /** Path below /proc → what the link reads. */
  links: Record<string, Text>
  /** Path below /proc → errno name of what could not be read. */
  errors: Record<string, string>
}

/** Reads the text of a snapshot of /proc. `label` names it in messages. */
export function parseSnapshot(text: string, label: string): RecordedProc {
  const { meta, entries } = parseSnapshotEntries(text, label)
  return recordedProc('snapshot', label, meta, entries)
}

/** What the text of a snapshot holds, whatever folder its paths start at. */
export function parseSnapshotEntries(text: string, label: string): { meta: SourceMeta; entries: RecordedEntries } {
  const damaged = (what: string) =>
    new InputError('input-format', `the snapshot ${label} is damaged: ${what}`, {
      hint: 'make it anew with: linsight snapshot save FILE',
    })
  const document = parseDocument(text, label)
  const section = <T>(name: 'files' | 'links' | 'errors', fits: (value: unknown) => boolean): [string, T][] => {
    const value: unknown = document[name] ?? {}
    if (!isRecord(value)) throw damaged(`${name} is no object`)
    const entries = Object.entries(value)
    const bad = entries.find(([, content]) => !fits(content))
    if (bad) throw damaged(`${name} of ${bad[0]} is not what it should be`)
    return entries as [string, T][]
  }
  const entries = emptyEntries()
  for (const [path, value] of section<Text>('files', isText)) entries.files.set(path, bytesOf(value))
  for (const [path, value] of section<Text>('links', isText)) entries.links.set(path, bytesOf(value).toString('latin1'))
  for (const [path, code] of section<string>('errors', isString)) entries.errors.set(path, code)
  const meta: unknown = document.meta ?? {}
  const wrong = isRecord(meta) ? Object.keys(META).find(key => !META[key as keyof SourceMeta](meta[key])) : ''
  if (wrong !== undefined)
    throw damaged(wrong === '' ? 'meta is no object' : `${wrong} of meta is not what it should be`)
  return { meta: meta as SourceMeta, entries }
}

/**
 * The text of a snapshot in pieces, one entry a line so that two of them diff; {@link parseSnapshot} of it gives the
 * same entries back, byte for byte.
 */
export function* snapshotText(meta: SourceMeta, entries: RecordedEntries): Generator<string> {
  yield `{"schema":${JSON.stringify(SNAPSHOT_SCHEMA)},\n"meta":${JSON.stringify(meta)}`
  yield* sectionText('files', entries.files, textOf)
  yield* sectionText('links', entries.links, target => textOf(Buffer.from(target, 'latin1')))
  yield* sectionText('errors', entries.errors, code => code)
  yield '\n}\n'
}

function* sectionText<T>(name: string, entries: Map<string, T>, text: (value: T) => Text): Generator<string> {
  yield `,\n"${name}":{`
  let separator = '\n'
  for (const [path, value] of entries) {
    yield `${separator}${JSON.stringify(path)}:${JSON.stringify(text(value))}`
    separator = ',\n'
  }
  yield '\n}'
}

/** A mark that some editors put in front, and the brace of an object. */
const JSON_BEGINS = /^\ufeff?\s*\{/

/** Refuses what cannot be a snapshot by its first bytes, before the rest of it is read. */
export function refuseOtherThanSnapshot(head: Buffer, label: string): void {
  if (!JSON_BEGINS.test(head.toString('utf8')))
    throw new InputError('input-format', `the recording ${label} is neither a snapshot nor a tar archive`, {
      hint: 'make one with: linsight snapshot save FILE',
    })
}

/** What is in the first of several lines of JSON; undefined of anything else. */
function schemaOfStream(text: string): string | undefined {
  const line: unknown = attempt(() => JSON.parse(text.slice(0, text.indexOf('\n'))))
  return isRecord(line) && typeof line['schema'] === 'string' ? line['schema'] : undefined
}

function parseDocument(text: string, label: string): Partial<SnapshotDocument> {
  let document: unknown
  try {
    // Some editors put a mark in front.
    document = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    const stream = schemaOfStream(text)
    if (stream !== undefined)
      throw new InputError(
        'input-format',
        `${label} is a stream of ${stream}, not a snapshot: it holds what was shown`,
        {
          hint: 'record what the commands read with: linsight snapshot save FILE',
          cause: error,
        },
      )
    throw new InputError('input-format', `the recording ${label} is not whole: its JSON breaks off or is damaged`, {
      hint: 'make it anew with: linsight snapshot save FILE',
      cause: error,
    })
  }
  if (!isRecord(document) || document['schema'] !== SNAPSHOT_SCHEMA) {
    const schema = isRecord(document) ? document['schema'] : undefined
    throw new InputError(
      'input-format',
      `${label} is JSON, but not a snapshot: its schema is ${typeof schema === 'string' ? schema : 'missing'}, expected ${SNAPSHOT_SCHEMA}`,
      { hint: 'make one with: linsight snapshot save FILE' },
    )
  }
  return document
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isString = (value: unknown) => typeof value === 'string'
const isText = (value: unknown) => isString(value) || (isRecord(value) && isString(value['base64']))
const optional = (fits: (value: unknown) => boolean) => (value: unknown) => value === undefined || fits(value)
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0

/** What each fact of the manifest must look like where it is there at all. */
const META: Record<keyof SourceMeta, (value: unknown) => boolean> = {
  host: optional(isString),
  kernel: optional(isString),
  arch: optional(isString),
  endian: optional(value => value === 'little' || value === 'big'),
  userHz: optional(value => isCount(value) && value !== 0),
  takenAt: optional(value => isString(value) && !Number.isNaN(Date.parse(value))),
  uid: optional(isCount),
  netns: optional(isString),
  users: optional(value => isRecord(value) && Object.values(value).every(isString)),
  redacted: optional(value => typeof value === 'boolean'),
}

function bytesOf(value: Text): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value.base64, 'base64')
}

function textOf(content: Buffer): Text {
  return isUtf8(content) ? content.toString('utf8') : { base64: content.toString('base64') }
}
