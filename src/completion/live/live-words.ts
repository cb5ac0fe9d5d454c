import type { LiveKind } from '../../cli/completions.ts'
import { optional } from '../../errors.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { parsePidCgroup } from '../../processes/pid-cgroup.ts'
import { readComm } from '../../processes/pid-comm.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readSocketTables } from '../../sockets/index.ts'

/** A word and, where there is more to say, what it stands for. */
export type LiveWord = [word: string, text?: string | undefined]

/** More than anybody reads. */
const MOST_WORDS = 1000

/**
 * What shells take as it is: a name with anything else in it could be run when the line is. Whoever starts a process
 * chooses its name.
 */
const PLAIN = /^[\w@%+:,./][\w@%+=:,./-]*$/

/** What there is of a kind on the machine of `source` that begins with `prefix`. What cannot be read is left out. */
export function liveWords(kind: LiveKind, prefix: string, source: ProcSource): LiveWord[] {
  const words = new Map<string, string | undefined>()
  for (const [word, text] of READERS[kind](source)) {
    if (words.has(word) || !word.startsWith(prefix) || !PLAIN.test(word)) continue
    words.set(word, text !== undefined && PLAIN.test(text) ? text : undefined)
    if (words.size === MOST_WORDS) break
  }
  return [...words].map(([word, text]) => (text === undefined ? [word] : [word, text]))
}

const READERS: Readonly<Record<LiveKind, (source: ProcSource) => Iterable<LiveWord>>> = {
  *programs(source) {
    for (const pid of pids(source)) yield* found(readComm(source, pid))
  },
  *pids(source) {
    for (const pid of pids(source)) yield [pid, readComm(source, pid)]
  },
  *units(source) {
    for (const pid of pids(source)) yield* found(cgroupOf(source, pid)?.unit)
  },
  *containers(source) {
    for (const pid of pids(source)) {
      const id = cgroupOf(source, pid)?.container
      if (id !== undefined) yield [id.slice(0, 12), readComm(source, pid)]
    }
  },
  *namespaces(source) {
    yield* namesOfIpNetns(source)
    yield* READERS.containers(source)
  },
  *ports(source) {
    for (const port of listeningPorts(source)) yield [port]
  },
  *'port-filters'(source) {
    for (const port of listeningPorts(source)) yield [`:${port}`]
  },
}

const found = (word: string | undefined): LiveWord[] => (word === undefined ? [] : [[word]])

function pids(source: ProcSource): string[] {
  return (optional(() => source.list('')) ?? []).filter(name => /^\d+$/.test(name))
}

function cgroupOf(source: ProcSource, pid: string) {
  return optional(() => parsePidCgroup(source.readFile(`${pid}/cgroup`)))
}

/** `ip netns add` mounts a file of each name. Source: ip-netns(8). */
function namesOfIpNetns(source: ProcSource): LiveWord[] {
  const mountinfo = optional(() => source.readFile('self/mountinfo').toString('latin1')) ?? ''
  return [...mountinfo.matchAll(/^\S+ \S+ \S+ net:\[\d+\] \/(?:var\/)?run\/netns\/(\S+) /gm)].map(([, name]) => [name!])
}

/** Of connections that are not closed yet, tables hold many: they are not read. */
function listeningPorts(source: ProcSource): string[] {
  const { rows } = readSocketTables(source, {
    tables: ['tcp', 'tcp6', 'udp', 'udp6'],
    littleEndian: source.meta.endian !== 'big',
    listenersOnly: true,
    singleRead: true,
  })
  const ports = rows.flatMap(row =>
    'localPort' in row && (row.table.startsWith('udp') || row.state === TCP_STATE.listen) ? [row.localPort] : [],
  )
  return [...new Set(ports)].sort((a, b) => a - b).map(String)
}
