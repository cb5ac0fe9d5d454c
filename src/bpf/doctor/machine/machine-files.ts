import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { errnoOf, InputError, MachineError, SourceReadError, systemReason } from '../../../errors.ts'
import { listForCaller, readForCaller } from '../../../files/caller-rights.ts'
import { withinFolder } from '../../../files/within-folder.ts'
import { readAtMost, unpack } from '../../../proc/open-bytes.ts'
import type { SourceMeta } from '../../../proc/proc-source.ts'
import { emptyEntries, recordedProc, type RecordedEntries } from '../../../proc/recorded-proc.ts'
import { parseSnapshotEntries, refuseOtherThanSnapshot, snapshotText } from '../../../proc/snapshot-format.ts'

/**
 * The files of a whole machine, live or recorded: /proc, /sys, /etc, /boot and the folders with programs.
 *
 * Paths are relative to the root (`proc/self/status`, `usr/bin/bpftrace`). Every method throws a SourceReadError with
 * the errno name (`ENOENT`, `EACCES`, …) where the real call would fail.
 */
export interface MachineFiles {
  readonly kind: 'live' | 'tree' | 'snapshot'
  /** For messages and the JSON envelope: `live`, or the path of the recording. */
  readonly label: string
  readonly meta: SourceMeta
  /** Folders programs are looked for in, in order, relative to the root. */
  readonly programFolders: readonly string[]
  readFile(path: string): Buffer
  readLink(path: string): string
  /** The wanted names in a folder, which is all a recording keeps of it. */
  list(path: string, wanted: (name: string) => boolean): string[]
  /** Opens a file and reads a byte: some files of tracefs can be opened and not read. */
  probe(path: string): void
  /** Where this user may start a program of that name, as an absolute path of the machine. */
  findProgram(name: string): string | undefined
}

/** Searched in any case: tracing tools live in sbin, which the PATH of a plain user often lacks. */
const USUAL_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** This machine, or the recording at `from`: a folder shaped like `/`, or a snapshot whose paths start at the root. */
export function openMachine(from: string | undefined): MachineFiles {
  if (from !== undefined && from !== '') return openRecordedMachine(from)
  if (process.platform !== 'linux') {
    throw new MachineError('not-linux', `this machine runs ${process.platform}, which has no BPF to look for`, {
      hint: 'give a recording of a Linux machine with --from PATH',
    })
  }
  const meta = { host: hostname(), takenAt: new Date().toISOString() }
  return liveMachine(meta, (process.env['PATH'] ?? '').split(':'))
}

/** A recorded machine has about a megabyte. */
const MOST_BYTES = 64 * 1024 * 1024

function openRecordedMachine(path: string): MachineFiles {
  let bytes: Buffer
  try {
    if (statSync(path).isDirectory()) {
      if (statSync(join(path, 'proc'), { throwIfNoEntry: false })?.isDirectory() !== true) throw notAMachine(path)
      return treeMachine(path)
    }
    bytes = unpack(readAtMost(path, MOST_BYTES), MOST_BYTES)
  } catch (error) {
    if (error instanceof InputError) throw error
    if (errnoOf(error) === 'ENOENT') throw new InputError('input-missing', `there is no recording at ${path}`)
    throw new InputError('input-unreadable', `the recording ${path} could not be read: ${systemReason(error)}`)
  }
  refuseOtherThanSnapshot(bytes.subarray(0, 512), path)
  const { meta, entries } = parseSnapshotEntries(bytes.toString('utf8'), path)
  if (![...entries.files.keys()].some(name => name.startsWith('proc/'))) throw notAMachine(path)
  return recordedMachine(path, meta, entries)
}

function notAMachine(path: string): InputError {
  return new InputError('input-format', `${path} does not record a whole machine: it holds no proc/ at its root`, {
    hint: 'make one with: linsight bpf doctor --record FILE',
  })
}

/** A recording in memory; what it does not hold is absent. */
export function recordedMachine(label: string, meta: SourceMeta, entries: RecordedEntries): MachineFiles {
  const recorded = recordedProc('snapshot', label, meta, entries)
  const mayExecute = (path: string) => void recorded.readFile(path)
  return withPrograms([], mayExecute, {
    kind: 'snapshot',
    label,
    meta,
    readFile: path => recorded.readFile(path),
    readLink: path => recorded.readLink(path),
    list: (path, wanted) => recorded.list(path).filter(wanted),
    probe: path => void recorded.readFile(path),
  })
}

