import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf, InputError, SourceReadError } from '../errors.ts'
import type { ProcSource, SourceMeta } from './proc-source.ts'

/**
 * A folder shaped like /proc: itself, one that holds `proc/` (an unpacked sosreport), or a bare folder of files that
 * belong into `net/` (`tcp`, `sockstat`, …).
 */
export function openTree(path: string, meta: SourceMeta = {}): ProcSource {
  const root = [path, join(path, 'proc')].find(looksLikeProc)
  const bare = root === undefined && (existsSync(join(path, 'tcp')) || existsSync(join(path, 'sockstat')))
  if (root === undefined && !bare) {
    throw new InputError(
      'input-format',
      `the folder ${path} is not shaped like /proc: it has neither net/ nor a process`,
      {
        hint: 'point --from at a copy of /proc, at a folder that holds proc/, or at a file made by linsight snapshot save',
      },
    )
  }
  // A path is bytes, but the folder's own name is text.
  const base = Buffer.from(root ?? path, 'utf8').toString('latin1')
  const resolve = (name: string) =>
    Buffer.from(bare && /^net(?:\/|$)/.test(name) ? join(base, name.slice(3)) : join(base, name), 'latin1')
  const reading = <T>(name: string, read: (at: Buffer) => T): T => {
    try {
      return read(resolve(name))
    } catch (error) {
      throw new SourceReadError(errnoOf(error), name)
    }
  }
  return {
    kind: 'tree',
    mayChange: false,
    isThisMachine: false,
    label: path,
    meta,
    readFile: name =>
      reading(name, at => {
        // A fifo or device would be waited for without end.
        const facts = statSync(at)
        if (!facts.isFile() && !facts.isDirectory()) throw new SourceReadError('EINVAL', name)
        return readFileSync(at)
      }),
    // A link that version control checked out as a plain file counts as the link.
    readLink: name =>
      reading(name, at => (lstatSync(at).isFile() ? readFileSync(at, 'latin1') : readlinkSync(at, 'latin1'))),
    list: name => reading(name, at => readdirSync(at, 'latin1')),
  }
}

function looksLikeProc(path: string): boolean {
  if (isFolder(join(path, 'net')) || isFolder(join(path, 'self'))) return true
  try {
    return readdirSync(path).some(name => /^\d+$/.test(name) && isFolder(join(path, name)))
  } catch {
    return false
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
