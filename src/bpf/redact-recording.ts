import { redactAddress } from '../redact/address.ts'
import { NAME } from '../redact/pseudonyms.ts'
import { address, UNKNOWN_FORM, type TextRule } from '../redact/texts.ts'
import {
  redactArgument,
  redactLink,
  redactPath,
  redactText,
  redactWords,
  wholeAddress,
  type Redaction,
} from '../redact/words.ts'
import { NAMES_MAP } from './jobs/build.ts'
import type { Job, RecordLayouts } from './jobs/job.ts'
import type { BpfNote, BpfRunHeader } from './model.ts'
import { parseBpftraceLine } from './run/output/bpftrace-json.ts'
import { parseBpftraceStderr } from './run/output/bpftrace-stderr.ts'
import type { BpfMessage, MapEntry } from './run/output/message.ts'
import type { BpfValue } from './run/output/row.ts'
import { writeBpftraceLine } from './run/output/write-bpftrace-json.ts'
import { isNote, jobOf, parseHeader, parseNote } from './run/replay-recording.ts'

/**
 * A recorded run without what would name a site; it replays as before. Names of programs, and of the functions in stacks,
 * stay. Of a user's own script stays what stands in the script; all other words that it printed become pseudonyms.
 *
 * @param path names the recording in messages
 * @throws InputError where it is no recording
 */
export function redactRecording(bytes: Buffer, path: string, redaction: Redaction): Buffer {
  const [first = '', ...lines] = bytes.toString('latin1').split('\n')
  const header = parseHeader(first, path)
  const { dialect } = header
  const messages = messageRedactor(header, jobOf(header, path), redaction)
  const redactLine = (line: string): string => {
    if (line.trim() === '') return line
    if (isNote(line)) {
      const note = parseNote(line)
      return note === undefined ? UNKNOWN_FORM : utf8(JSON.stringify(redactNote(note, redaction)))
    }
    const message = parseBpftraceLine(line, dialect)
    if (message === undefined) return line
    if (message.type === 'unreadable')
      return parseBpftraceStderr(line) === undefined ? UNKNOWN_FORM : redactText(line, redaction)
    return writeBpftraceLine(messages(message), dialect)
  }
  const redacted = [utf8(JSON.stringify(redactHeader(header, redaction))), ...lines.map(redactLine)]
  return Buffer.from(redacted.join('\n'), 'latin1')
}

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

function redactHeader(header: BpfRunHeader, redaction: Redaction): BpfRunHeader {
  const { host, kernel, script, program } = header
  return {
    ...header,
    host: host && redactWords(host, redaction),
    kernel: kernel && redactWords(kernel, redaction),
    script: script && redactPath(script, redaction),
    program: redactWords(program, redaction).replace(
      /(\bu(?:ret)?probe:)(\/[^:\s]+)/g,
      (_, probe: string, object: string) => probe + redactLink(object, redaction, true),
    ),
  }
}

function redactNote(note: BpfNote, redaction: Redaction): BpfNote {
  switch (note.linsight) {
    case 'stderr':
      return { ...note, line: redactText(note.line, redaction) }
    case 'file':
      return { ...note, path: redactLink(note.path, redaction) }
    case 'children-left':
      return {
        ...note,
        processes: note.processes.map(({ pid, comm }) => ({ pid, comm: redactWords(comm, redaction) })),
      }
    default:
      return note
  }
}

/** What becomes of one message of the tracer. */
function messageRedactor(header: BpfRunHeader, job: Job | undefined, redaction: Redaction) {
  const script = job === undefined ? scriptTexts(header.program, redaction) : undefined
  const record = job === undefined ? undefined : recordRedactor(job, header.stringBytes, redaction)
  return (message: BpfMessage): BpfMessage => {
    switch (message.type) {
      case 'value':
        return { ...message, value: script?.value(message.value) ?? record!(message.value) }
      case 'text':
        return { ...message, text: script?.text(message.text) ?? UNKNOWN_FORM }
      case 'fault':
        return { ...message, message: script?.text(message.message) ?? redactText(message.message, redaction) }
      case 'map':
      case 'histogram':
      case 'stats':
      case 'series':
        return withEntries(message, ({ key, value }) => ({
          ...(key !== undefined && { key: script?.value(key) ?? mapKey(key, redaction) }),
          value: mapValue(value, text => script?.value(text) ?? jobText(message.name, text, redaction)),
        }))
      default:
        return message
    }
  }
}

type MapMessage = Extract<BpfMessage, { entries: unknown }>

function withEntries(message: MapMessage, change: (entry: MapEntry<unknown>) => MapEntry<unknown>): BpfMessage {
  return { ...message, entries: message.entries.map(change) } as BpfMessage
}

