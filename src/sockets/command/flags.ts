import * as Flags from '@oclif/core/flags'
import type { SocketSelection, TableChoice } from '../rules/selection.ts'
import { namespaceFlags } from '../../cli/namespace-flags.ts'
import { peerFlags } from './peer-flags.ts'
import { didYouMean } from '../../terminal/did-you-mean.ts'
import { UsageError } from '../../errors.ts'
import { changeFlags } from './change-flags.ts'
import { viewFlags } from './views-flags.ts'
import { tcpInfoFlags } from './tcp-info-flags.ts'
import { SOCKET_COLUMN_NAMES, type SocketColumnName } from '../show/columns.ts'
import { scriptFlags } from './options/script-flags.ts'

const kind = { helpGroup: 'protocol' }
const show = { helpGroup: 'display' }

/** Words of -A. */
export const FAMILIES: readonly string[] = ['inet', 'inet6', 'unix', 'packet', 'netlink']

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
  inet: Flags.boolean({ char: '4' as 'i', aliases: ['ip', 'tcpip'], description: 'IPv4', ...kind }),
  inet6: Flags.boolean({ char: '6' as 'i', description: 'IPv6', ...kind }),
  protocol: Flags.string({
    char: 'A',
    helpValue: 'FAMILY,…',
    description: FAMILIES.join(', '),
    ...kind,
  }),
  numeric: Flags.boolean({ char: 'n', description: 'numbers instead of names', ...show }),
  'numeric-hosts': Flags.boolean({ description: 'addresses as numbers', ...show }),
  'numeric-ports': Flags.boolean({ description: 'ports as numbers', ...show }),
  'numeric-users': Flags.boolean({ description: 'users as numbers', ...show }),
  programs: Flags.boolean({
    char: 'p',
    aliases: ['program'],
    description: 'who owns each socket: PID/Program name of every process',
    ...show,
  }),
  extend: Flags.boolean({ char: 'e', description: 'user and inode', ...show }),
  timers: Flags.boolean({ char: 'o', description: 'timers', ...show }),
  why: Flags.boolean({ description: 'why a socket has no owner, or how it is held', ...show }),
  cmdline: Flags.boolean({ description: 'the whole command line as last column', ...show }),
  ...tcpInfoFlags,
  columns: Flags.string({
    helpValue: 'a,b,c',
    description: 'these columns, whatever -p, -e and -o would add; --columns help tells all there are',
    ...show,
  }),
  sort: Flags.string({ helpValue: 'KEY[:desc]', description: "by a column instead of the kernel's order", ...show }),
  'no-header': Flags.boolean({ description: 'rows only', ...show }),
  wide: Flags.boolean({
    char: 'W',
    description: 'every column whole, also where a terminal is too narrow (with --compat: do not cut addresses)',
    ...show,
  }),
  unlisted: Flags.boolean({
    description: 'with --json: also which sockets processes hold that no table lists; they may be very many',
    ...show,
  }),
  continuous: Flags.boolean({
    char: 'c',
    description: 'again every SECONDS (default 1); each address is looked up once',
  }),
  verbose: Flags.boolean({ char: 'v', description: 'also say which tables this kernel does not have' }),
  compat: Flags.boolean({
    description: 'byte for byte what netstat of net-tools 2.10 prints, for scripts that parse it',
  }),
  ...namespaceFlags,
  ...scriptFlags,
  ...viewFlags,
  ...changeFlags,
  ...peerFlags,
  masquerade: Flags.boolean({ char: 'M', hidden: true }),
  context: Flags.boolean({ char: 'Z', hidden: true }),
  // netstat takes these with sockets, where they change nothing.
  symbolic: Flags.boolean({ char: 'N', hidden: true }),
  fib: Flags.boolean({ char: 'F', hidden: true }),
  cache: Flags.boolean({ char: 'C', hidden: true }),
}

/** Flags of ours that `--compat` has no place for: netstat's output has none of it. */
const NOT_IN_COMPAT = [
  'json',
  'why',
  'cmdline',
  'columns',
  'sort',
  'packet',
  'netlink',
  'mptcp',
  'tcp-info',
  'peer',
] as const

/** Flags that would have no effect beside another one, and what to do instead. */
const CONFLICTS: readonly [flag: string, beside: string, hint: string][] = [
  ['watch', 'continuous', '--watch shows what changes, -c everything again'],
  ['watch', 'compat', '--compat prints what netstat prints and nothing else'],
  ['watch', 'group-by', 'watch sockets, or count them with -c'],
  ['watch', 'summary', 'watch sockets, or count them with -c'],
  ['watch', 'fail-on', '--wait waits until a socket is so'],
  ['watch', 'peer', 'a list of peers is made once'],
  ...NOT_IN_COMPAT.map(
    flag => [flag, 'compat', '--compat prints what netstat prints and nothing else'] as [string, string, string],
  ),
  ['unlisted', 'compat', '--compat prints what netstat prints and nothing else'],
  ['all-netns', 'compat', 'netstat sees one network namespace: name it with --netns'],
  ['all-netns', 'netns', '--netns names one of them'],
  ['columns', 'json', '--json holds every fact of each socket; choose among its keys'],
  ['no-header', 'json', '--json has no header'],
  ['why', 'columns', 'give the column why'],
  ['cmdline', 'columns', 'give the column cmdline'],
  ['peer', 'columns', 'give the column peer'],
]

