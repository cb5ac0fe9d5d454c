import { readFileSync } from 'node:fs'
import { SourceReadError } from '../../src/errors.ts'
import { openSource } from '../../src/proc/open-source.ts'
import type { ProcSource } from '../../src/proc/proc-source.ts'
import type { FilterContext } from '../../src/sockets/filter/answers.ts'
import { parseFilter, type FilterChoice } from '../../src/sockets/filter/language/parse-filter.ts'
import { refuseUnknownHosts } from '../../src/sockets/filter/host-names.ts'
import { answerFilter } from '../../src/sockets/filter/socket-filter.ts'
import type { Socket } from '../../src/sockets/model.ts'
import { interfaceNames } from '../../src/sockets/names/interface-names.ts'
import { collectSockets } from '../../src/sockets/read.ts'
import { chosenTables, type TableChoice } from '../../src/sockets/rules/selection.ts'
import { tcpStateName } from '../../src/kernel/tcp-state.ts'
import { fixture } from './paths.ts'

/** One expression with what ss 7.1 selected, see fixtures/README.md. */
export interface SsCase {
  id: number
  flags: string
  expression: string
  needs: 'proc' | 'diag' | 'error'
  rows: number[]
  /** Rows of sockets that are bound and no more: in no table of /proc. */
  onlyBound: number[]
}

const lines = (file: string) =>
  readFileSync(fixture(file), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => line.split('\t'))

const numbers = (text = '-') => (text === '-' ? [] : text.split(',').map(Number))

export const SS_CASES: SsCase[] = lines('ss-filter/visible.tsv').map(
  ([id, flags, expression, needs, , , rows, bound]) => ({
    id: Number(id),
    flags: flags!,
    // The recording was renamed after ss had run: what was in /tmp is in /srv.
    expression: expression!.replace('/TMP/', '/SRV/'),
    needs: needs as SsCase['needs'],
    rows: numbers(rows),
    onlyBound: numbers(bound),
  }),
)

/** Name of a socket in rows.tsv → its number. */
const ROWS = new Map(
  lines('diag/rows.tsv').map(([row, netid, state, , , local, peer, inode]) => {
    if (inode !== '' && inode !== '0' && inode !== undefined) return [inode, Number(row)]
    return [netid === 'tcp' ? `${state} ${local} ${peer}` : `${netid} ${local}`, Number(row)]
  }),
)

const SS_STATES: Readonly<Record<string, string>> = {
  TIME_WAIT: 'TIME-WAIT',
  FIN_WAIT2: 'FIN-WAIT-2',
  SYN_RECV: 'SYN-RECV',
  CLOSE_WAIT: 'CLOSE-WAIT',
}

/** The number that rows.tsv gives a socket. */
export function rowNumber({ row }: Socket): number {
  const name = nameOf(row)
  const number = ROWS.get(name)
  if (number === undefined) throw new Error(`rows.tsv has no ${name}`)
  return number
}

function nameOf(row: Socket['row']): string {
  if (row.table === 'netlink') return `nl ${row.protocol}:${row.portId}`
  if (row.table === 'raw') return `raw ${row.localAddress}:${row.localPort}`
  if (row.table === 'raw6') return `raw *:${row.localPort}`
  if (row.inode !== '0' || !('localAddress' in row)) return row.inode
  const address = (text: string, port: number) => `${text.includes(':') ? `[${text}]` : text}:${port}`
  const state = tcpStateName(row.state)
  return `${SS_STATES[state]} ${address(row.localAddress, row.localPort)} ${address(row.remoteAddress, row.remotePort)}`
}

/** The zoo of the corpus. */
export const openSsZoo = (): Promise<ProcSource> => openSource(fixture('ss-filter/zoo.snap.json'), undefined)

/** The same with what the kernel answered a few seconds later. */
export async function openSsZooWithKernel(): Promise<ProcSource> {
  const zoo = await openSsZoo()
  return {
    ...zoo,
    dumpSockets: (family, { listenersOnly }) => {
      // All states were asked for then: what is asked for listeners alone comes from the tables.
      if (listenersOnly) throw new SourceReadError('ENOENT', family)
      return readFileSync(fixture(`diag/${family}.bin`))
    },
  }
}

/** Tables that the flags of ss list. */
function choiceOf(flags: string): TableChoice {
  const has = (letter: string) => new RegExp(`(^|\\s)-[a-z0-9]*${letter}`).test(flags)
  const all = flags === '-an'
  return {
    tcp: has('t') || all,
    udp: has('u') || all,
    udplite: false,
    sctp: false,
    raw: has('w') || all,
    unix: has('x') || all,
    packet: has('0') || flags.startsWith('-f link') || all,
    netlink: all,
    ipv4: has('4'),
    ipv6: flags.startsWith('-f inet6'),
  }
}

const SERVICES: Readonly<Record<string, number>> = { http: 80, https: 443, ssh: 22, domain: 53 }

/** How the flags of an expression make its words meant. */
export function choiceOfWords(flags: string): FilterChoice {
  const tables = new Set(chosenTables(choiceOf(flags)))
  const only = (table: string) => tables.size === 1 && tables.has(table as never)
  return {
    family: only('unix') ? 'unix' : only('packet') ? 'link' : 'inet',
    service: name => (SERVICES[name] === undefined ? [] : [SERVICES[name]]),
  }
}

/** Sockets that the flags list, and what a filter means among them. */
export function ssListing(source: ProcSource, flags: string): { sockets: Socket[]; context: FilterContext } {
  const tables = chosenTables(choiceOf(flags))
  const facts = source.dumpSockets && 'plain'
  const listening = flags.startsWith('-l')
  const { sockets } = collectSockets(source, {
    tables,
    selection: { all: !listening, listening, ports: [] },
    owners: undefined,
    facts,
    skipDetails: true,
  })
  const indexes = new Map([...interfaceNames(source, 'net')].map(([index, name]) => [name, index]))
  const context: FilterContext = {
    hosts: new Map([['localhost', ['127.0.0.1']]]),
    interfaceIndex: name => indexes.get(name),
    unixPath: () => undefined,
    user: () => undefined,
    userHz: 100,
    netns: [],
    onlyUnix: tables.length === 1 && tables[0] === 'unix',
    cgroupIds: new Map(),
    ephemeralPorts: { low: 32768, high: 60999 },
  }
  return { sockets, context }
}

/** The numbers of the sockets an expression selects, and of how many it is not known. */
export function selectedRows(source: ProcSource, { flags, expression }: Pick<SsCase, 'flags' | 'expression'>) {
  const { sockets, context } = ssListing(source, flags)
  const parsed = parseFilter(expression, choiceOfWords(flags))
  const { tree } = parsed
  refuseUnknownHosts(parsed, context.hosts, '')
  const answers = sockets.map(socket => ({ socket, answer: answerFilter({ tree, context }, socket) }))
  const rows = answers.filter(({ answer }) => answer === true).map(({ socket }) => rowNumber(socket))
  return { rows: rows.sort((a, b) => a - b), unknown: answers.filter(({ answer }) => answer === 'unknown').length }
}
