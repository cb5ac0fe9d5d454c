import type { InetRow } from '../tables/inet-row.ts'
import { isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import type { Ownerless } from '../model.ts'
import { isInetRow, type SocketRow } from '../tables/socket-row.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'

/** What is known of the search for owners when a socket has none. */
export interface OwnerSearch {
  listeners: ListenerIndex
  pidsOf: (inode: string) => number[]
  /** Descriptors were recorded at all. */
  hasDescriptors: boolean
  /** Processes that could not be looked into, or are hidden by the mount options of /proc. */
  hidden: boolean
  /** We see only the processes of a pid namespace below the host's. */
  inPidNamespace: boolean
  /** Sockets with an inode that nobody was found to hold. */
  unheld: number
  /** Files in flight to unix sockets, and the processes that hold such a socket. */
  inFlight: { files: number; pids: number[] }
}

/** Why nobody holds this socket: from its state where that tells, else from what the search could not see. */
export function explainOwnerless(row: SocketRow, search: OwnerSearch): Ownerless {
  if (row.table === 'netlink' && row.portId === 0) return { reason: 'kernel' }
  if (row.inode === '0') {
    const byState = isInetRow(row) ? explainWithoutInode(row, search) : undefined
    if (byState) return byState
    if (row.table === 'unix')
      return { reason: 'accept-queue', listenerPids: search.listeners.unixPids(row.path, search.pidsOf) }
  }
  if (!search.hasDescriptors) return { reason: 'not-recorded' }
  // Hidden processes may hold any number of sockets, what is in flight only so many.
  const { files, pids } = search.inFlight
  if (files > 0 && (search.unheld <= files || !(search.hidden || search.inPidNamespace)))
    return { reason: 'in-flight', candidatePids: pids }
  if (search.hidden) return { reason: 'hidden' }
  if (search.inPidNamespace) return { reason: 'outside-pid-namespace' }
  return { reason: 'none-found' }
}

function explainWithoutInode(row: InetRow, search: OwnerSearch): Ownerless | undefined {
  if (!row.table.startsWith('tcp')) return undefined
  const listenerPids = () => search.listeners.of(row).flatMap(listener => search.pidsOf(listener.inode))
  switch (row.state) {
    case TCP_STATE.timeWait:
      return { reason: 'time-wait' }
    case TCP_STATE.synRecv:
      return { reason: 'syn-queue', listenerPids: listenerPids() }
    case TCP_STATE.established:
    case TCP_STATE.closeWait:
      return search.listeners.of(row).length > 0
        ? { reason: 'accept-queue', listenerPids: listenerPids() }
        : { reason: 'orphan' }
    default:
      return { reason: 'orphan' }
  }
}

/** Listening sockets by what they listen on. */
export class ListenerIndex {
  readonly #byPort = new Map<number, InetRow[]>()
  readonly #byPath = new Map<string, string[]>()

  constructor(rows: readonly SocketRow[]) {
    for (const row of rows) {
      if (isInetRow(row)) {
        if (row.table.startsWith('tcp') && row.state === TCP_STATE.listen) append(this.#byPort, row.localPort, row)
      } else if (row.table === 'unix' && row.inode !== '0' && row.state === 1 && row.path !== undefined)
        append(this.#byPath, row.path, row.inode)
    }
  }

  /** Listeners a connection with these local ends belongs to: the same port, its own address before any address. */
  of(row: InetRow): InetRow[] {
    const samePort = this.#byPort.get(row.localPort) ?? []
    const address = unmapIp(row.localAddress)
    const exact = samePort.filter(listener => unmapIp(listener.localAddress) === address)
    if (exact.length > 0) return exact
    const wildcard = samePort.filter(listener => isUnspecifiedIp(listener.localAddress))
    const sameTable = wildcard.filter(listener => listener.table === row.table)
    return sameTable.length > 0 ? sameTable : wildcard
  }

  unixPids(path: string | undefined, pidsOf: (inode: string) => number[]): number[] {
    return (this.#byPath.get(path ?? '') ?? []).flatMap(pidsOf)
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
