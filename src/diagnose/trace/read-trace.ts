import { errnoName } from '../../kernel/errno.ts'
import { formatIp } from '../../kernel/ip-address.ts'
import { signalName } from '../../kernel/signals.ts'
import { syscallName } from '../../kernel/syscall-names.ts'
import type { BpfMessage } from '../../bpf/index.ts'
import type {
  CallExample,
  Death,
  End,
  FailedConnect,
  OomVictim,
  Question,
  SocketAddress,
  Trace,
} from '../observed/traced.ts'
import { buildTrace } from './build-trace.ts'
import { totalsSets, type Counts } from './counted-totals.ts'

export interface TraceReader {
  /** Takes one message of bpftrace; true when a set of maps is whole. */
  take(message: BpfMessage): boolean
  /** As {@link take}, from the line: maps are parsed only where they are needed in the end. */
  takeLine(line: string, parse: (line: string) => BpfMessage | undefined): boolean
  /** For how long it has counted, milliseconds; undefined before the first set of maps. */
  durationMs(): number | undefined
  /** What was counted so far; undefined before the first set of maps. */
  trace(): Trace | undefined
}

/** Processes, calls and errnos of which arguments are kept: thousands of short-lived processes may fail alike. */
const MOST_EXAMPLES = 8192

/** Reads what `traceProgram` prints. */
export function traceReader(machine: string): TraceReader {
  const sets = totalsSets()
  const examples = new Map<string, CallExample[]>()
  const paths = new Map<number, string[]>()
  const connects = new Map<string, Omit<FailedConnect, 'count'>>()
  const questions = new Map<number, Omit<Question, 'count'>>()
  const deaths: Death[] = []
  /** Arguments of programs that were started, by pid. */
  const programs = new Map<number, string>()
  const ends: (Omit<End, 'early'> & { set: number })[] = []
  /** Sets that are whole. */
  let whole = 0
  const victims: OomVictim[] = []

  function takeText(text: string): boolean {
    const [kind, ...fields] = text.replace(/\n$/, '').split(' ')
    const number = (at: number) => Number(fields[at])
    const bytes = (at: number) => bytesOf(fields[at] ?? '')
    const name = (at: number) => cString(bytes(at))
    switch (kind) {
      case 'T':
        sets.end(number(0))
        whole += 1
        return true
      case 'E': {
        const call = syscallName(machine, 'native', number(1))
        const isWhole = fields[5] === '1'
        const takesAddress = call === 'bind' || call === 'connect'
        if (examples.size >= MOST_EXAMPLES) return false
        push(examples, `${fields[0]} ${fields[1]} ${fields[2]}`, {
          comm: name(7),
          parentPid: number(3),
          parentComm: name(8),
          netns: `net:[${fields[4]}]`,
          ...(isWhole && { fd: number(6) }),
          ...(isWhole &&
            takesAddress && { address: addressOf(bytes(9), fields[10] === undefined ? undefined : number(10)) }),
        })
        return false
      }
      case 'N':
        push(paths, number(0), cString(bytes(1)))
        return false
      case 'S':
        deaths.push({
          pid: number(0),
          signal: signalName(number(1)),
          parentPid: number(2),
          comm: name(3),
          parentComm: name(4),
        })
        return false
      case 'A':
        programs.set(number(0), `${fields[1]} ${bytes(2).toString('latin1', 0, Math.min(number(1), 63))}`)
        return false
      case 'X':
        ends.push({
          pid: number(0),
          status: number(1) >> 8,
          signal: (number(1) & 127) === 0 ? undefined : signalName(number(1) & 127),
          parentPid: number(2),
          lifeMs: number(3),
          comm: name(4),
          parentComm: name(5),
          ...(fields[6] !== undefined && { endedAtMs: number(6) }),
          set: whole,
          ...(programs.has(number(0)) && { program: programs.get(number(0))! }),
        })
        return false
      case 'O':
        // The task that ran out of memory is mostly the one that is killed.
        victims.push(
          fields[0] === fields[1]
            ? { pid: number(0), parentPid: number(2), comm: name(3), parentComm: name(4) }
            : { pid: number(0), comm: '' },
        )
        return false
      case 'Q': {
        const address = addressOf(bytes(5))
        if (address !== undefined && !questions.has(number(0)))
          questions.set(number(0), {
            pid: number(0),
            parentPid: number(1),
            netns: `net:[${fields[2]}]`,
            comm: name(3),
            parentComm: name(4),
            server: address.address,
          })
        return false
      }
      case 'C': {
        const address = formatIp(number(2) === AF_INET ? bytes(5) : bytes(6))
        connects.set(`${fields[0]} ${fields[1]} ${fields[3]}`, {
          pid: number(0),
          ...(number(1) !== 0 && { error: errnoName(number(1)) }),
          address,
          port: number(3),
          netns: `net:[${fields[4]}]`,
          parentPid: number(7),
          parentComm: name(8),
          comm: fields.slice(9).join(' '),
        })
        return false
      }
      default:
        return false
    }
  }

  return {
    takeLine(line, parse) {
      const name = MAP.exec(line)?.[1]
      if (name !== undefined) {
        sets.add(name, () => {
          const message = parse(line)
          return message?.type === 'map' ? countsOf(message.entries) : []
        })
        return false
      }
      const message = parse(line)
      return message !== undefined && this.take(message)
    },
    take(message) {
      if (message.type === 'text') return takeText(message.text)
      if (message.type === 'map') sets.add(message.name.replace(/^@/, ''), () => countsOf(message.entries))
      return false
    },
    durationMs: () => sets.totals()?.durationMs,
    trace() {
      const totals = sets.totals()
      const half = (whole >> 1) - 1
      return (
        totals &&
        buildTrace(machine, totals, {
          examples,
          paths,
          connects,
          questions,
          deaths,
          ends: ends.map(({ set, ...end }) => ({ ...end, early: set <= half })),
          victims,
        })
      )
    },
  }
}

/** How a line begins that is a map of the program. */
const MAP = /^\{"type": ?"map", ?"data": ?\{"@(\w+)": ?\{/

const countsOf = (entries: readonly { key?: string | undefined; value: unknown }[]): Counts =>
  entries.map(({ key, value }) => ({ key: (key ?? '').split(',').map(Number), count: Number(value) }))

const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10

/** struct sockaddr, as much of it as the tracer copied; the family in the machine's byte order (little endian). */
function addressOf(bytes: Buffer, length = bytes.length): SocketAddress | undefined {
  if (bytes.length < 28) return undefined
  const family = bytes.readUInt16LE(0)
  if (family === AF_INET)
    return { family: 'inet', port: bytes.readUInt16BE(2), address: formatIp(bytes.subarray(4, 8)) }
  if (family === AF_INET6)
    return { family: 'inet6', port: bytes.readUInt16BE(2), address: formatIp(bytes.subarray(8, 24)) }
  if (family !== AF_UNIX) return { family: 'other', address: '' }
  // A name in the abstract namespace ends with its length alone.
  const path = bytes.subarray(2, Math.max(3, length))
  return { family: 'unix', address: path[0] === 0 ? `@${cString(path.subarray(1))}` : cString(path) }
}

/** `\x61\x00` → bytes. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex')
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end)
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