/** Texts anywhere in the value of a map; numbers stay. */
function mapValue(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map(part => mapValue(part, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    // When an interval began: a number or a time of day.
    Object.entries(value).map(([name, part]) => [name, name === 'start' ? part : mapValue(part, change)]),
  )
}

/** Keys of our own programs are numbers, with stacks before them. */
const mapKey = (key: string, redaction: Redaction) =>
  key.includes('\n') ? frames(key, redaction) : /^[-\d,]*$/.test(key) ? key : UNKNOWN_FORM

const jobText = (map: string, text: string, redaction: Redaction) =>
  map === NAMES_MAP ? redactWords(text, redaction) : UNKNOWN_FORM

/** Lines of stacks: functions keep their names, files do not. */
const frames = (text: string, redaction: Redaction) =>
  text
    .split('\n')
    .map(line => redactText(line, redaction))
    .join('\n')

/** `vfs_read+187`, `ffffffff8123 vfs_read+0xbb ([kernel])`, `0x7f2a`. */
const FRAME = /^\s*(?:(?:[0-9a-f]{6,16} )?[^\n]+\+(?:0x[0-9a-f]+|\d+)(?: \([^\n]*\))?|(?:0x)?[0-9a-f]+(?: \(.*\))?)$/

/** Texts that a program of our own prints, by the name of what they are in its records. */
const RECORD_RULES: Readonly<Record<string, TextRule>> = {
  comm: redactWords,
  targetComm: redactWords,
  triggerComm: redactWords,
  path: redactPath,
  host: (text, redaction) => wholeAddress(text, redaction.pseudonyms) ?? redactArgument(text, redaction),
  line: redactArgument,
  argument: redactArgument,
  laddr: address,
  raddr: address,
  // Letters for reading, writing, syncing.
  operation: text => (/^[A-Z]{0,8}$/.test(text) ? text : UNKNOWN_FORM),
}

/** Samples of stacks: `("stack", pid, comm, user, kernel)`. */
const STACKS: RecordLayouts = { stack: ['pid', 'comm', 'frames', 'frames'] }

function recordRedactor(job: Job, stringBytes: number, redaction: Redaction): (value: BpfValue) => BpfValue {
  const layouts = job.shape === 'events' ? job.layouts : STACKS
  /** Processes whose next argument is the program itself. */
  const starting = new Set<string>()
  return value => {
    if (!Array.isArray(value)) return typeof value === 'string' ? UNKNOWN_FORM : value
    const [tag, ...parts] = value
    const layout = Object.hasOwn(layouts, String(tag)) ? layouts[String(tag)]! : []
    const pid = String(parts[layout.indexOf('pid')])
    if (tag === 'exec' || tag === 'new') starting.add(pid)
    return [tag!, ...parts.map((part, i) => partOf(part, layout[i] ?? '', pid))]
  }

  function partOf(part: BpfValue, name: string, pid: string): BpfValue {
    if (Array.isArray(part)) return name === 'laddr' || name === 'raddr' ? redactSockaddr(part, redaction) : part
    if (typeof part !== 'string') return part
    if (name === 'frames') return frames(part, redaction)
    if (name === 'argument' && starting.delete(pid)) return redactLink(part, redaction, true)
    const rule = Object.hasOwn(RECORD_RULES, name) ? RECORD_RULES[name] : undefined
    const text = rule?.(part, redaction, 0) ?? (part === '' ? '' : UNKNOWN_FORM)
    // That a string was cut is known by its length.
    return part.length >= stringBytes - 1 ? text.padEnd(part.length, 'x') : text
  }
}

/** Bytes of a sockaddr_in or sockaddr_in6; of another family nothing stays. Source: sockaddr.ts of the kernel part. */
function redactSockaddr(bytes: readonly BpfValue[], { pseudonyms }: Redaction): BpfValue[] {
  const family = Number(bytes[0]) || Number(bytes[1])
  const [from, to] = family === 2 ? [4, 8] : family === 10 ? [8, 24] : [2, 2]
  if (from === to) return bytes.map((byte, i) => (i < 2 ? byte : 0))
  const shown = redactAddress(Uint8Array.from(bytes.slice(from, to), Number), pseudonyms)
  return [...bytes.slice(0, from), ...shown, ...bytes.slice(to)]
}

/** Texts of a user's own script, of which only the script itself tells what they are. */
function scriptTexts(program: string, redaction: Redaction) {
  const own = new Set(program.replace(/\\./g, ' ').match(/[^\s,;=()[\]{}"'|<>:@]+/g))
  const word = (part: string): string => {
    if (/^[-+]?(?:0x[0-9a-f]+|[\d.]+)[a-zA-Z%]{0,2}$/.test(part) || own.has(part)) return part
    if (part.includes('/')) return redactPath(part, redaction)
    return redaction.pseudonyms.of(NAME, part)
  }
  const text = (printed: string): string =>
    printed.replace(/[^\s,;=()[\]{}"'|<>]+/g, token => {
      const whole = wholeAddress(token, redaction.pseudonyms)
      return whole ?? token.replace(/[^:@]+/g, part => wholeAddress(part, redaction.pseudonyms) ?? word(part))
    })
  /** Stacks are told from other texts by their lines. */
  const line = (printed: string) => (FRAME.test(printed) ? redactText(printed, redaction) : text(printed))
  const value = <Value extends BpfValue>(printed: Value): Value => {
    if (Array.isArray(printed)) return printed.map(value) as unknown as Value
    if (typeof printed !== 'string') return printed
    return (printed.includes('\n') ? printed.split('\n').map(line).join('\n') : text(printed)) as Value
  }
  return { text, value }
}
