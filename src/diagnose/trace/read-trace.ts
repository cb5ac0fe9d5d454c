import { errnoName } from '../../kernel/errno.ts'
import { formatIp } from '../../kernel/ip-address.ts'
import { signalName } from '../../kernel/signals.ts'
import { syscallName } from '../../kernel/syscall-names.ts'
import type { BpfMessage } from '../../bpf/index.ts'
import type {
  CallExample,
  Death,
  End,
  FailedCall,
  FailedConnect,
  Halves,
  OomVictim,
  SocketAddress,
  Trace,
} from '../observed/traced.ts'
import { COUNTED_ERRNOS } from './program.ts'

/** The program prints its maps so often, milliseconds; the first time so long after it was attached. */
export const PRINT_EVERY_MS = 500

export interface TraceReader {
  /** Takes one message of bpftrace; true when a set of maps is whole. */
  take(message: BpfMessage): boolean
  /** What was counted so far; undefined before the first set of maps. */
  trace(): Trace | undefined
}

type Counts = { key: number[]; count: number }[]

/** Reads what `traceProgram` prints. */
export function traceReader(machine: string): TraceReader {
  /** Totals as they were printed, each with the time. */
  const sets: { ns: number; maps: Map<string, Counts> }[] = []
  let fresh = new Map<string, Counts>()
  const examples = new Map<string, CallExample[]>()
  const paths = new Map<number, string[]>()
  const connects = new Map<string, Omit<FailedConnect, 'count'>>()
  const deaths: Death[] = []
  /** Arguments of programs that were started, by pid. */
  const programs = new Map<number, string>()
  const ends: (Omit<End, 'early'> & { set: number })[] = []
  const victims: OomVictim[] = []

  function takeText(text: string): boolean {
    const [kind, ...fields] = text.replace(/\n$/, '').split(' ')
    const number = (at: number) => Number(fields[at])
    const bytes = (at: number) => bytesOf(fields[at] ?? '')
    const name = (at: number) => cString(bytes(at))
    switch (kind) {
      case 'T':
        // A map that is empty is not printed, and none becomes empty again.
        sets.push({ ns: number(0), maps: new Map([...(sets.at(-1)?.maps ?? []), ...fresh]) })
        fresh = new Map()
        return true
      case 'E': {
        const call = syscallName(machine, 'native', number(1))
        const isWhole = fields[5] === '1'
        const takesAddress = call === 'bind' || call === 'connect'
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
          set: sets.length,
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

  function trace(): Trace | undefined {
    const first = sets[0]
    const last = sets.at(-1)
    if (first === undefined || last === undefined) return undefined
    const middle = sets[(sets.length >> 1) - 1]
    const of = (name: string) => last.maps.get(name) ?? []
    const early = (name: string) => new Map((middle?.maps.get(name) ?? []).map(({ key, count }) => [key.join(), count]))
    const halves = (name: string) => {
      const before = early(name)
      return of(name).map(({ key, count }) => {
        const half = before.get(key.join()) ?? 0
        return { key, halves: [half, count - half] as Halves }
      })
    }
    const byPid = (name: string) =>
      Object.fromEntries(halves(name).map(({ key, halves: counts }) => [String(key[0]), counts]))
    const failedEarly = early('failed')
    return {
      durationMs: (last.ns - first.ns) / 1e6 + PRINT_EVERY_MS,
      failures: of('failed').map(({ key, count }): FailedCall => {
        const [pid = 0, id = 0, result = 0] = key
        return {
          pid,
          call: syscallName(machine, 'native', id),
          error: COUNTED_ERRNOS[-result] ?? errnoName(-result),
          count,
          early: failedEarly.get(key.join()) ?? 0,
          examples: examples.get(`${pid} ${id} ${result}`) ?? [],
        }
      }),
      notFound: halves('missing').map(({ key: [pid = 0], halves: counts }) => ({
        pid,
        halves: counts,
        paths: paths.get(pid) ?? [],
      })),
      connects: of('unconnected').flatMap(({ key, count }) => {
        const facts = connects.get(key.join(' '))
        return facts === undefined ? [] : [{ ...facts, count }]
      }),
      accepts: of('accepted').map(({ key: [pid = 0, fd = -1], count }) => ({ pid, fd, count })),
      emptyPolls: byPid('empty'),
      futexCalls: byPid('futex'),
      syncCalls: byPid('synced'),
      notExisting: byPid('nxdomain'),
      answers: of('answered').map(({ key: [pid = 0, fd = -1], count }) => ({ pid, fd, count })),
      forks: byPid('forks'),
      tinyMessages: byPid('tiny'),
      readyPolls: byPid('ready'),
      sleeps: byPid('slept'),
      found: byPid('found'),
      futexTimeouts: byPid('expired'),
      lockWaits: byPid('locked'),
      deaths,
      ends: ends.map(({ set, ...end }) => ({ ...end, early: set <= (sets.length >> 1) - 1 })),
      oomVictims: victims,
      retransmits: of('again').map(({ key: [state = 0, localPort = 0, remotePort = 0], count }) => ({
        state,
        localPort,
        remotePort,
        count,
      })),
    }
  }

  return {
    take(message) {
      if (message.type === 'text') return takeText(message.text)
      if (message.type === 'map')
        fresh.set(
          message.name.replace(/^@/, ''),
          message.entries.map(({ key, value }) => ({
            key: (key ?? '').split(',').map(Number),
            count: Number(value),
          })),
        )
      return false
    },
    trace,
  }
}

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
