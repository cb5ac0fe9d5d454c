import { isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import { sctpStateName } from '../../kernel/sctp-state.ts'
import { datagramStateName, tcpStateName } from '../../kernel/tcp-state.ts'
import { netstatTimerName } from '../../kernel/tcp-timer.ts'
import { unixFlagNames, unixStateName } from '../../kernel/unix-socket.ts'
import { hasTcpStates, isTimeWaitSocket, type InetRow, type InetTable } from '../tables/inet-row.ts'
import { portsText, publishingText } from '../published/show/published-text.ts'
import type { Names } from '../names/names.ts'
import { programName, type ProcessFacts } from '../../processes/process-facts.ts'
import type { Ownerless, Socket } from '../model.ts'
import type { Owner } from '../../processes/owner.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { escapeBytes, escapeText, quoted } from '../../terminal/escape.ts'

/** Facts beside the socket that its text depends on. */
export interface TextContext {
  names: Names
  /** Ticks per second of the timers. */
  userHz: number
  /** Paths of cgroups by their id, where they are shown. */
  cgroups?: ReadonlyMap<string, string> | undefined
}

/** netstat's word for a table: udplite is `udpl`. */
export function protocolText(socket: Socket): string {
  const { table } = socket.row
  return table.startsWith('udplite') ? table.replace('udplite', 'udpl') : table
}

export function localText(socket: Socket, context: TextContext): string {
  const { row, publishing } = socket
  // A rule may take a range of ports, or every one.
  if (publishing?.withoutSocket && isInetRow(row)) return `${row.localAddress}:${portsText(publishing.to[0]?.ports)}`
  if (isInetRow(row)) {
    // ss's notation where it is known: `*` takes IPv4 too, `[::]` does not; netstat's `::` where it is not.
    const address = socket.dualStack === undefined ? undefined : socket.dualStack.dual ? '*' : '[::]'
    return addressText(row, row.localAddress, row.localPort, context.names, address, scopeText(socket))
  }
  if (row.table === 'sctp') return sctpText(row.localAddresses, row.localPort)
  return ''
}

export function remoteText(socket: Socket, context: TextContext): string {
  const { row } = socket
  if (isInetRow(row)) return addressText(row, row.remoteAddress, row.remotePort, context.names)
  if (row.table === 'sctp') return sctpText(row.remoteAddresses, row.remotePort)
  return ''
}

/** `%eth0` of a socket that is bound to an interface, `%if7` where the name of the interface is not known, as ss. */
function scopeText({ kernel, interfaceName }: Socket): string {
  const index = kernel?.interfaceIndex
  return index === undefined ? '' : `%${deviceText(index, interfaceName)}`
}

/** The name of an interface as one word, its number where that is not known. */
export function deviceText(index: number, name: string | undefined): string {
  return name === undefined ? `if${index}` : wordText(name)
}

function sctpText(addresses: readonly string[], port: number): string {
  return `${addresses.join(',') || '*'}:${port || '*'}`
}

/** The protocol under which the ports of a table stand in /etc/services. */
const PROTOCOLS: Readonly<Record<InetTable, string>> = {
  tcp: 'tcp',
  tcp6: 'tcp',
  udp: 'udp',
  udp6: 'udp',
  mptcp: 'tcp',
  mptcp6: 'tcp',
  udplite: 'udplite',
  udplite6: 'udplite',
  raw: 'raw',
  raw6: 'raw',
  icmp: 'icmp',
  icmp6: 'icmp',
}

function addressText(row: InetRow, address: string, port: number, names: Names, shown?: string, scope = ''): string {
  const numeric = unmapIp(address)
  const host = isUnspecifiedIp(address) ? undefined : names.host(numeric)
  const service = port === 0 ? '*' : names.service(port, PROTOCOLS[row.table])
  return `${shown ?? (host === undefined ? numeric : nameText(host))}${scope}:${service === undefined ? port : nameText(service)}`
}

/** A name that strangers choose, as one word. */
const nameText = (name: string) => quoted(escapeText(name))

/** The same for a byte string. */
export const wordText = (bytes: string) => quoted(escapeBytes(bytes))

/** A word for the state; empty where the protocol has none. */
export function stateText(socket: Socket): string {
  const { row } = socket
  if (socket.publishing?.withoutSocket) return 'DNAT'
  if (row.table === 'unix') return unixStateName(row) ?? unknownState(row.state)
  if (row.table === 'sctp') return row.kind === 'endpoint' ? 'LISTEN' : sctpStateName(row.state)
  if (!isInetRow(row)) return ''
  if (hasTcpStates(row.table)) return tcpStateName(row.state)
  return datagramStateName(row.state) ?? unknownState(row.state)
}

const unknownState = (state: number) => `UNKNOWN(${state})`

export function unixFlagsText(flags: number): string {
  const names = unixFlagNames(flags)
  return names.length === 0 ? '[ ]' : `[ ${names.join(' ')} ]`
}

/** Who made the socket; `-` where the kernel has forgotten it and would print 0. */
export function userText(socket: Socket, context: TextContext): string {
  const { row } = socket
  if (row.table === 'unix' || row.table === 'netlink') return '-'
  if (isInetRow(row) && isTimeWaitSocket(row)) return '-'
  const name = context.names.user(row.uid)
  return name === undefined ? String(row.uid) : nameText(name)
}

/** netstat's timer column: `keepalive (598.07/0/0)`: seconds left, retransmits, unanswered probes. */
export function timerText(socket: Socket, context: TextContext): string {
  const { row } = socket
  if (!isInetRow(row)) return ''
  return `${netstatTimerName(row.timer)} (${(row.timerTicks / context.userHz).toFixed(2)}/${row.retransmits}/${row.probes})`
}

/** `pid/program` of every owner, `-` where there is none; a program's name is one word, see {@link quoted}. */
export function ownersText(socket: Socket): string {
  const { owners } = socket
  if (owners === undefined || owners.length === 0) return '-'
  return owners.length === 1 ? ownerText(owners[0]!) : owners.map(ownerText).join(',')
}

const ownerTexts = new WeakMap<ProcessFacts, string>()

/** Cached: one process may own thousands of sockets. */
function ownerText({ process }: Owner): string {
  let text = ownerTexts.get(process)
  if (text === undefined) ownerTexts.set(process, (text = `${process.pid}/${nameOf(process)}`))
  return text
}

export function programsText(socket: Socket): string {
  if (!socket.owners?.length) return '-'
  return [...new Set(socket.owners.map(({ process }) => nameOf(process)))].join(',')
}

function nameOf(process: ProcessFacts): string {
  return wordText(programName(process) || '-')
}

/** Ends that are named one by one. */
const NAMED_ENDS = 3

/** Who is at the other end: `812/postgres (blue)`; `-` where nobody of this machine is, `?` where that is not known. */
export function peerText(socket: Socket): string {
  const { peer } = socket
  if (peer === undefined || peer.kind === 'not-here') return '-'
  if (peer.kind === 'not-known') return '?'
  const isWaiting = peer.kind === 'not-accepted'
  const ends = isWaiting ? (peer.listeners ?? []) : peer.ends
  const texts = [...new Set(ends.map(end => endText(end, socket)))]
  const more = texts.length > NAMED_ENDS ? ` +${texts.length - NAMED_ENDS}` : ''
  const named = texts.slice(0, NAMED_ENDS).join(peer.kind === 'ambiguous' ? ' or ' : ',')
  return `${named}${more}${isWaiting ? ' (not accepted)' : ''}`
}

/** Owners of the other end, else its state; the namespace where that is another one. */
function endText(end: Socket, { netns }: Socket): string {
  const owners = ownersText(end)
  const who = owners === '-' && stateText(end) !== '' ? `- ${stateText(end)}` : owners
  const isElsewhere =
    end.netns !== undefined && !(netns === undefined ? end.netns.namespace.isOwn : netns.netns === end.netns.netns)
  return isElsewhere ? `${who} (${wordText(end.netns!.label)})` : who
}

/** The command with its arguments, of the first owner; each is one word. */
export function cmdlineText(socket: Socket): string {
  const process = socket.owners?.[0]?.process
  if (process === undefined) return '-'
  if (!process.args?.length) return process.comm === undefined ? '-' : `[${wordText(process.comm)}]`
  // A title written over the arguments is no list of words, but other words of the row may stand behind it.
  return process.args.map(wordText).join(' ')
}

/** Why a socket has no owner, or how an owner holds it where that is unusual. */
export function whyText(socket: Socket): string {
  if (socket.unverified) return 'unverified: may be part of the name of another socket'
  const unusual = socket.owners?.find(owner => owner.heldBy !== 'fd')
  if (unusual?.heldBy === 'thread') return `in the descriptor table of thread ${unusual.tids?.join(',')}`
  if (unusual?.heldBy === 'io_uring') return 'registered with an io_uring'
  return socket.ownerless === undefined ? '' : ownerlessText(socket.ownerless)
}

function ownerlessText(why: Ownerless): string {
  const of = (pids: readonly number[]) => (pids.length > 0 ? ` of ${pids.join(',')}` : '')
  switch (why.reason) {
    case 'time-wait':
      return 'TIME_WAIT: kept by the kernel, no process'
    case 'accept-queue':
      return `accept queue${of(why.listenerPids)}`
    case 'syn-queue':
      return `handshake with a listener${of(why.listenerPids)}`
    case 'orphan':
      return 'closed by its process, the kernel finishes'
    case 'kernel':
      return 'kernel'
    case 'in-flight':
      return `perhaps in flight to ${why.candidatePids.join(',')}`
    case 'hidden':
      return `${why.perhaps ? 'perhaps ' : ''}hidden by permission`
    case 'outside-pid-namespace':
      return 'perhaps held outside this pid namespace'
    case 'gone':
      return 'gone meanwhile'
    case 'not-recorded':
      return 'owners not recorded'
    case 'none-found':
      return 'no process holds it (kernel, or gone)'
  }
}

/** Interface of a packet socket, `*` for every one, its index where the name is not known. */
export function interfaceText({ row, interfaceName }: Socket): string {
  if (row.table !== 'packet') return '-'
  if (row.interfaceIndex === 0) return '*'
  return deviceText(row.interfaceIndex, interfaceName)
}

/** Path of a unix socket as one word; `@` leads an abstract name. */
export function pathText(socket: Socket): string {
  if (socket.row.table !== 'unix' || socket.row.path === undefined) return ''
  return socket.row.path === '' ? '' : wordText(socket.row.path)
}

/** Where the port leads, or through which ports of the machine the socket is reached. */
export function publishedText({ publishing }: Socket): string {
  return publishing === undefined ? '' : publishingText(publishing)
}
