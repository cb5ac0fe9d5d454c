import type { SyscallProfile } from '../profile.ts'
import { LogState } from './log-state.ts'
import { logProfile } from './log-profile.ts'
import { createRejections, type Rejections } from './rejections.ts'
import { NEWLINE, withoutReturn, type ScannedLines } from './fast/scanned-lines.ts'
import { EVENT } from './line/event.ts'
import { MAX_NAMES } from './line/line.ts'
import { isStraceMessage } from './line/message.ts'
import { joinSummary, summaryProfile } from '../formats/strace-summary-profile.ts'
import { createSummaryReader, headerColumns } from '../formats/strace-summary.ts'
import type { TracedThread } from './threads/traced-thread.ts'

export interface StraceLogOptions {
  /** Tell all calls apart by file and peer; without it only lookups by path, which takes half the time. */
  files?: boolean | undefined
  /** Tell all calls apart by thread, and threads by process; without it memory does not depend on their number. */
  threads?: boolean | undefined
  /** Weigh program;syscall;file, for flame graphs. */
  stacks?: boolean | undefined
}

/** One file of a log, or all of its standard input. */
export interface LogInput {
  label?: string | undefined
  /** The thread all lines are of, for the files of `-ff`. */
  tid?: number | undefined
}

/** A line longer than this is no line of strace's. */
const MAX_LINE_BYTES = 32 * 1024 * 1024

/**
 * Reads logs of strace in chunks of any size and adds them up to one profile; its memory does not grow with the length
 * of the log. Source: see {@link StraceLine}.
 *
 * Calls split in two are joined per thread, also where strace's messages on stderr broke a line; tables of `strace -C`
 * behind a log are read too. What is not understood is counted and quoted, never fatal.
 */
export class StraceLogReader {
  private readonly state: LogState
  private input: InputState
  /** The beginning of a line whose end has not come yet. */
  private rest: Buffer[] = []
  /** Bytes of it that came, of which too many are not kept. */
  private restBytes = 0
  /** Lines that may be parts of one call, which a line end within it broke. */
  private broken: BrokenLine[] = []
  /** The thread in the call whose first half was the line read last. */
  private cut: TracedThread | undefined
  private inTable = false
  /** For each of those that scan ahead: our numbers of the names of calls, by its own. */
  private readonly scannerNames: Int32Array[] = []

  constructor(options: StraceLogOptions = {}) {
    const stacks = options.stacks === true
    this.state = new LogState({ files: stacks || options.files === true, threads: options.threads === true, stacks })
    this.input = openInput({})
  }

  /** What follows comes from another file; the time and the threads go on. */
  beginInput(input: LogInput): void {
    this.endInput()
    this.input = openInput(input)
    this.state.beginInput(input.tid)
  }

  /** `scanned`: what was found in the chunk ahead, so that it need not be scanned. */
  push(chunk: Buffer, scanned?: ScannedLines): void {
    let from = 0
    if (this.restBytes > 0) {
      const newline = chunk.indexOf(NEWLINE)
      this.keepRest(newline === -1 ? chunk : chunk.subarray(0, newline))
      if (newline === -1) return
      this.readRest()
      from = newline + 1
    }
    if (scanned !== undefined && scanned.lines > 0) from = this.readScanned(chunk, from, scanned)
    from = this.readLines(chunk, from)
    this.state.endChunk()
    if (from < chunk.length) this.keepRest(chunk.subarray(from))
  }

  private keepRest(part: Buffer): void {
    this.restBytes += part.length
    // Of a line that is none of strace's, the beginning is enough to quote it.
    if (this.restBytes > MAX_LINE_BYTES) this.rest = [Buffer.concat(this.rest).subarray(0, 256)]
    else this.rest.push(Buffer.from(part))
  }

  private readRest(): void {
    const line = this.rest.length === 1 ? this.rest[0]! : Buffer.concat(this.rest)
    this.rest = []
    this.restBytes = 0
    this.readLine(line, 0, line.length)
  }

  /** Bytes of the line whose end has not come yet. */
  get unreadBytes(): number {
    return this.restBytes
  }

