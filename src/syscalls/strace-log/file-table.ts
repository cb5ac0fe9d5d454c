import { KIND } from '../../kernel/syscall-kind.ts'
import type { FileStats, PeerStats } from '../profile.ts'
import { ByteInterner, copyBytes, hashBytes, viewOf } from './fast/byte-interner.ts'
import { RESULT } from './line/event.ts'
import type { StraceLine } from './line/line.ts'
import { skipDecoration, skipString } from './line/result.ts'
import { unescapeC } from './line/c-string.ts'

/** Distinct names kept; what comes after them is counted together. */
const MAX_FILES = 1 << 16
/** Files that are remembered of a process; those it opens later it is not said to open again. */
const MAX_OPENED = 4096

/** Where the arguments of a call begin, and where they end at the latest. */
export interface Arguments {
  readonly bytes: Buffer
  readonly view: DataView
  readonly argsFrom: number
  readonly to: number
}

/** A process, as far as it opens files. */
export interface Opener {
  /** Numbers of the files it has opened. */
  opened: Set<number> | undefined
}

/** Calls per file, directory or socket, by the number of its name; in one array, because there may be many. */
export class FileTable {
  private readonly names = new ByteInterner(MAX_FILES)
  private cells = new Float64Array(64 * COLUMNS)
  /** `AT_FDCWD</cwd>, "` of working directories, and the one seen last. */
  private readonly heads = new ByteInterner(1024)
  private cwd = -1
  private readonly joined = Buffer.allocUnsafeSlow(8192)
  private readonly joinedView = viewOf(this.joined)
  /** Calls on files beyond {@link MAX_FILES}. */
  overflow = 0

  /**
   * Number of the file a call works on, by its arguments; -1 where they name none. Calls on one file come in a row, so
   * `latest`, the file of the thread's call before, is tried first.
   */
  find(call: Arguments, kind: number, latest: number): number {
    const { bytes, argsFrom } = call
    if ((kind & KIND.fdFirst) !== 0) {
      let at = argsFrom
      while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1
      if (at === argsFrom || bytes[at] !== LESS) return -1
      at += 1
      if (this.isAt(latest, call, at, GREATER)) return latest
      return this.intern(call.view, at, skipDecoration(bytes, at - 1, call.to))
    }
    if ((kind & KIND.pathFirst) !== 0) return bytes[argsFrom] === QUOTE ? this.path(call, argsFrom + 1, latest) : -1
    return (kind & KIND.pathAt) !== 0 ? this.pathAt(call, latest) : -1
  }

  /** Number of the file behind the descriptor that is the result. */
  opened({ view, descriptorFrom, descriptorTo }: StraceLine): number {
    return this.intern(view, descriptorFrom, descriptorTo)
  }

  private isAt(file: number, { bytes, view }: Arguments, from: number, terminator: number): boolean {
    if (file === -1) return false
    const end = this.names.endsAt(file, view, from)
    return end !== -1 && bytes[end] === terminator
  }

  count(file: number, line: StraceLine, kind: number, process: Opener): void {
    const { cells } = this
    const row = file * COLUMNS
    cells[row + CALLS]! += 1
    if (line.durationNs >= 0) {
      cells[row + WALL]! += line.durationNs
      cells[row + TIMED]! += 1
    }
    if ((kind & KIND.stats) !== 0 && !endsInEmptyPath(line)) cells[row + STATS]! += 1
    this.noteOpen(file, line, kind, process)
    if (line.result === RESULT.error) {
      cells[row + ERRORS]! += 1
      if (isEnoent(line)) cells[row + MISSING]! += 1
    } else if (line.value > 0) {
      if ((kind & KIND.reads) !== 0) cells[row + READ]! += line.value
      else if ((kind & KIND.writes) !== 0) cells[row + WRITTEN]! += line.value
    }
  }

  /** As {@link count}, of a lookup, where nothing else is counted by file. */
  countLookup(file: number, line: StraceLine, kind: number, process: Opener): void {
    const { cells } = this
    const row = file * COLUMNS
    cells[row + CALLS]! += 1
    if (line.result === RESULT.error) cells[row + MISSING]! += isEnoent(line) ? 1 : 0
    else this.noteOpen(file, line, kind, process)
    if ((kind & KIND.stats) !== 0) cells[row + STATS]! += 1
  }

  /** Programs started one after the other open the same files, each once: only who opens one again counts. */
  private noteOpen(file: number, line: StraceLine, kind: number, process: Opener): void {
    if ((kind & KIND.opens) === 0 || line.result !== RESULT.value) return
    const opened = (process.opened ??= new Set())
    if (opened.has(file)) this.cells[file * COLUMNS + REOPENS]! += 1
    else if (opened.size < MAX_OPENED) opened.add(file)
  }

  name(file: number): string {
    return unescapeC(this.names.text(file))
  }

