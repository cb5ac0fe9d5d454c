import { join } from 'node:path'
import { errnoOf, InputError, SourceReadError } from '../errors.ts'
import { withinFolder, type WithinFolder } from '../files/within-folder.ts'
import type { ProcSource, SourceMeta } from './proc-source.ts'

/**
 * A folder shaped like /proc: itself, one that holds `proc/` (an unpacked sosreport), or a bare folder of files that
 * belong into `net/` (`tcp`, `sockstat`, …). No link in it leads out of it.
 */
export function openTree(path: string, meta: SourceMeta = {}): ProcSource {
  const folder = withinFolder(path)
  const root = ['', 'proc/'].find(below => looksLikeProc(folder, below))
  const names = root === undefined ? folder.list('') : []
  if (root === undefined && !names.includes('tcp') && !names.includes('sockstat')) {
    throw new InputError(
      'input-format',
      `the folder ${path} is not shaped like /proc: it has neither net/ nor a process`,
      {
        hint: 'point --from at a copy of /proc, at a folder that holds proc/, or at a file made by linsight snapshot save',
      },
    )
  }
  const placeOf = (name: string) =>
    root === undefined ? (/^net(?:\/|$)/.test(name) ? name.slice(4) : name) : join(root, name)
  const reading = <T>(name: string, read: (at: string) => T): T => {
    try {
      return read(placeOf(name))
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
    readFile: name => reading(name, at => folder.readFile(at)),
    readLink: name => reading(name, at => folder.readLink(at)),
    list: name => reading(name, at => folder.list(at)),
  }
}

function looksLikeProc(folder: WithinFolder, below: string): boolean {
  if (folder.isFolder(`${below}net`) || folder.isFolder(`${below}self`)) return true
  if (!folder.isFolder(below)) return false
  return folder.list(below).some(name => /^\d+$/.test(name) && folder.isFolder(below + name))
}
