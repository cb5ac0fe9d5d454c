import { ByteInterner, viewOf } from './byte-interner.ts'
import { CLOCK, EVENT, RESULT } from '../line/event.ts'
import { MAX_NAMES, StraceLine } from '../line/line.ts'

/** Lines that are kept of a chunk; those behind them are scanned when they are read. */
const MAX_LINES = 32_768

/** Before the rows, in the room of one. */
const LINES = 0
const SCANNER = 1

/** Numbers of a row, which fill one line of a processor's cache; the last ones are twice as wide. */
const FROM = 0
const TO = 1
/** Event, clock and result; 0 where the line is no call. */
const KINDS = 2
const TID = 3
const NAME = 4
const NAME_FROM = 5
const ARGS_FROM = 6
const ARGS_TO = 7
/** Where an epoch begins and ends, or seconds and nanoseconds of another time. */
const TIME = 8
const TIME_END = 9
/** Where the errno stands, or what stands behind a descriptor: no result has both. */
const RESULT_FROM = 10
const RESULT_TO = 11
const VALUE = 6
const DURATION_NS = 7
const ROW = 16

const CLOCK_SHIFT = 4
const RESULT_SHIFT = 8
const KIND_BITS = 15

/**
 * What {@link StraceLine} finds in the lines of a chunk of a log, in memory that threads can share: scanning a line takes
 * nothing but its bytes, so it can be done ahead, while the calls before it are still being added up.
 *
 * The first line is left out, since it may have begun in the chunk before, and so is what follows the last line end.
 */
export class ScannedLines {
  /** Memory it takes. */
  static readonly byteLength = 4 * (MAX_LINES + 2) * ROW
  private readonly rows: Int32Array
  /** The same memory, for numbers that may be large or no integers. */
  private readonly wideRows: Float64Array

  constructor(memory: SharedArrayBuffer, offset = 0) {
    this.rows = new Int32Array(memory, offset, ScannedLines.byteLength / 4)
    this.wideRows = new Float64Array(memory, offset, ScannedLines.byteLength / 8)
  }

  get lines(): number {
    return this.rows[LINES]!
  }

  /** Which {@link LineScanner} it was, for its numbers of the names of calls. */
  get scanner(): number {
    return this.rows[SCANNER]!
  }

  /** Where a line begins; the one behind the last is where reading goes on. */
  start(index: number): number {
    return this.rows[(index + 1) * ROW + FROM]!
  }

  /** Scans the whole lines of a chunk, as many as there is room for. */
  fill(chunk: Buffer, { line, id }: LineScanner): void {
    const from = chunk.indexOf(NEWLINE) + 1
    this.rows[SCANNER] = id
    this.rows[LINES] = from === 0 ? 0 : this.scanLines(chunk, from, line)
  }

  private scanLines(chunk: Buffer, start: number, line: StraceLine): number {
    let from = start
    for (let index = 0; ; index += 1) {
      this.rows[(index + 1) * ROW + FROM] = from
      const newline = index === MAX_LINES ? -1 : chunk.indexOf(NEWLINE, from)
      if (newline === -1) return index
      line.scan(chunk, from, withoutReturn(chunk, from, newline))
      this.save(index, line)
      from = newline + 1
    }
  }

  private save(index: number, line: StraceLine): void {
    const { rows, wideRows } = this
    const { event, clock } = line
    const row = (index + 1) * ROW
    const isHalf = event === EVENT.unfinished
    if ((!isHalf && event !== EVENT.call && event !== EVENT.resumed) || !this.fits(line)) {
      rows[row + KINDS] = 0
      return
    }
    rows[row + TO] = line.to
    rows[row + KINDS] = event | (clock << CLOCK_SHIFT) | (line.result << RESULT_SHIFT)
    rows[row + TID] = line.tid
    rows[row + NAME] = line.internName()
    rows[row + NAME_FROM] = line.nameFrom
    rows[row + ARGS_FROM] = line.argsFrom
    rows[row + ARGS_TO] = line.argsTo
    rows[row + TIME] = clock === CLOCK.epoch ? line.timeFrom : line.timeS
    rows[row + TIME_END] = clock === CLOCK.epoch ? line.timeTo : line.timeNs
    if (isHalf) return
    const isError = line.result === RESULT.error || line.result === RESULT.restart
    rows[row + RESULT_FROM] = isError ? line.errnoFrom : line.descriptorFrom
    rows[row + RESULT_TO] = isError ? line.errnoTo : line.descriptorTo
    wideRows[(row >> 1) + VALUE] = line.value
    wideRows[(row >> 1) + DURATION_NS] = line.durationNs
  }

