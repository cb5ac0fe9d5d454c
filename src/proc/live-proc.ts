import { closeSync, openSync, readFileSync, readSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { endianness, hostname, machine, release } from 'node:os'
import { errnoOf, isVanished, MachineError, optional, SourceReadError } from '../errors.ts'
import type { ProcSource, SourceMeta } from './proc-source.ts'

/** One read() of a seq_file returns at most a page, so a larger buffer only saves copying, not calls. */
const CHUNK_BYTES = 64 * 1024

export interface LiveProcOptions {
  root?: string
  /**
   * Read folders of descriptors from inside (process.chdir), which takes a third off the search for owners. The current
   * folder belongs to the whole process: only for a program that opens no relative path meanwhile.
   */
  enterFolders?: boolean
}

/** The /proc of this machine, read synchronously: its files are made in memory, so a read never waits for a disk. */
export function openLiveProc({ root = '/proc', enterFolders = false }: LiveProcOptions = {}): ProcSource {
  if (process.platform !== 'linux') {
    throw new MachineError('not-linux', `this machine runs ${process.platform}, which has no /proc to read`, {
      hint: 'give a recording of a Linux machine with --from PATH',
    })
  }
  requireProc(root)
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const home = enterFolders ? folderToReturnTo() : undefined
  // procfs mounted with subset=pid has no /proc/net, but /proc/self/net is there (and is the same thing).
  // Settings of interfaces are no part of /proc; a recording holds them beside its files, where no name is like theirs.
  const resolve = (path: string) => {
    if (path.startsWith('sys/class/') && root === '/proc') return `/${path}`
    return path.startsWith('net/') || path === 'net' ? `${root}/self/${path}` : `${root}/${path}`
  }

  return {
    kind: 'live',
    mayChange: true,
    isThisMachine: true,
    label: 'live',
    meta: liveMeta(root),
    readFile(path, isEnough) {
      try {
        const fd = openSync(resolve(path), 'r')
        try {
          let length = 0
          for (;;) {
            if (length === chunk.length) chunk = enlarged(chunk)
            // Never more at once: a file of /proc/sys refuses to fill a buffer of 4 MB.
            const bytes = readSync(fd, chunk, length, Math.min(CHUNK_BYTES, chunk.length - length), null)
            const fresh = chunk.subarray(length, length + bytes)
            length += bytes
            if (bytes === 0 || isEnough?.(fresh)) break
          }
          const content = chunk.subarray(0, length)
          if (chunk.length === CHUNK_BYTES) return Buffer.from(content)
          // A large one is handed out as it is: copying it would cost as much as reading it.
          chunk = Buffer.allocUnsafe(CHUNK_BYTES)
          return content
        } finally {
          closeSync(fd)
        }
      } catch (error) {
        throw new SourceReadError(errnoOf(error), path)
      }
    },
    readLink(path) {
      try {
        return readlinkSync(resolve(path), 'latin1')
      } catch (error) {
        throw new SourceReadError(errnoOf(error), path)
      }
    },
    list(path) {
      try {
        return readdirSync(resolve(path), 'latin1')
      } catch (error) {
        throw new SourceReadError(errnoOf(error), path)
      }
    },
    ...(home !== undefined && { readLinks: (folder, visit) => readLinksFrom(resolve(folder), folder, visit, home) }),
    isSameFile(link, path) {
      const there = optional(() => statSync(Buffer.from(path, 'latin1')))
      const behind = there && optional(() => statSync(resolve(link)))
      return behind !== undefined && behind.ino === there?.ino && behind.dev === there.dev
    },

    fileNumber: path => optional(() => String(statSync(resolve(path), { bigint: true }).ino)),
  }
}

/** Without /proc every table is missing, which looks like a machine where nothing runs. */
function requireProc(root: string): void {
  if (optional(() => readlinkSync(`${root}/self`)) !== undefined) return
  const isOfOthers = optional(() => readdirSync(root).some(name => /^\d+$/.test(name)))
  throw new MachineError(
    'no-proc',
    isOfOthers
      ? '/proc is that of another pid namespace, which does not show this process'
      : '/proc is not mounted here, so nothing can be read of this machine',
    { hint: 'mount it: mount -t proc proc /proc; or give a recording with --from PATH' },
  )
}

/** Four times as much room: memory that is not written to costs nothing. */
function enlarged(chunk: Buffer) {
  const larger = Buffer.allocUnsafe(chunk.length * 4)
  chunk.copy(larger)
  return larger
}

/** The current folder, unless it cannot be left and entered again. */
function folderToReturnTo(): string | undefined {
  return optional(() => {
    const folder = process.cwd()
    process.chdir(folder)
    return folder
  })
}

const ASCII = /^[\x00-\x7f]*$/

/** Descriptors from which on it pays to ask first how many there are. */
const MANY_DESCRIPTORS = 32

/**
 * Reads the links of a folder from inside it, where the kernel has no path to walk. Most tables of descriptors have no gaps: as many as the kernel
 * counts (its size, since Linux 6.2) are read without a list of them, and listed from the first gap on.
 */
function readLinksFrom(at: string, folder: string, visit: (name: string, target: string) => void, home: string): void {
  let reading = folder
  try {
    process.chdir(at)
    const { size } = statSync('.')
    const count = size < MANY_DESCRIPTORS ? 0 : size
    let next = 0
    for (; next < count; next += 1) {
      const name = String(next)
      const target = optional(() => readLinkHere(name))
      if (target === undefined) break
      visit(name, target)
    }
    if (count > 0 && next === count) return
    for (const name of readdirSync('.', 'latin1')) {
      if (Number(name) < next) continue
      let target: string
      try {
        target = readLinkHere(name)
      } catch (error) {
        if (isVanished(error)) continue
        reading = `${folder}/${name}`
        throw error
      }
      visit(name, target)
    }
  } catch (error) {
    throw new SourceReadError(errnoOf(error), reading)
  } finally {
    process.chdir(home)
  }
}

/** Node decodes UTF-8 faster than latin1, and what is ASCII reads the same in both. */
function readLinkHere(name: string): string {
  const target = readlinkSync(name)
  return ASCII.test(target) ? target : readlinkSync(name, 'latin1')
}

function liveMeta(root: string): SourceMeta {
  return {
    host: hostname(),
    kernel: release(),
    arch: machine(),
    endian: endianness() === 'LE' ? 'little' : 'big',
    userHz: clockTicks(root),
    takenAt: new Date().toISOString(),
    uid: process.geteuid?.(),
    netns: optional(() => readlinkSync(`${root}/self/ns/net`, 'latin1')),
  }
}

/** AT_CLKTCK of the auxiliary vector; 100 on every architecture but alpha and ia64. Source: getauxval(3). */
function clockTicks(root: string): number {
  const AT_CLKTCK = 17n
  const vector = optional(() => readFileSync(`${root}/self/auxv`))
  if (vector !== undefined && process.arch.endsWith('64')) {
    const word =
      endianness() === 'LE' ? (at: number) => vector.readBigUInt64LE(at) : (at: number) => vector.readBigUInt64BE(at)
    for (let at = 0; at + 16 <= vector.length; at += 16) if (word(at) === AT_CLKTCK) return Number(word(at + 8))
  }
  return 100
}
