import { unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { isUnixListener, SOCKET_TYPE_NAMES } from '../../kernel/unix-socket.ts'
import type { Socket } from '../model.ts'
import { isInetRow } from '../tables/socket-row.ts'
import type { Column } from '../../terminal/columns.ts'
import {
  cmdlineText,
  interfaceText,
  localText,
  ownersText,
  pathText,
  peerText,
  programsText,
  publishedText,
  protocolText,
  remoteText,
  stateText,
  timerText,
  unixFlagsText,
  userText,
  wordText,
  whyText,
  type TextContext,
} from './cell-text.ts'
import type { Theme } from '../../terminal/theme.ts'
import { KERNEL_COLUMNS } from './kernel-columns.ts'
import type { SocketColumn } from './socket-column.ts'

const inet = (socket: Socket) => (isInetRow(socket.row) ? socket.row : undefined)
const unix = (socket: Socket) => (socket.row.table === 'unix' ? socket.row : undefined)
const ownerFact = (
  socket: Socket,
  fact: (owner: NonNullable<Socket['owners']>[number]) => string | number | undefined,
) => {
  const facts = new Set(socket.owners?.map(fact).filter(value => value !== undefined))
  return facts.size === 0 ? '-' : [...facts].join(',')
}
const number = (value: number | undefined) => (value === undefined ? '-' : String(value))
const rxQueueBytes = ({ row }: Socket) => row.rxQueueBytes
const txQueueBytes = ({ row }: Socket) => (row.table === 'packet' ? undefined : row.txQueueBytes)
const localPort = ({ row }: Socket) => (isInetRow(row) || row.table === 'sctp' ? row.localPort : undefined)
const remotePort = ({ row }: Socket) => (isInetRow(row) || row.table === 'sctp' ? row.remotePort : undefined)

/** Listeners stand out, states in which a connection may hang are marked, what only fades away is dimmed. */
function paintState(text: string, theme: Theme, { row }: Socket): string {
  if (row.table === 'unix') return isUnixListener(row) ? theme.good(text) : text
  if (row.table === 'sctp') return row.kind === 'endpoint' ? theme.good(text) : text
  if (row.table !== 'tcp' && row.table !== 'tcp6') return text
  switch (row.state) {
    case TCP_STATE.listen:
      return theme.good(text)
    case TCP_STATE.closeWait:
    case TCP_STATE.synSent:
    case TCP_STATE.synRecv:
    case TCP_STATE.lastAck:
      return theme.caution(text)
    case TCP_STATE.timeWait:
    case TCP_STATE.finWait2:
      return theme.quiet(text)
    default:
      return text
  }
}

/** Source: Linux include/uapi/linux/if_ether.h. */
const ETHER_TYPES: Readonly<Record<number, string>> = {
  3: 'ALL',
  0x800: 'IPv4',
  0x806: 'ARP',
  0x86dd: 'IPv6',
  0x8100: 'VLAN',
  0x888e: 'EAPOL',
  0x88cc: 'LLDP',
  0x88f7: 'PTP',
}

function etherTypeText(protocol: number): string {
  return ETHER_TYPES[protocol] ?? `0x${protocol.toString(16).padStart(4, '0')}`
}

/** Source: Linux include/uapi/linux/netlink.h. */
const NETLINK_FAMILIES: Readonly<Record<number, string>> = {
  0: 'ROUTE',
  2: 'USERSOCK',
  3: 'FIREWALL',
  4: 'SOCK_DIAG',
  5: 'NFLOG',
  6: 'XFRM',
  7: 'SELINUX',
  8: 'ISCSI',
  9: 'AUDIT',
  10: 'FIB_LOOKUP',
  11: 'CONNECTOR',
  12: 'NETFILTER',
  15: 'KOBJECT_UEVENT',
  16: 'GENERIC',
  18: 'SCSITRANSPORT',
  19: 'ECRYPTFS',
  20: 'RDMA',
  21: 'CRYPTO',
  22: 'SMC',
}

/** An IPv4 address with its port fits; of longer ones the ends are shown. */
const ADDRESS_WIDTH = 21

/** Every column there is, by the name `--columns` and `--sort` take. */
export const SOCKET_COLUMNS = {
  proto: { header: 'Proto', minWidth: 5, text: protocolText },
  'recv-q': {
    header: 'Recv-Q',
    align: 'right',
    minWidth: 6,
    text: socket => number(rxQueueBytes(socket)),
    sortValue: socket => rxQueueBytes(socket) ?? -1,
  },
  'send-q': {
    header: 'Send-Q',
    align: 'right',
    minWidth: 6,
    text: socket => number(txQueueBytes(socket)),
    sortValue: socket => txQueueBytes(socket) ?? -1,
  },
  local: { header: 'Local Address', minWidth: 23, shrinksTo: ADDRESS_WIDTH, text: localText },
  foreign: { header: 'Foreign Address', minWidth: 23, shrinksTo: ADDRESS_WIDTH, text: remoteText },
  'local-port': {
    header: 'Local Port',
    align: 'right',
    text: socket => number(localPort(socket)),
    sortValue: socket => localPort(socket) ?? -1,
  },
  'foreign-port': {
    header: 'Foreign Port',
    align: 'right',
    text: socket => number(remotePort(socket)),
    sortValue: socket => remotePort(socket) ?? -1,
  },
  'local-address': { header: 'Local IP', shrinksTo: 15, text: socket => unmapIp(inet(socket)?.localAddress ?? '-') },
  'foreign-address': {
    header: 'Foreign IP',
    shrinksTo: 15,
    text: socket => unmapIp(inet(socket)?.remoteAddress ?? '-'),
  },
  state: { header: 'State', minWidth: 11, text: stateText, paint: paintState },
  user: { header: 'User', minWidth: 10, shrinksTo: 8, text: userText },
  uid: { header: 'UID', align: 'right', text: socket => ownerFact(socket, owner => owner.process.effectiveUid) },
  inode: {
    header: 'Inode',
    minWidth: 10,
    text: socket => socket.row.inode,
    sortValue: socket => Number(socket.row.inode),
  },
  owner: { header: 'PID/Program name', minWidth: 20, shrinksTo: 16, separator: ',', text: ownersText },
  peer: { header: 'Peer', minWidth: 20, shrinksTo: 16, text: peerText },
  pid: {
    header: 'PID',
    text: socket => ownerFact(socket, owner => owner.process.pid),
    sortValue: socket => socket.owners?.[0]?.process.pid ?? -1,
  },
  program: { header: 'Program', shrinksTo: 10, text: programsText },
  cmdline: { header: 'Command', shrinksTo: 16, text: cmdlineText },
  exe: {
    header: 'Executable',
    shrinksTo: 16,
    text: socket =>
      ownerFact(socket, ({ process: { exe } }) => exe && wordText(exe.path) + (exe.deleted ? ' (deleted)' : '')),
  },
  unit: {
    header: 'Unit',
    shrinksTo: 12,
    text: socket => ownerFact(socket, owner => owner.process.unit && wordText(owner.process.unit)),
  },
  container: {
    header: 'Container',
    text: socket =>
      ownerFact(socket, owner => owner.process.container && wordText(owner.process.container.slice(0, 12))),
  },
  started: { header: 'Started', text: socket => ownerFact(socket, owner => owner.process.startedAt) },
  timer: { header: 'Timer', text: timerText, sortValue: socket => inet(socket)?.timerTicks ?? -1 },
  drops: {
    header: 'Drops',
    align: 'right',
    text: socket => number(inet(socket)?.drops),
    sortValue: socket => inet(socket)?.drops ?? -1,
  },
  refs: { header: 'RefCnt', minWidth: 6, text: socket => number('refs' in socket.row ? socket.row.refs : undefined) },
  flags: { header: 'Flags', minWidth: 11, text: socket => (unix(socket) ? unixFlagsText(unix(socket)!.flags) : '-') },
  type: {
    header: 'Type',
    minWidth: 10,
    text: socket => (unix(socket) ? (SOCKET_TYPE_NAMES[unix(socket)!.type] ?? 'UNKNOWN') : '-'),
  },
  path: { header: 'Path', shrinksTo: 16, text: pathText },
  interface: {
    header: 'Interface',
    text: interfaceText,
  },
  ethertype: { header: 'EtherType', text: ({ row }) => (row.table === 'packet' ? etherTypeText(row.protocol) : '-') },
  family: {
    header: 'Family',
    text: ({ row }) => (row.table === 'netlink' ? (NETLINK_FAMILIES[row.protocol] ?? String(row.protocol)) : '-'),
  },
  'port-id': {
    header: 'Port ID',
    align: 'right',
    text: ({ row }) => (row.table === 'netlink' ? String(row.portId) : '-'),
  },
  groups: { header: 'Groups', text: ({ row }) => (row.table === 'netlink' ? `0x${row.groups.toString(16)}` : '-') },
  ...KERNEL_COLUMNS,
  netns: {
    header: 'Network Namespace',
    shrinksTo: 16,
    text: ({ netns }) => (netns === undefined ? '-' : wordText(netns.label)),
  },
  nspid: {
    header: 'PID inside',
    text: socket => ownerFact(socket, owner => owner.process.namespacePids?.at(-1)),
  },
  published: { header: 'Published', shrinksTo: 16, wraps: true, text: publishedText },
  why: { header: 'Why', shrinksTo: 16, wraps: true, text: whyText },
} satisfies Record<string, SocketColumn>

export type SocketColumnName = keyof typeof SOCKET_COLUMNS

export const SOCKET_COLUMN_NAMES = Object.keys(SOCKET_COLUMNS) as SocketColumnName[]

/** Columns that need more facts of an owner than its name. */
export const FULL_FACT_COLUMNS: ReadonlySet<SocketColumnName> = new Set([
  'uid',
  'exe',
  'unit',
  'container',
  'started',
  'nspid',
])

/** Columns that need owners at all. */
export const OWNER_COLUMNS: ReadonlySet<SocketColumnName> = new Set([
  ...FULL_FACT_COLUMNS,
  'owner',
  'pid',
  'program',
  'cmdline',
  'why',
  'peer',
])

/** Columns that ask what is published. */
export const PUBLISHED_COLUMNS: ReadonlySet<SocketColumnName> = new Set(['published'])

/** Columns of facts that only the tables of /proc have of every TCP socket. */
export const DETAIL_COLUMNS: ReadonlySet<SocketColumnName> = new Set(['user', 'timer', 'refs'])

/** Where a section of netstat's names or spaces a column differently. */
export type ColumnChanges = Partial<Record<SocketColumnName, { header?: string; minWidth?: number }>>

/** The named columns for the table writer. */
export function socketColumns(
  names: readonly SocketColumnName[],
  context: TextContext,
  theme: Theme,
  changes: ColumnChanges = {},
): Column<Socket>[] {
  return names.map(name => {
    const column: SocketColumn = SOCKET_COLUMNS[name]
    const { header = column.header, minWidth = column.minWidth } = changes[name] ?? {}
    const { paint, shrinksTo, wraps, separator } = column
    return {
      header,
      minWidth,
      shrinksTo,
      wraps,
      separator,
      align: column.align,
      cell: socket => column.text(socket, context),
      ...(paint && { paint: (text, socket) => paint(text, theme, socket) }),
    }
  })
}

/** Sorts by a column; the kernel's order decides between equals. */
export function sortSockets(
  sockets: readonly Socket[],
  name: SocketColumnName,
  descending: boolean,
  context: TextContext,
): Socket[] {
  const column: SocketColumn = SOCKET_COLUMNS[name]
  const keyed = sockets.map(socket => ({ socket, key: column.sortValue?.(socket) ?? column.text(socket, context) }))
  const sign = descending ? -1 : 1
  return keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ socket }) => socket)
}
