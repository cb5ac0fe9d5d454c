import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import { InputError } from '../errors.ts'
import type { ProcSource, SourceMeta } from './proc-source.ts'
import { emptyEntries, recordedProc, type RecordedEntries } from './recorded-proc.ts'

/** A single entry larger than this is no file of /proc (a core dump or log in a sosreport) and is passed over. */
const MAX_ENTRY_BYTES = 256 * 1024 * 1024

/**
 * A tar archive, plain or gzipped, read without unpacking it to disk. The `proc/` folder is found at any depth (a
 * sosreport keeps it one level down); everything else in the archive is passed over.
 */
export async function openTar(path: string, gzipped: boolean, meta: SourceMeta = {}): Promise<ProcSource> {
  const entries = emptyEntries()
  // Names are bytes; the option is documented by the library but missing in its types.
  const reader = extract({ filenameEncoding: 'latin1' } as object)
  reader.on('entry', (header, stream, next) => {
    const name = header.size > MAX_ENTRY_BYTES ? undefined : pathBelowProc(header.name)
    if (name === undefined) {
      stream.on('end', next).resume()
      return
    }
    const chunks: Buffer[] = []
    stream.on('data', chunk => chunks.push(chunk as Buffer))
    stream.on('end', () => {
      keep(entries, name, header, Buffer.concat(chunks))
      next()
    })
  })
  try {
    const file = createReadStream(path)
    await (gzipped ? pipeline(file, createGunzip(), reader) : pipeline(file, reader))
  } catch (error) {
    throw new InputError('E_INPUT_FORMAT', `${path} could not be read as a tar archive: ${(error as Error).message}`, {
      cause: error,
    })
  }
  if (entries.files.size === 0) {
    throw new InputError('E_INPUT_FORMAT', `the archive ${path} holds no proc/ folder`, {
      hint: 'make one with: tar cf FILE.tar proc/',
    })
  }
  return recordedProc('tar', path, meta, entries)
}

function keep(entries: RecordedEntries, name: string, header: Header, content: Buffer): void {
  if (header.type === 'symlink') entries.links.set(name, header.linkname)
  else if (header.type === 'link') {
    // A hard link repeats an earlier entry of the archive.
    const target = pathBelowProc(header.linkname)
    const twin = target === undefined ? undefined : entries.files.get(target)
    if (twin !== undefined) entries.files.set(name, twin)
  } else if (header.type === 'file' || header.type === 'contiguous-file') entries.files.set(name, content)
}

/** `sosreport-x/proc/net/tcp` → `net/tcp`; an archive of the folder's own content (`./net/tcp`, `12/fd/3`) counts too. */
function pathBelowProc(name: string): string | undefined {
  const parts = name.split('/').filter(part => part !== '' && part !== '.')
  const at = parts.indexOf('proc')
  if (at !== -1 && at <= 2) return parts.slice(at + 1).join('/') || undefined
  return parts[0] !== undefined && (parts[0] === 'net' || /^\d+$/.test(parts[0])) ? parts.join('/') : undefined
}