/** A folder shaped like `/`; no link in it leads out of it. */
function treeMachine(path: string): MachineFiles {
  const folder = withinFolder(path)
  const reading = <T>(name: string, read: (name: string) => T): T => {
    try {
      return read(name)
    } catch (error) {
      throw new SourceReadError(errnoOf(error), name)
    }
  }
  // A copied tree has seldom kept the mode bits.
  const checkThere = (name: string) => reading(name, at => folder.checkThere(at))
  return withPrograms([], checkThere, {
    kind: 'tree',
    label: path,
    meta: {},
    readFile: name => reading(name, at => folder.readFile(at)),
    readLink: name => reading(name, at => folder.readLink(at)),
    list: (name, wanted) => reading(name, at => folder.list(at)).filter(wanted),
    probe: checkThere,
  })
}

function liveMachine(meta: SourceMeta, searchPath: readonly string[]): MachineFiles {
  const reading = <T>(path: string, read: (at: string) => T): T => {
    try {
      return read(join('/', path))
    } catch (error) {
      throw new SourceReadError(errnoOf(error), path)
    }
  }
  /** As `reading` of what is mostly absent: an error of node:fs costs a hundred times this look. */
  const readingIfThere = <T>(path: string, read: (at: string) => T): T =>
    reading(path, at => {
      if (statSync(at, { throwIfNoEntry: false }) === undefined) throw new SourceReadError('ENOENT', path)
      return read(at)
    })
  const mayExecute = (path: string) => readingIfThere(path, at => accessSync(at, constants.X_OK))
  // The folders of PATH are the caller's choice, and so is what their links lead to.
  const chosen = searchPath.filter(folder => folder !== '').map(folder => join(folder, '/'))
  const isChosen = (at: string) => chosen.some(folder => join(at, '/').startsWith(folder))
  return withPrograms(searchPath, mayExecute, {
    kind: 'live',
    label: 'live',
    meta,
    readFile: path => reading(path, at => (isChosen(at) ? readForCaller(at) : readFileSync(at))),
    readLink: path => reading(path, at => readlinkSync(at, 'latin1')),
    list: (path, wanted) =>
      readingIfThere(path, at => (isChosen(at) ? listForCaller(at) : readdirSync(at, 'latin1'))).filter(wanted),
    probe: path => readingIfThere(path, readOneByte),
  })
}

function withPrograms(
  searchPath: readonly string[],
  mayExecute: (path: string) => void,
  files: Omit<MachineFiles, 'programFolders' | 'findProgram'>,
): MachineFiles {
  // A relative folder in PATH would start whatever lies in the current directory.
  const folders = [...new Set([...searchPath.filter(folder => folder.startsWith('/')), ...USUAL_FOLDERS])]
  return {
    ...files,
    programFolders: folders.map(folder => folder.slice(1)),
    findProgram(name) {
      return folders
        .map(folder => join(folder, name))
        .find(path => {
          try {
            mayExecute(path.slice(1))
            return true
          } catch {
            return false
          }
        })
    },
  }
}

function readOneByte(path: string): void {
  const fd = openSync(path, 'r')
  try {
    readSync(fd, Buffer.alloc(1), 0, 1, null)
  } finally {
    closeSync(fd)
  }
}

/** `files`, and with it the text of a snapshot of everything that has been read through it so far. */
export function recording(files: MachineFiles): { files: MachineFiles; text(): Iterable<string> } {
  const entries = emptyEntries()
  const noting = <T>(path: string, read: () => T, note: (result: T) => void): T => {
    try {
      const result = read()
      note(result)
      return result
    } catch (error) {
      // What is absent needs no entry, and what is no link (EINVAL) is no error of the file.
      if (!['ENOENT', 'EINVAL'].includes(errnoOf(error))) entries.errors.set(path, errnoOf(error))
      throw error
    }
  }
  const present = (path: string) => entries.files.has(path) || entries.files.set(path, Buffer.alloc(0))
  return {
    files: {
      ...files,
      readFile: path =>
        noting(
          path,
          () => files.readFile(path),
          bytes => entries.files.set(path, bytes),
        ),
      readLink: path =>
        noting(
          path,
          () => files.readLink(path),
          target => entries.links.set(path, target),
        ),
      list: (path, wanted) =>
        noting(
          path,
          () => files.list(path, wanted),
          names => names.forEach(name => present(join(path, name))),
        ),
      probe: path =>
        noting(
          path,
          () => files.probe(path),
          () => present(path),
        ),
      findProgram(name) {
        const path = files.findProgram(name)
        if (path !== undefined) present(path.slice(1))
        return path
      },
    },
    text: () => snapshotText(files.meta, entries),
  }
}