  /** Everything counted; names that only differ in how strace escaped them are one. */
  list(): { files: FileStats[]; peers: PeerStats[] } {
    const files = new Map<string, FileStats>()
    for (let file = 0; file < this.names.size; file += 1) {
      const cell = (column: number) => this.cells[file * COLUMNS + column]!
      if (cell(CALLS) === 0) continue
      const name = this.name(file)
      let stats = files.get(name)
      if (stats === undefined)
        files.set(
          name,
          (stats = { name, calls: 0, errors: 0, missing: 0, stats: 0, reopens: 0, readBytes: 0, writtenBytes: 0 }),
        )
      stats.calls += cell(CALLS)
      stats.errors += cell(ERRORS)
      stats.missing += cell(MISSING)
      stats.stats += cell(STATS)
      stats.reopens! += cell(REOPENS)
      stats.readBytes += cell(READ)
      stats.writtenBytes += cell(WRITTEN)
      if (cell(TIMED) > 0) stats.wallNs = (stats.wallNs ?? 0) + cell(WALL)
    }
    const all = [...files.values()]
    return {
      files: all.filter(file => !isPeerName(file.name)),
      peers: all
        .filter(file => isPeerName(file.name))
        .map(({ missing: _missing, stats: _stats, reopens: _reopens, ...peer }) => peer),
    }
  }

  /** `AT_FDCWD</cwd>, "path"` or `3</dir>, "path"`: the path, below its directory where that is shown. */
  private pathAt(call: Arguments, latest: number): number {
    const { bytes, view, argsFrom, to } = call
    // Call after call begins with the same working directory.
    let from = this.cwd === -1 ? -1 : this.heads.endsAt(this.cwd, view, argsFrom)
    let folderFrom = argsFrom + CWD_FROM
    let folderTo = from - HEAD_END
    if (from === -1) {
      let at = argsFrom
      while (at < to && bytes[at] !== LESS && bytes[at] !== COMMA) at += 1
      folderFrom = bytes[at] === LESS ? at + 1 : at
      folderTo = bytes[at] === LESS ? skipDecoration(bytes, at, to) : at
      // `</dir>(deleted), "`
      at = bytes[at] === LESS ? folderTo + 1 : at
      if (bytes[at] === OPEN) at = bytes.indexOf(COMMA, at)
      if (bytes[at] !== COMMA || bytes[at + 2] !== QUOTE) return -1
      from = at + 3
      if (folderFrom === argsFrom + CWD_FROM && folderTo === from - HEAD_END)
        this.cwd = this.heads.intern(view, argsFrom, from, hashBytes(view, argsFrom, from))
    }
    const folder = folderTo - folderFrom
    if (bytes[from] === SLASH || folder <= 0) return bytes[from] === QUOTE ? -1 : this.path(call, from, latest)
    const end = skipString(bytes, from - 1, to)
    if (end === from) return this.intern(view, folderFrom, folderTo)
    if (folder + 1 + end - from > this.joined.length) return -1
    const { joined } = this
    let length = copyBytes(bytes, folderFrom, folderTo, joined, 0)
    if (joined[length - 1] !== SLASH) joined[length++] = SLASH
    return this.intern(this.joinedView, 0, copyBytes(bytes, from, end, joined, length))
  }

  private path(call: Arguments, from: number, latest: number): number {
    if (this.isAt(latest, call, from, QUOTE)) return latest
    return this.intern(call.view, from, skipString(call.bytes, from - 1, call.to))
  }

  private intern(bytes: DataView, from: number, to: number): number {
    const file = this.names.intern(bytes, from, to, hashBytes(bytes, from, to))
    if (file < 0) this.overflow += 1
    else if (file * COLUMNS >= this.cells.length) {
      const wider = new Float64Array(this.cells.length * 2)
      wider.set(this.cells)
      this.cells = wider
    }
    return file
  }
}

/** Sockets, as `-yy` and `-y` show them. Source: strace src/util.c, print_socket_fd; src/socketutils.c. */
export function isPeerName(name: string): boolean {
  return /^(?:[A-Z][A-Z0-9_-]*(?:v6)?:\[|socket:\[)/.test(name)
}

function isEnoent({ bytes, errnoFrom, errnoTo }: StraceLine): boolean {
  // No other errno of six letters begins with ENOE.
  return (
    errnoTo - errnoFrom === 6 &&
    bytes[errnoFrom + 1] === 0x4e &&
    bytes[errnoFrom + 2] === 0x4f &&
    bytes[errnoFrom + 3] === 0x45
  )
}

/**
 * Whether a call asked for a path in a way that findings tell of: to open it, for what it is, or in vain. One whose path is empty
 * (`newfstatat(3, "", …, AT_EMPTY_PATH)`) is none.
 */
export function isLookup(line: StraceLine, kind: number): boolean {
  if ((kind & (KIND.pathFirst | KIND.pathAt)) === 0) return false
  if (line.result === RESULT.error && isEnoent(line)) return true
  if ((kind & KIND.opens) !== 0) return true
  return (kind & KIND.stats) !== 0 && !endsInEmptyPath(line)
}

function endsInEmptyPath({ bytes, argsTo }: StraceLine): boolean {
  // AT_EMPTY_PATH: of the flags, only this one ends in Y_PATH.
  return bytes[argsTo - 1] === 0x48 && bytes[argsTo - 5] === 0x5f && bytes[argsTo - 6] === 0x59
}

/** Length of `AT_FDCWD<`, and of `>, "`. */
const CWD_FROM = 9
const HEAD_END = 4

const CALLS = 0
const ERRORS = 1
const MISSING = 2
const STATS = 3
const WALL = 4
const TIMED = 5
const READ = 6
const WRITTEN = 7
const REOPENS = 8
const COLUMNS = 9

const QUOTE = 0x22
const OPEN = 0x28
const COMMA = 0x2c
const SLASH = 0x2f
const ZERO = 0x30
const NINE = 0x39
const LESS = 0x3c
const GREATER = 0x3e