/** Refuses flags of which one would be ignored. */
export function refuseConflicts(
  flags: Partial<NetstatFlags> & { json?: boolean | undefined; from?: string | undefined; endian?: string | undefined },
): void {
  const given = (name: string) => Boolean(flags[name as keyof typeof flags])
  const conflict = CONFLICTS.find(([flag, beside]) => given(flag) && given(beside))
  if (conflict !== undefined)
    throw new UsageError(`--${conflict[0]} and --${conflict[1]} do not go together`, { hint: conflict[2] })
  if (given('unlisted') && !given('json'))
    throw new UsageError('--unlisted is for --json', { hint: 'without --json the table shows what is listed' })
  const repeats = flags.watch ? '--watch' : '-c'
  if ((flags.continuous || flags.watch) && flags.from)
    throw new UsageError(`${repeats} repeats a live reading; a recording never changes`, {
      hint: `leave out ${repeats}, or --from`,
    })
}

/** What netstat does and mynetstat does not, and the tools that do it. */
const ELSEWHERE = {
  masquerade: 'conntrack -L --src-nat',
  context: 'ss -Z',
} as const

export type NetstatFlags = import('@oclif/core/interfaces').InferredFlags<typeof netstatFlags>

export function refuseOtherJobs(flags: NetstatFlags): void {
  for (const [name, command] of Object.entries(ELSEWHERE)) {
    if (flags[name as keyof typeof ELSEWHERE])
      throw new UsageError(`mynetstat shows sockets and has no --${name}`, { hint: `use: ${command}` })
  }
}

/** What `-A` is mistaken for. */
const PROTOCOL_LETTERS: Readonly<Record<string, string>> = { tcp: 't', udp: 'u', raw: 'w', sctp: 'S' }

export function tableChoiceOf(flags: NetstatFlags): TableChoice {
  const families = (flags.protocol ?? '').split(',').filter(Boolean)
  const unknown = families.find(name => !FAMILIES.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`there is no address family ${unknown} in -A; known are ${FAMILIES.join(', ')}`, {
      hint: Object.hasOwn(PROTOCOL_LETTERS, unknown)
        ? `sockets of ${unknown} are shown by -${PROTOCOL_LETTERS[unknown]}`
        : didYouMean(unknown, FAMILIES, 'several are written with commas: -A inet,unix'),
    })
  return {
    tcp: flags.tcp,
    udp: flags.udp,
    udplite: flags.udplite,
    mptcp: flags.mptcp,
    sctp: flags.sctp,
    raw: flags.raw,
    unix: flags.unix || families.includes('unix'),
    packet: flags.packet || families.includes('packet'),
    netlink: flags.netlink || families.includes('netlink'),
    ipv4: flags.inet || families.includes('inet'),
    ipv6: flags.inet6 || families.includes('inet6'),
  }
}

export function selectionOf(flags: NetstatFlags, ports: number[], filterNamesStates = false): SocketSelection {
  // A port, or a state, is a question of its own: without -l and -a its listener counts too.
  const isQuestion = ports.length > 0 || filterNamesStates
  return { all: flags.all || (isQuestion && !flags.listening), listening: flags.listening && !flags.all, ports }
}

export function columnNamesOf(text: string | undefined): SocketColumnName[] | undefined {
  return text?.split(',').map(name => columnName(name, '--columns'))
}

export function sortOf(text: string | undefined): { name: SocketColumnName; descending: boolean } | undefined {
  if (text === undefined) return undefined
  const [name = '', direction = 'asc'] = text.split(':')
  if (direction !== 'asc' && direction !== 'desc')
    throw new UsageError(`--sort ${text} ends in neither :asc nor :desc`, { hint: `write --sort ${name}:desc` })
  return { name: columnName(name, '--sort'), descending: direction === 'desc' }
}

function columnName(name: string, flag: string): SocketColumnName {
  const known = SOCKET_COLUMN_NAMES.find(column => column === name.trim())
  if (known === undefined)
    throw new UsageError(`${flag} knows no column ${name.trim() || '(empty)'}`, {
      hint: didYouMean(name.trim(), SOCKET_COLUMN_NAMES, `known are ${SOCKET_COLUMN_NAMES.join(', ')}`),
    })
  return known
}