  /** Whether a row holds all a line says: it has no room for the name of a thread, nor for a time that is none. */
  private fits({ clock, commFrom, timeS, timeNs }: StraceLine): boolean {
    if (commFrom !== -1) return false
    return clock === CLOCK.epoch || clock === CLOCK.none || ((timeS | 0) === timeS && (timeNs | 0) === timeNs)
  }

  /**
   * Makes `line` what it was when it was scanned; `chunk` are the same bytes, `names` the numbers of names by those the
   * scanner gave them, to be filled. False where it has to be scanned again: it is neither a call nor half of one.
   */
  load(index: number, line: StraceLine, chunk: Buffer, names: Int32Array): boolean {
    const { rows, wideRows } = this
    const row = (index + 1) * ROW
    const kinds = rows[row + KINDS]!
    if (kinds === 0) return false
    const event = kinds & KIND_BITS
    const clock = (kinds >> CLOCK_SHIFT) & KIND_BITS
    line.use(chunk)
    line.from = rows[row + FROM]!
    line.to = rows[row + TO]!
    line.event = event
    line.tid = rows[row + TID]!
    line.commFrom = -1
    line.clock = clock
    line.nameFrom = rows[row + NAME_FROM]!
    line.argsFrom = rows[row + ARGS_FROM]!
    line.argsTo = rows[row + ARGS_TO]!
    if (clock === CLOCK.epoch) {
      line.timeFrom = rows[row + TIME]!
      line.timeTo = rows[row + TIME_END]!
    } else {
      line.timeS = rows[row + TIME]!
      line.timeNs = rows[row + TIME_END]!
    }
    if (event !== EVENT.unfinished) {
      const result = kinds >> RESULT_SHIFT
      const isError = result === RESULT.error || result === RESULT.restart
      line.result = result
      line.value = wideRows[(row >> 1) + VALUE]!
      line.durationNs = wideRows[(row >> 1) + DURATION_NS]!
      line.descriptorFrom = isError ? -1 : rows[row + RESULT_FROM]!
      line.descriptorTo = rows[row + RESULT_TO]!
      line.errnoFrom = rows[row + RESULT_FROM]!
      line.errnoTo = rows[row + RESULT_TO]!
    }
    const name = rows[row + NAME]!
    line.name = names[name]!
    if (line.name === -1) {
      line.nameTo = line.argsFrom - (event === EVENT.resumed ? RESUMED_WIDTH : 1)
      line.internName()
      // Number 0 stands for any name beyond those that have one.
      if (name !== 0) names[name] = line.name
    }
    return true
  }
}

/** Scans lines in one thread. */
export class LineScanner {
  readonly line: StraceLine
  readonly id: number

  /** `id`: 0 or 1, to tell the numbers of two of them apart. */
  constructor(id: number) {
    const names = new ByteInterner(MAX_NAMES)
    names.internAll(viewOf(Buffer.from('')))
    this.line = new StraceLine(names)
    this.id = id
  }
}

/** Where a line ends that a newline ends: before the return that a terminal or another system put there. */
export function withoutReturn(bytes: Buffer, from: number, newline: number): number {
  return newline > from && bytes[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline
}

export const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
/** Of ` resumed>`. */
const RESUMED_WIDTH = 9
