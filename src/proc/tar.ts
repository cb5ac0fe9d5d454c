import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import { InputError } from '../errors.ts'
import type { Warning } from '../warnings.ts'
import type { SourceMeta } from './proc-source.ts'
import { emptyEntries, recordedProc, type RecordedEntries, type RecordedProc } from './recorded-proc.ts'

/** A single entry larger than this is no file of /proc (a core dump or log in a sosreport) and is passed over. */
const MAX_ENTRY_BYTES = 256 * 1024 * 1024

/** Folders above `proc/` in an archive, at most: a sosreport has one. */
const MAX_DEPTH = 2

/**
 * A tar archive, plain or gzipped, read without unpacking it to disk. The `proc/` folder is found at any depth up to
 * {@link MAX_DEPTH}; everything else in the archive is passed over.
 */
export async function openTar(
  archive: Readable,
  label: string,
  gzipped: boolean,
  meta: SourceMeta = {},
): Promise<RecordedProc> {
  /** By the path of the folder that stands for /proc: an archive may hold a stray second one. */
  const roots = new Map<string, RecordedEntries>()
  // Names are bytes; the option is documented by the library but missing in its types.
  const reader = extract({ filenameEncoding: 'latin1' } as object)
  reader.on('entry', (header, stream, next) => {
    // A damaged archive also ends the entry with the error that the pipeline reports.
    stream.on('error', () => {})
    const place = header.size > MAX_ENTRY_BYTES ? undefined : placeOf(nameBytes(header, 'path', header.name))
    if (place === undefined) {
      stream.on('end', next).resume()
      return
    }
    const chunks: Buffer[] = []
    stream.on('data', chunk => chunks.push(chunk as Buffer))
    stream.on('end', () => {
      const entries = roots.get(place.root) ?? emptyEntries()
      roots.set(place.root, entries)
      keep(entries, place.path, header, Buffer.concat(chunks))
      next()
    })
  })
  try {
    await (gzipped ? pipeline(archive, createGunzip(), reader) : pipeline(archive, reader))
  } catch (error) {
    throw new InputError('input-format', `${label} could not be read as a tar archive: ${(error as Error).message}`, {
      hint: 'it may be cut off: copy it anew',
      cause: error,
    })
  }
  const found = [...roots].filter(([, entries]) => isProc(entries))
  const [, entries] = found[0] ?? []
  if (entries === undefined) {
    throw new InputError('input-format', `the archive ${label} holds no proc/ folder with net/ or a process in it`, {
      hint: 'make one with: linsight snapshot save FILE, or with: tar cf FILE.tar proc/',
    })
  }
  const recording = recordedProc('tar', label, meta, entries)
  return found.length === 1 ? recording : { ...recording, remarks: [remarkOf(found, label)] }
}

/** Nobody asked for the first machine of several. */
function remarkOf(found: readonly (readonly [root: string, entries: RecordedEntries])[], label: string): Warning {
  const [first = '', ...others] = found.map(([root]) => (root === '' ? '.' : Buffer.from(root, 'latin1').toString()))
  return {
    code: 'archive-others',
    message:
      `the archive ${label} holds ${found.length} folders shaped like /proc: ${first} is read, ` +
      `${others.slice(0, MOST_NAMED).join(', ')}${others.length > MOST_NAMED ? ', …' : ''} ${others.length === 1 ? 'is' : 'are'} not`,
    hint: 'unpack it and point --from at the folder that is wanted',
  }
}

/** Folders named in a remark. */
const MOST_NAMED = 3

function keep(entries: RecordedEntries, path: string, header: Header, content: Buffer): void {
  if (header.type === 'symlink') entries.links.set(path, nameBytes(header, 'linkpath', header.linkname ?? ''))
  else if (header.type === 'link') {
    // A hard link repeats an earlier entry of the archive.
    const target = placeOf(nameBytes(header, 'linkpath', header.linkname ?? ''))?.path ?? ''
    const file = entries.files.get(target)
    const link = entries.links.get(target)
    if (file !== undefined) entries.files.set(path, file)
    if (link !== undefined) entries.links.set(path, link)
  } else if (header.type === 'directory') entries.files.set(`${path}/`, content)
  else if (header.type === 'file' || header.type === 'contiguous-file') entries.files.set(path, content)
}

/** A name as a byte string: the library decodes those of a pax header as UTF-8, which is what pax says they are. */
function nameBytes(header: Header, key: 'path' | 'linkpath', name: string): string {
  return (header.pax as Record<string, string> | null | undefined)?.[key] === undefined
    ? name
    : Buffer.from(name, 'utf8').toString('latin1')
}

const PID_OR_NET = /^(?:\d+|net|self)$/

/**
 * `sosreport-x/proc/net/tcp` → root `sosreport-x/proc`, path `net/tcp`; an archive of the folder's own content
 * (`./net/tcp`, `12/fd/3`) counts too. Names with `..` are left out.
 */
function placeOf(name: string): { root: string; path: string } | undefined {
  const parts = name.split('/').filter(part => part !== '' && part !== '.')
  if (parts.includes('..')) return undefined
  const at = parts.indexOf('proc')
  if (at !== -1 && at <= MAX_DEPTH && at + 1 < parts.length)
    return { root: parts.slice(0, at + 1).join('/'), path: parts.slice(at + 1).join('/') }
  return parts.length > 1 && PID_OR_NET.test(parts[0]!) ? { root: '', path: parts.join('/') } : undefined
}

function isProc(entries: RecordedEntries): boolean {
  for (const paths of [entries.files, entries.links])
    for (const path of paths.keys()) if (PID_OR_NET.test(path.slice(0, path.indexOf('/')))) return true
  return false
}
