import { closeSync, constants, fstatSync, lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { errnoOf, optional } from '../errors.ts'
import { checkCallerMay, listForCaller, openForCaller } from './caller-rights.ts'

/**
 * A folder that somebody else may have filled: what is read of it lies in it. Links are followed as if the folder were
 * the root of the file system (chroot(2)), so none leads out of it. Paths and links are byte strings.
 */
export interface WithinFolder {
  readFile: (path: string) => Buffer
  /** The text of a link; of a file that stands for a link its content. */
  readLink: (path: string) => string
  list: (path: string) => string[]
  /** Throws where nothing is. */
  checkThere: (path: string) => void
  isFolder: (path: string) => boolean
}

/** As many as the kernel follows. */
const MOST_LINKS = 40

/** @param root as the user named it: links in it are the user's own */
export function withinFolder(root: string): WithinFolder {
  const base = Buffer.from(root, 'utf8').toString('latin1').replace(/\/*$/, '/')
  const placeOf = (path: string) => Buffer.from(base + path, 'latin1')
  /** Folder → what it is a link to; most paths share their folders. */
  const folders = new Map<string, string | undefined>()
  const linkOf = (path: string, isLast: boolean) => {
    if (folders.has(path)) return folders.get(path)
    const target = optional(() => readlinkSync(placeOf(path), 'latin1'))
    if (!isLast) folders.set(path, target)
    return target
  }

  /** The path without links in it; `lastLink` is left as it is. */
  function resolved(path: string, lastLink: 'follow' | 'keep'): Buffer {
    const ahead = path.split('/').toReversed()
    let done = ''
    let links = 0
    while (ahead.length > 0) {
      const part = ahead.pop()!
      if (part === '' || part === '.') continue
      if (part === '..') {
        done = done.slice(0, Math.max(0, done.lastIndexOf('/')))
        continue
      }
      const next = done === '' ? part : `${done}/${part}`
      const isLast = ahead.length === 0
      const target = isLast && lastLink === 'keep' ? undefined : linkOf(next, isLast)
      if (target === undefined) {
        done = next
        continue
      }
      links += 1
      if (links > MOST_LINKS) throw Object.assign(new Error('ELOOP: too many links'), { code: 'ELOOP' })
      if (target.startsWith('/')) done = ''
      ahead.push(...target.split('/').toReversed())
    }
    const place = placeOf(done)
    checkCallerMay(place, 'read')
    return place
  }

  return {
    readFile: path => readPlain(resolved(path, 'follow')),
    readLink(path) {
      const place = resolved(path, 'keep')
      try {
        return readlinkSync(place, 'latin1')
      } catch (error) {
        // A link that version control checked out as a plain file counts as the link.
        if (errnoOf(error) !== 'EINVAL' || !lstatSync(place).isFile()) throw error
        return readPlain(place).toString('latin1')
      }
    },
    checkThere: path => void lstatSync(resolved(path, 'follow')),
    list: path => listForCaller(resolved(path, 'follow')),
    isFolder: path => optional(() => listForCaller(resolved(path, 'follow'))) !== undefined,
  }
}

/** The content of a regular file; a pipe or device would be waited for without end. */
function readPlain(place: Buffer): Buffer {
  const fd = openForCaller(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (fstatSync(fd).isFile()) return readFileSync(fd)
    const code = fstatSync(fd).isDirectory() ? 'EISDIR' : 'EINVAL'
    throw Object.assign(new Error(`${code}: no regular file`), { code })
  } finally {
    closeSync(fd)
  }
}
