import type { CounterGroup, CountersReport } from '../../model.ts'
import { PHRASES, type Phrase } from './statistics-phrases.ts'

/** netstat's letters; without any it prints all. */
export interface StatisticsLetters {
  tcp: boolean
  udp: boolean
  raw: boolean
  sctp: boolean
  /** -U counts as a letter but selects nothing. */
  udplite: boolean
  /** -6: the counters of IPv6, and those of Tcp. */
  ipv6: boolean
}

/** Protocols that netstat has words for, and the letter that shows them. Others are always shown, unless their values are 0. */
const LETTER_OF: Readonly<Record<string, 'raw' | 'tcp' | 'udp' | 'sctp'>> = {
  Ip: 'raw',
  Icmp: 'raw',
  Tcp: 'tcp',
  Udp: 'udp',
  Sctp: 'sctp',
  TcpExt: 'tcp',
  Ip6: 'raw',
  Icmp6: 'raw',
  Udp6: 'udp',
}

const HISTOGRAMS = { in: 'ICMP input histogram:', out: 'ICMP output histogram:' } as const

/** Byte for byte what `netstat -s` of net-tools 2.10 prints. */
export function* compatStatistics({ groups }: CountersReport, letters: StatisticsLetters): Generator<string> {
  const anyLetter = letters.tcp || letters.udp || letters.raw || letters.sctp || letters.udplite
  // What was printed last decides how far an unknown counter is indented, and goes on into protocols netstat does not know.
  const state = { indent: INDENT }
  for (const group of groupsOf(groups, letters.ipv6)) {
    const letter = LETTER_OF[group.protocol]
    const isShown = letter === undefined || !anyLetter || letters[letter]
    if (letter !== undefined) state.indent = INDENT
    if (!isShown) continue
    yield `${group.protocol}:\n`
    yield* groupLines(group, state)
  }
}

const INDENT = 4
const HISTOGRAM_INDENT = 8

/** -6 reads snmp6 and then every line of snmp that begins with Tcp; else snmp, netstat and the file of SCTP. */
function groupsOf(groups: readonly CounterGroup[], ipv6: boolean): CounterGroup[] {
  if (!ipv6) return groups.filter(({ file }) => file !== 'net/snmp6')
  return [
    ...groups.filter(({ file }) => file === 'net/snmp6'),
    ...groups.filter(({ file, protocol }) => file === 'net/snmp' && protocol.startsWith('Tcp')),
  ]
}

function* groupLines({ protocol, counters }: CounterGroup, state: { indent: number }): Generator<string> {
  let histogram: string | undefined
  for (const { name, value } of counters) {
    const shown = String(BigInt.asUintN(64, value))
    const known: Phrase | undefined = PHRASES[protocol]?.[name]
    if (known === undefined) {
      if (value !== 0n) yield `${' '.repeat(state.indent)}${name}: ${shown}\n`
      continue
    }
    const [kind, text] = known
    if (kind === 'hidden') continue
    const isHistogram = kind === 'in' || kind === 'out'
    if (isHistogram && histogram !== kind) yield `${' '.repeat(state.indent)}${HISTOGRAMS[kind]}\n`
    histogram = isHistogram ? kind : undefined
    state.indent = isHistogram ? HISTOGRAM_INDENT : INDENT
    if (kind === 'always' || value !== 0n) yield `${' '.repeat(state.indent)}${text.replace('%', shown)}\n`
  }
}
