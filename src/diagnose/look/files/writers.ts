import { statSync } from 'node:fs'
import { optional } from '../../../errors.ts'
import { readLinks } from '../../../processes/socket-owners.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { GrowingFile } from '../../observed/storage.ts'
import { descriptorFacts } from '../descriptors.ts'

/** An open file of a process that writes, as it is now. */
interface WrittenFile {
  pid: number
  fd: number
  path: string
  bytes: number
  atEnd: boolean
  appendOnly: boolean
  atMs: number
}

/** Files that a process has open for writing on filesystems that answer at once. */
export function filesWritten(
  source: ProcSource,
  pids: readonly number[],
  local: ReadonlyMap<number, string>,
): WrittenFile[] {
  const files: WrittenFile[] = []
  for (const pid of pids) {
    optional(() =>
      readLinks(source, `${pid}/fd`, (fd, link) => {
        if (!link.startsWith('/') || link.startsWith('/dev/') || link.startsWith('/proc/')) return
        const facts = descriptorFacts(source, pid, Number(fd))
        if (facts === undefined || facts.flags % 4 === 0 || facts.mount === undefined || !local.has(facts.mount)) return
        const file = optional(() => statSync(`/proc/${pid}/fd/${fd}`))
        if (!file?.isFile()) return
        const appendOnly = (facts.flags & O_APPEND) !== 0
        // Written meanwhile, the file ends where the position is now.
        const isBehind = facts.position < file.size
        const later = isBehind ? descriptorFacts(source, pid, Number(fd))?.position : facts.position
        const atEnd = appendOnly || (facts.position <= file.size && file.size <= (later ?? 0))
        files.push({ pid, fd: Number(fd), path: link, bytes: file.size, atEnd, appendOnly, atMs: performance.now() })
      }),
    )
  }
  return files
}

const O_APPEND = 0o2000
const O_DSYNC = 0o10000
const MOST_FILES = 256

/** A file that a process has open so that each write waits for the disk. */
export function fileWrittenAtOnce(source: ProcSource, pid: number): string | undefined {
  for (const fd of (optional(() => source.list(`${pid}/fd`)) ?? []).slice(0, MOST_FILES)) {
    const link = optional(() => source.readLink(`${pid}/fd/${fd}`))
    if (!link?.startsWith('/') || link.startsWith('/dev/')) continue
    if (((descriptorFacts(source, pid, Number(fd))?.flags ?? 0) & O_DSYNC) !== 0) return link
  }
  return undefined
}

/** Which of these files have grown since. */
export function grownFiles(before: readonly WrittenFile[], after: readonly WrittenFile[]): GrowingFile[] {
  return after.flatMap(file => {
    const earlier = before.find(({ pid, fd, path }) => pid === file.pid && fd === file.fd && path === file.path)
    if (earlier === undefined || file.bytes <= earlier.bytes) return []
    const seconds = (file.atMs - earlier.atMs) / 1000
    return [
      {
        pid: file.pid,
        fd: file.fd,
        path: file.path,
        bytesPerSecond: (file.bytes - earlier.bytes) / seconds,
        appended: earlier.atEnd && file.atEnd,
        appendOnly: file.appendOnly,
      },
    ]
  })
}