  /** Reads the whole lines; apart from {@link push} because V8 optimises it while it runs. */
  private readLines(chunk: Buffer, start: number): number {
    let from = start
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, from)
      if (newline === -1) return from
      this.readLine(chunk, from, newline)
      from = newline + 1
    }
  }

  /** As {@link readLines}, of lines that were scanned ahead. */
  private readScanned(chunk: Buffer, start: number, scanned: ScannedLines): number {
    const { line } = this.state
    const names = (this.scannerNames[scanned.scanner] ??= new Int32Array(MAX_NAMES).fill(-1))
    let from = scanned.start(0)
    if (start < from) this.readLine(chunk, start, from - 1)
    for (let index = 0; index < scanned.lines; index += 1) {
      const next = scanned.start(index + 1)
      if (!this.inTable && scanned.load(index, line, chunk, names)) {
        this.input.number += 1
        this.readEvent()
      } else this.readLine(chunk, from, next - 1)
      from = next
    }
    return from
  }

  /** Lines understood so far; none after many lines means that this input is no output of strace. */
  get understood(): number {
    return this.state.events + this.state.tableLines
  }

  /** Lines of this input so far. */
  get lines(): number {
    return this.input.number
  }

  /** The profile so far; reading may go on. `isWallTime`: the tables of -c hold wall time (-w), which they do not say. */
  profile(isWallTime = false): SyscallProfile {
    const { state } = this
    if (state.events === 0) return summaryProfile(state.tables, [...state.rejected], isWallTime)
    return joinSummary(logProfile(state), state.tables, isWallTime)
  }

  end(isWallTime = false): SyscallProfile {
    this.endInput()
    return this.profile(isWallTime)
  }

  /** The end of an input: what follows begins a new line. */
  endInput(): void {
    if (this.restBytes > 0) this.readRest()
    this.rejectBroken()
    this.state.endChunk()
    const { tables, rejected } = this.input.summary.end()
    this.state.tables.push(...tables)
    this.state.rejected.push(...this.input.rejections.list(), ...rejected)
    this.input = openInput({})
    this.inTable = false
  }

  private readLine(bytes: Buffer, from: number, end: number): void {
    const { input } = this
    const { line } = this.state
    const to = withoutReturn(bytes, from, end)
    input.number += 1
    if (to === from) return
    if (this.inTable) return this.readUnusual(bytes.toString('latin1', from, to))
    line.scan(bytes, from, to)
    if (!this.readEvent()) this.readUnusual(bytes.toString('latin1', from, to))
  }

  /** False where the line is none of a log. */
  private readEvent(): boolean {
    const { state } = this
    const { event } = state.line
    if (event === EVENT.none || event === EVENT.broken) return false
    if (this.broken.length > 0) this.rejectBroken()
    this.cut = state.add()
    return true
  }

  private readText(text: string): boolean {
    this.scanText(text)
    return this.readEvent()
  }

  private scanText(text: string): void {
    const bytes = Buffer.from(text, 'latin1')
    this.state.line.scan(bytes, 0, bytes.length)
  }

  /** Everything that is not one whole line of a log: messages, tables, halves of a line that a message broke. */
  private readUnusual(text: string): void {
    const { input } = this
    if (this.inTable) return this.readTableLine(text)
    if (text.includes(ESCAPE) && this.readText(text.replace(COLOR, ''))) return
    const callLike = this.state.line.event === EVENT.broken
    if (this.broken.length > 0 && this.readJoined(text)) return
    const message = BREAKING_MESSAGE.exec(text.slice(-MAX_MESSAGE_LENGTH))
    const before = message === null ? 0 : Math.max(0, text.length - MAX_MESSAGE_LENGTH) + message.index
    if (message !== null && (before === 0 || callLike)) {
      // The call is of a thread there was before the one that is just attached.
      if (before > 0) this.readText(`${text.slice(0, before)} <unfinished ...>`)
      this.readMessage(message[0])
    } else if (isStraceMessage(text)) this.readMessage(text)
    else if (headerColumns(text) !== undefined || SECOND_TABLE.test(text)) this.readTableLine(text)
    else if (!this.readSecondHalf(text)) {
      const line = { text, number: input.number, reason: callLike ? 'a call without a result' : 'not a line of strace' }
      if (callLike) this.rejectBroken()
      this.broken.push(line)
      if (!this.broken[0]!.reason.startsWith('a call') || this.broken.length === MAX_BROKEN_LINES) this.rejectBroken()
    }
  }

  /**
   * A name with a line end in it, which strace 4.8 prints as it is, or what the traced program wrote to the same
   * terminal, breaks a call into several lines: with the last of them it can be read.
   */
  private readJoined(text: string): boolean {
    const { broken } = this
    this.broken = []
    if (this.readText([...broken.map(line => line.text), text].join('\n'))) return true
    this.broken = broken
    // The text was scanned over: what follows asks what it is.
    this.scanText(text)
    return false
  }

  /** What was not the beginning of anything is not understood. */
  private rejectBroken(): void {
    for (const { reason, text, number } of this.broken) this.input.rejections.add(reason, text, number)
    this.broken = []
  }

  /** The rest of the call that the last line began, as strace writes it where a message of its own broke the line. */
  private readSecondHalf(text: string): boolean {
    const { cut } = this
    if (cut === undefined || cut.pending === -1) return false
    if (/^ <(?:unfinished|detached) \.\.\.>$/.test(text)) return true
    const pid = cut.tid === -1 ? '' : `[pid ${cut.tid}] `
    return this.readText(`${pid}<... ${this.state.syscalls[cut.pending]!.name} resumed>${text}`)
  }

  private readTableLine(text: string): void {
    const { summary } = this.input
    summary.line(text, this.input.number)
    this.state.tableLines += 1
    this.inTable = summary.inTable
  }

  private readMessage(text: string): void {
    const attached = /Process (\d+) attached$/.exec(text)
    if (attached !== null) this.state.roster.attach(Number(attached[1]))
    const mode = /Process PID=(\d+) runs in (.*) mode\./.exec(text)
    if (mode !== null) this.state.setAbi(Number(mode[1]), mode[2]!)
  }
}

/** A line that was not understood by itself. */
interface BrokenLine {
  text: string
  number: number
  reason: string
}

/** More lines are no longer taken for parts of one call. */
const MAX_BROKEN_LINES = 8

interface InputState {
  /** Of the line read last. */
  number: number
  rejections: Rejections
  summary: ReturnType<typeof createSummaryReader>
}

function openInput({ label }: LogInput): InputState {
  return {
    number: 0,
    rejections: createRejections(label),
    summary: createSummaryReader(label),
  }
}

/** What strace says on stderr in the middle of a line of its own. */
const BREAKING_MESSAGE =
  /(?:(?:[\w./-]*strace[\w.-]*: )?(?:Process \d+ (?:attached|detached)|\[ Process PID=\d+ runs in .* mode\. \])(?: \(.*\))?)$/

/** Its path included. Looking for it takes time in proportion to the square of this. */
const MAX_MESSAGE_LENGTH = 4096

const SECOND_TABLE = /^System call usage summary for /
const ESCAPE = '\x1b'
const COLOR = /\x1b\[[\d;]*m/g
