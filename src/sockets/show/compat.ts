import type { InetRow } from '../tables/inet-row.ts'
import { isMappedIp, isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import type { Names } from '../names/names.ts'
import type { SctpRow } from '../tables/sctp-row.ts'
import type { UnixRow } from '../tables/unix-row.ts'
import type { Socket } from '../model.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { SCTP_ESTABLISHED } from '../../kernel/sctp-state.ts'
import { datagramStateName, TCP_STATE_NAMES } from '../../kernel/tcp-state.ts'
import { netstatTimerName, TCP_TIMER } from '../../kernel/tcp-timer.ts'
import { SOCKET_TYPE_NAMES, unixFlagNames, unixStateName } from '../../kernel/unix-socket.ts'

export interface CompatOptions {
  all: boolean
  listening: boolean
  extend: boolean
  programs: boolean
  timers: boolean
  wide: boolean
  numericHosts: boolean
  header: boolean
  sections: { inet: boolean; unix: boolean }
  names: Names
  userHz: number
}

/** netstat's PID/Program column, the NUL left out. */
const PROGRAM_BYTES = 19

/** Characters of an address with its port that netstat leaves as they are. */
const ADDRESS_CHARACTERS = 22

/**
 * What net-tools 2.10 prints, byte for byte, as byte strings: its widths and trailing blanks, one owner of many, names
 * cut at 19 bytes and long addresses cut at 22 characters with their port. Only control characters become `.`, as they do in
 * its current source. Source: netstat.c of net-tools 2.10.
 */
export function* compatLines(sockets: readonly Socket[], options: CompatOptions): Generator<string> {
  const scope = options.all ? '(servers and established)' : options.listening ? '(only servers)' : '(w/o servers)'
  if (options.sections.inet) {
    if (options.header) {
      yield `Active Internet connections ${scope}\n`
      yield `Proto Recv-Q Send-Q Local Address           Foreign Address         State      ${options.extend ? ' User       Inode     ' : ''}${options.programs ? ' PID/Program name    ' : ''}${options.timers ? ' Timer' : ''}\n`
    }
    for (const socket of sockets) {
      const { row } = socket
      if (isInetRow(row) && !row.table.startsWith('icmp')) yield printable(inetLine(socket, row, options))
      else if (row.table === 'sctp') yield printable(sctpLine(socket, row, options))
    }
  }
  if (options.sections.unix) {
    if (options.header) {
      yield `Active UNIX domain sockets ${scope}\n`
      yield `Proto RefCnt Flags       Type       State         I-Node  ${options.programs ? ' PID/Program name    ' : ''} Path\n`
    }
    for (const socket of sockets)
      if (socket.row.table === 'unix') yield printable(unixLine(socket, socket.row, options))
  }
}

function inetLine(socket: Socket, row: InetRow, options: CompatOptions): string {
  const isTcp = row.table.startsWith('tcp')
  const protocol = row.table.replace('udplite', 'udpl').padEnd(isTcp || row.table.startsWith('raw') ? 4 : 5)
  const local = addressField(row, row.localAddress, row.localPort, options)
  const remote = addressField(row, row.remoteAddress, row.remotePort, options)
  const state = isTcp
    ? tcpState(row.state)
    : row.table.startsWith('raw')
      ? String(row.state)
      : (datagramStateName(row.state) ?? 'UNKNOWN')
  const gap = isTcp || row.table.startsWith('raw') ? '  ' : ' '
  return `${protocol}${gap}${queue(row.rxQueueBytes)} ${queue(row.txQueueBytes)} ${local} ${remote} ${state.padEnd(11)}${extraFields(socket, row, options)}`
}

function extraFields(socket: Socket, row: InetRow | SctpRow, options: CompatOptions): string {
  const user = options.extend ? ` ${userField(row.uid, options.names)} ${row.inode.padEnd(10)}` : ''
  const timer = options.timers && isInetRow(row) ? ` ${timerField(row, options.userHz)}` : ''
  return `${user}${options.programs ? ` ${programField(socket)}` : ''}${timer}`
}

const queue = (bytes: number) => String(bytes).padStart(6)

function addressField(row: InetRow, address: string, port: number, options: CompatOptions): string {
  const protocol = row.table.replace('6', '')
  const portText = port === 0 ? '*' : (options.names.service(port, protocol) ?? String(port))
  const numeric = isMappedIp(address) ? unmapIp(address) : address
  const isAny6 = address === '::' && !options.numericHosts
  let host = bytesOf(isAny6 ? '[::]' : isUnspecifiedIp(address) ? numeric : (options.names.host(address) ?? numeric))
  // The cut makes another valid-looking address of a long one; that is what scripts built on netstat read.
  if (!options.wide && host.length + portText.length > ADDRESS_CHARACTERS)
    host = host.slice(0, ADDRESS_CHARACTERS - portText.length)
  return `${host}:${portText}`.padEnd(23)
}

/** netstat reads past its table of names for states it does not know; these two are what stands there. */
function tcpState(state: number): string {
  return TCP_STATE_NAMES[state] ?? (state === 12 ? 'LISTENING' : state === 13 ? 'CONN SENT' : '')
}

function userField(uid: number, names: Names): string {
  const name = names.user(uid)
  // Printed with %d: ids above 2^31 come out negative.
  return bytesOf(name ?? String(uid | 0)).padEnd(10)
}

function timerField(row: InetRow, userHz: number): string {
  const seconds = (row.timerTicks / userHz).toFixed(2)
  if (row.table.startsWith('tcp')) {
    return `${netstatTimerName(row.timer)} (${seconds}/${row.retransmits}/${row.probes})`
  }
  // What netstat prints for UDP and raw sockets.
  const name =
    row.timer === TCP_TIMER.off ? 'off' : row.timer <= TCP_TIMER.keepalive ? `on${row.timer}` : `unkn-${row.timer}`
  return `${name} (${seconds}/0/${row.probes})`
}

/** The first process found, as netstat's cache of programs keeps it. */
function programField(socket: Socket): string {
  // netstat sees neither threads' own descriptors nor io_uring.
  const owner = socket.owners?.find(({ heldBy }) => heldBy === 'fd')
  if (owner === undefined) return '-'.padEnd(20)
  const first = owner.process.args?.[0] ?? ''
  const name = first.startsWith('/') ? first.slice(first.lastIndexOf('/') + 1) : first
  return `${owner.process.pid}/${name}`.slice(0, PROGRAM_BYTES).padEnd(20)
}

function unixLine(socket: Socket, row: UnixRow, options: CompatOptions): string {
  const state = unixStateName(row) ?? 'UNKNOWN'
  const flags = `[ ${unixFlagNames(row.flags)
    .map(name => `${name} `)
    .join('')}]`
  const type = SOCKET_TYPE_NAMES[row.type] ?? 'UNKNOWN'
  // sscanf's %s ends at the first white space.
  const path = /^[ \t\n\v\f\r]*([^ \t\n\v\f\r]*)/.exec(row.path ?? '')![1]!
  return `${'unix'.padEnd(5)} ${String(row.refs).padEnd(6)} ${flags.padEnd(11)} ${type.padEnd(10)} ${state.padEnd(13)} ${row.inode.padEnd(8)}${options.programs ? ` ${programField(socket)}` : ''} ${path}`
}

function sctpLine(socket: Socket, row: SctpRow, options: CompatOptions): string {
  const state = row.kind === 'endpoint' ? 'LISTEN' : row.state === SCTP_ESTABLISHED ? 'ESTABLISHED' : String(row.state)
  const address = (list: readonly string[], port: number) => `${list[0] ?? '*'}:${port || '*'}`.padEnd(23)
  return `sctp  ${queue(row.rxQueueBytes)} ${queue(row.txQueueBytes)} ${address(row.localAddresses, row.localPort)} ${address(row.remoteAddresses, row.remotePort)} ${state.padEnd(11)}${extraFields(socket, row, options)}`
}

/** Text as the byte string it is written as. */
const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

const UNSAFE = /[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|(?<![\xc2-\xf4][\x80-\xbf]{0,2})[\x80-\x9f]/g

/** Control characters of a byte string, also those encoded as UTF-8, become dots. */
function printable(line: string): string {
  return `${line.replace(UNSAFE, match => '.'.repeat(match.length))}\n`
}

/** What netstat says on stderr beside the tables. */
export interface CompatRemarks {
  bogus: readonly { file: string }[]
  unixContinuations: number
  /** -p: some processes, or all that hold sockets, could not be read; `uid` is the user who reads. */
  denied: { all: boolean; uid: number } | undefined
}

/** Source: netstat.c of net-tools 2.10: prg_cache_load, tcp_do_one, unix_do_one. */
export function compatRemarks({ bogus, unixContinuations, denied }: CompatRemarks): string {
  let text = ''
  if (denied?.all) text += `(No info could be read for "-p": geteuid()=${denied.uid} but you should be root.)\n`
  else if (denied)
    text +=
      '(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)\n'
  for (const { file } of bogus)
    text += `warning, got bogus ${file.replace('net/', '').replace(/6$/, '').replace('udplite', 'udp')} line.\n`
  text += 'warning, got bogus unix line.\n'.repeat(unixContinuations)
  return text
}
