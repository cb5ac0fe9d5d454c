import type { InetRow, TcpTable } from '../tables/inet-row.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import type { Ownerless } from '../model.ts'
import { isInetRow, type SocketRow } from '../tables/socket-row.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { UNIX_STATE } from '../../kernel/unix-socket.ts'
import type { Listening } from './listening.ts'

/** Every reason, with what it means. docs/mynetstat.md is made from this table. */
export const OWNERLESS_REASONS = {
  'time-wait': 'the kernel keeps it until old segments have expired; its process has closed it',
  'accept-queue': 'a connection that its listener has not taken with accept() yet; `listenerPids` hold that listener',
  'syn-queue': 'half-way through the handshake with a listener; `listenerPids` hold that listener',
  orphan: 'closed by its process; the kernel finishes the conversation',
  kernel: 'made by the kernel itself',
  'in-flight':
    'perhaps sent over a unix socket and not received yet: the kernel counts files in flight; `candidatePids` hold such a socket',
  hidden:
    'processes could not be looked into, one of them holds it; with `perhaps` the kernel may as well, or it had gone',
  'outside-pid-namespace': 'only the processes of a pid namespace can be seen; perhaps one outside holds it',
  gone: 'it was closed while owners were looked for: no table held it any more',
  'not-recorded': 'the recording holds no descriptors',
  'none-found':
    "no process holds it, and all were searched: the kernel's own, or in a recording perhaps closed meanwhile",
} as const satisfies Record<Ownerless['reason'], string>

/** What is known of the search for owners when a socket has none. */
export interface OwnerSearch {
  listening: Listening
  /** Path → inodes of unix sockets that may listen there. */
  unixListeners: ReadonlyMap<string, readonly string[]>
  pidsOf: (inode: string) => number[]
  /** Descriptors were recorded at all. */
  hasDescriptors: boolean
  /** The descriptors of some processes could not be read, or /proc is mounted so that processes are hidden. */
  hidden: boolean
  /** Only the processes of a pid namespace below the host's are visible. */
  inPidNamespace: boolean
  /** No table held it any more when they were read again. */
  isGone: (inode: string) => boolean
  /** What a process that cannot be looked into may hold is that of others: see {@link isOfOthers}. */
  reader: { uid: number | undefined; isCapable: boolean; sawItTwice: boolean }
  /** Sockets with an inode for which no owner was found. */
  unheld: number
  /** Files in flight to unix sockets, and the processes that hold such a socket. */
  inFlight: { files: number; pids: number[] }
}

/** Why this socket has no owner: from its state where that decides it, otherwise from what the search could not see. */
export function explainOwnerless(row: SocketRow, search: OwnerSearch): Ownerless {
  if (isKernelSocket(row)) return { reason: 'kernel' }
  if (row.inode === '0') {
    const byState = isInetRow(row) ? explainWithoutInode(row, search) : undefined
    if (byState) return byState
    if (row.table === 'unix') {
      const listeners = search.unixListeners.get(row.path ?? '') ?? []
      return { reason: 'accept-queue', listenerPids: listeners.flatMap(search.pidsOf) }
    }
  }
  if (!search.hasDescriptors) return { reason: 'not-recorded' }
  if (search.isGone(row.inode)) return { reason: 'gone' }
  // Hidden processes may hold any number of sockets; no more can be in flight than the kernel counts.
  const { files, pids } = search.inFlight
  if (files > 0 && (search.unheld <= files || !(search.hidden || search.inPidNamespace)))
    return { reason: 'in-flight', candidatePids: pids }
  if (search.hidden) return isOfOthers(row, search.reader) ? { reason: 'hidden' } : { reason: 'hidden', perhaps: true }
  if (search.inPidNamespace) return { reason: 'outside-pid-namespace' }
  return { reason: 'none-found' }
}

/** Whether only permission explains that no owner was found: another user made the socket, and it stayed. */
function isOfOthers(row: SocketRow, { uid, isCapable, sawItTwice }: OwnerSearch['reader']): boolean {
  return sawItTwice && !isCapable && uid !== undefined && 'uid' in row && row.uid !== uid
}

/** Made by the kernel itself. */
export function isKernelSocket(row: SocketRow): boolean {
  return row.table === 'netlink' && row.portId === 0
}

function explainWithoutInode(row: InetRow, search: OwnerSearch): Ownerless | undefined {
  if (!row.table.startsWith('tcp')) return undefined
  const listeners = () => search.listening.at(unmapIp(row.localAddress), row.localPort, row.table as TcpTable)
  const listenerPids = () => listeners().flatMap(listener => search.pidsOf(listener.inode))
  switch (row.state) {
    case TCP_STATE.timeWait:
      return { reason: 'time-wait' }
    case TCP_STATE.synRecv:
      return { reason: 'syn-queue', listenerPids: listenerPids() }
    case TCP_STATE.established:
    case TCP_STATE.closeWait:
      return listeners().length > 0 ? { reason: 'accept-queue', listenerPids: listenerPids() } : { reason: 'orphan' }
    default:
      return { reason: 'orphan' }
  }
}

/** Unix sockets that may listen, by path: path → inodes. */
export function unixListeners(rows: readonly SocketRow[]): Map<string, string[]> {
  const byPath = new Map<string, string[]>()
  for (const row of rows) {
    if (row.table !== 'unix' || row.inode === '0' || row.state !== UNIX_STATE.unconnected || row.path === undefined)
      continue
    const others = byPath.get(row.path)
    if (others === undefined) byPath.set(row.path, [row.inode])
    else others.push(row.inode)
  }
  return byPath
}
