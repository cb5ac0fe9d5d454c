import * as Flags from '@oclif/core/flags'
import type { SocketSelection, TableChoice } from '../rules/selection.ts'
import { UsageError } from '../../errors.ts'
import { SOCKET_COLUMN_NAMES, type SocketColumnName } from '../show/columns.ts'

const family = { helpGroup: 'family' }
const kind = { helpGroup: 'protocol' }
const show = { helpGroup: 'display' }

/** netstat's flags with netstat's meaning, and those it does not have. */
export const netstatFlags = {
  all: Flags.boolean({ char: 'a', description: 'every socket (default: those that are connected)' }),
  listening: Flags.boolean({ char: 'l', description: 'only sockets that wait for others' }),
  tcp: Flags.boolean({ char: 't', description: 'TCP', ...kind }),
  udp: Flags.boolean({ char: 'u', description: 'UDP', ...kind }),
  udplite: Flags.boolean({ char: 'U', description: 'UDP-Lite', ...kind }),
  sctp: Flags.boolean({ char: 'S', description: 'SCTP', ...kind }),
  raw: Flags.boolean({ char: 'w', description: 'raw and ICMP', ...kind }),
  unix: Flags.boolean({ char: 'x', description: 'unix', ...kind }),
  packet: Flags.boolean({ description: 'packet (what captures read from)', ...kind }),
  netlink: Flags.boolean({ description: 'netlink (what talks to the kernel)', ...kind }),
  // oclif's type for `char` knows letters only; its parser takes any character.
  inet: Flags.boolean({ char: '4' as 'i', aliases: ['ip', 'tcpip'], description: 'IPv4', ...family }),
  inet6: Flags.boolean({ char: '6' as 'i', description: 'IPv6', ...family }),
  protocol: Flags.string({
    char: 'A',
    helpValue: 'FAMILY,…',
    description: 'inet, inet6, unix, packet, netlink',
    ...family,
  }),
  numeric: Flags.boolean({ char: 'n', description: 'numbers instead of names', ...show }),
  'numeric-hosts': Flags.boolean({ description: 'addresses as numbers', ...show }),
  'numeric-ports': Flags.boolean({ description: 'ports as numbers', ...show }),
  'numeric-users': Flags.boolean({ description: 'users as numbers', ...show }),
  programs: Flags.boolean({
    char: 'p',
    description: 'who owns each socket: PID/Program name of every process',
    ...show,
  }),
  extend: Flags.boolean({ char: 'e', description: 'user and inode', ...show }),
  timers: Flags.boolean({ char: 'o', description: 'timers', ...show }),
  why: Flags.boolean({ description: 'why a socket has no owner, or how it is held', ...show }),
  cmdline: Flags.boolean({ description: 'the whole command line as last column', ...show }),
  columns: Flags.string({
    helpValue: 'a,b,c',
    description: `these columns: ${SOCKET_COLUMN_NAMES.join(', ')}`,
    ...show,
  }),
  sort: Flags.string({ helpValue: 'KEY[:desc]', description: "by a column instead of the kernel's order", ...show }),
  'no-header': Flags.boolean({ description: 'rows only', ...show }),
  wide: Flags.boolean({
    char: 'W',
    description: 'accepted for netstat: addresses are never cut here (with --compat: do not cut them)',
    ...show,
  }),
  continuous: Flags.boolean({ char: 'c', description: 'again every SECONDS (default 1)' }),
  verbose: Flags.boolean({ char: 'v', description: 'also say which tables this kernel does not have' }),
  compat: Flags.boolean({
    description: 'byte for byte what netstat of net-tools 2.10 prints, for scripts that parse it',
  }),
  route: Flags.boolean({ char: 'r', hidden: true }),
  interfaces: Flags.boolean({ char: 'i', hidden: true }),
  groups: Flags.boolean({ char: 'g', hidden: true }),
  statistics: Flags.boolean({ char: 's', hidden: true }),
}

/** What netstat does beside sockets, and the tools of iproute2 that do it. */
const ELSEWHERE = {
  route: 'ip route',
  interfaces: 'ip -s link',
  groups: 'ip maddress',
  statistics: 'nstat -az',
} as const

export type NetstatFlags = import('@oclif/core/interfaces').InferredFlags<typeof netstatFlags>

export function refuseOtherJobs(flags: NetstatFlags): void {
  for (const [name, command] of Object.entries(ELSEWHERE)) {
    if (flags[name as keyof typeof ELSEWHERE])
      throw new UsageError(`mynetstat shows sockets and has no --${name}`, { hint: `use: ${command}` })
  }
}

export function tableChoiceOf(flags: NetstatFlags): TableChoice {
  const families = (flags.protocol ?? '').split(',').filter(Boolean)
  const known = ['inet', 'inet6', 'unix', 'packet', 'netlink']
  const unknown = families.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`there is no address family ${unknown} in -A; known are ${known.join(', ')}`)
  return {
    tcp: flags.tcp,
    udp: flags.udp,
    udplite: flags.udplite,
    sctp: flags.sctp,
    raw: flags.raw,
    unix: flags.unix || families.includes('unix'),
    packet: flags.packet || families.includes('packet'),
    netlink: flags.netlink || families.includes('netlink'),
    ipv4: flags.inet || families.includes('inet'),
    ipv6: flags.inet6 || families.includes('inet6'),
  }
}

/** The operands: `:8080` or `8080` is a port; behind -c a plain number is the seconds between listings. */
export function operandsOf(words: readonly string[], flags: NetstatFlags): { ports: number[]; intervalMs: number } {
  const ports: number[] = []
  let intervalMs = 1000
  for (const word of words) {
    const port = /^:?(\d{1,5})$/.exec(word)?.[1]
    if (flags.continuous && /^\d+(\.\d+)?$/.test(word) && Number(word) > 0) intervalMs = Number(word) * 1000
    else if (port !== undefined && Number(port) <= 65535 && !flags.compat) ports.push(Number(port))
    // netstat ignores every operand it does not know.
    else if (!flags.compat) throw new UsageError(`${word} is no port`, { hint: 'a port is written :8080 or 8080' })
  }
  return { ports, intervalMs }
}

export function selectionOf(flags: NetstatFlags, ports: number[]): SocketSelection {
  // A port is a question of its own: without -l and -a its listener counts too.
  return { all: flags.all || (ports.length > 0 && !flags.listening), listening: flags.listening && !flags.all, ports }
}

export function columnNamesOf(text: string | undefined): SocketColumnName[] | undefined {
  return text?.split(',').map(name => columnName(name, '--columns'))
}

export function sortOf(text: string | undefined): { name: SocketColumnName; descending: boolean } | undefined {
  if (text === undefined) return undefined
  const [name = '', direction = 'asc'] = text.split(':')
  if (direction !== 'asc' && direction !== 'desc') throw new UsageError(`--sort ${text} ends in neither :asc nor :desc`)
  return { name: columnName(name, '--sort'), descending: direction === 'desc' }
}

function columnName(name: string, flag: string): SocketColumnName {
  const known = SOCKET_COLUMN_NAMES.find(column => column === name.trim())
  if (known === undefined)
    throw new UsageError(`${flag} knows no column ${name.trim() || '(empty)'}`, {
      hint: `known are ${SOCKET_COLUMN_NAMES.join(', ')}`,
    })
  return known
}
