import { parseFibTrie, parseIfInet6 } from '../../firewall/index.ts'
import { optional } from '../../errors.ts'
import { isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { Libc } from '../../libc/libc.ts'
import { inNamespace, isReadable } from '../../namespaces/inside.ts'
import type { NetworkNamespace } from '../../namespaces/model.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parsePidStat } from '../../processes/pid-stat.ts'
import { byteOrderOf } from '../tables/guess-endianness.ts'
import type { InetRow, InetTable } from '../tables/inet-row.ts'
import { readSocketTables } from '../tables/read-tables.ts'
import { isInetRow } from '../tables/socket-row.ts'
import type { Publication } from './rules/published-ports.ts'
import type { PublishedAnswer } from './published-port.ts'

/** Ports of a range that are looked at one by one. */
const MOST_PORTS = 64

/** A row that answers a published port; its owners are looked for when all are known. */
export interface AnsweringRow {
  answer: PublishedAnswer
  row: InetRow
}

/** The network namespaces of a machine by what publishing knows of them. Each is read once, and only where it is asked for. */
export class Namespaces {
  readonly #source: ProcSource
  readonly #all: readonly NetworkNamespace[]
  readonly #libc: Libc | undefined
  readonly #rows = new Map<string, readonly InetRow[]>()
  #homes: Map<string, NetworkNamespace[]> | undefined

  constructor(source: ProcSource, all: readonly NetworkNamespace[], libc: Libc | undefined) {
    this.#source = source
    this.#all = all
    this.#libc = libc
  }

  get own(): NetworkNamespace | undefined {
    return this.#all.find(({ isOwn }) => isOwn)
  }

  /** Namespaces, but the own one, that have this address. */
  withAddress(address: string): readonly NetworkNamespace[] {
    this.#homes ??= this.#readHomes()
    return this.#homes.get(address) ?? []
  }

  /** Every address of another namespace. */
  addresses(): string[] {
    this.#homes ??= this.#readHomes()
    return [...this.#homes.keys()]
  }

  /** The namespace of a process, or of its first child that is in another one. */
  ofProcess(pid: number): NetworkNamespace | undefined {
    return this.#all.find(({ holders }) => holders.processes.includes(pid))
  }

  ofChild(pid: number): NetworkNamespace | undefined {
    return this.#all.find(
      ({ isOwn, holders }) =>
        !isOwn &&
        holders.processes.some(
          child => optional(() => parsePidStat(this.#source.readFile(`${child}/stat`))?.parentPid) === pid,
        ),
    )
  }

  /** By a path: a mount of it, or a link of a process. */
  atPath(path: string): NetworkNamespace | undefined {
    const pid = /^\/proc\/(\d+)\/ns\/net$/.exec(path)?.[1]
    if (pid !== undefined) return this.ofProcess(Number(pid))
    return this.#all.find(({ holders }) => holders.mounts.some(({ place }) => place === path))
  }

  /** Sockets that wait for others there. */
  listenersIn(namespace: NetworkNamespace, protocol: string): readonly InetRow[] {
    const key = `${namespace.name} ${protocol}`
    let rows = this.#rows.get(key)
    if (rows === undefined) this.#rows.set(key, (rows = this.#readListeners(namespace, protocol)))
    return rows
  }

  #readHomes(): Map<string, NetworkNamespace[]> {
    const homes = new Map<string, NetworkNamespace[]>()
    for (const namespace of this.#all) {
      if (namespace.isOwn || !isReadable(namespace, this.#libc)) continue
      for (const address of localAddresses(inNamespace(this.#source, namespace, this.#libc))) {
        if (address.startsWith('127.') || address === '::1') continue
        homes.set(address, [...(homes.get(address) ?? []), namespace])
      }
    }
    return homes
  }

  #readListeners(namespace: NetworkNamespace, protocol: string): readonly InetRow[] {
    const inside = inNamespace(this.#source, namespace, this.#libc)
    const tables: InetTable[] = protocol === 'udp' ? ['udp', 'udp6'] : ['tcp', 'tcp6']
    const { littleEndian } = byteOrderOf(this.#source)
    const { rows } = readSocketTables(inside, { tables, littleEndian, listenersOnly: true, skipDetails: true })
    return rows.filter(isInetRow).filter(isWaiting)
  }
}

/** It takes what comes from anybody. */
export function isWaiting({ table, state, remoteAddress }: InetRow): boolean {
  return table.startsWith('tcp') ? state === TCP_STATE.listen : isUnspecifiedIp(remoteAddress)
}

/** The own addresses of a namespace; link-local ones are not told apart by interface. */
export function localAddresses(source: ProcSource): string[] {
  const ipv4 = optional(() => parseFibTrie(source.readFile('net/fib_trie')).addresses) ?? []
  const ipv6 = optional(() => parseIfInet6(source.readFile('net/if_inet6'))) ?? []
  return [...ipv4, ...new Set(ipv6.map(({ address }) => address))]
}

/** Fills in which namespaces a port leads to; the rows that answer there still lack their owners. */
export function findAnswers(ports: readonly Publication[], namespaces: Namespaces): AnsweringRow[] {
  return ports.flatMap(port => {
    const found = namespacesOf(port, namespaces).map(namespace => answersIn(port, namespace, namespaces))
    port.answers = found.flatMap(({ answers }) => answers)
    return found.flatMap(({ rows }) => rows)
  })
}

function namespacesOf({ to, into }: Publication, namespaces: Namespaces): readonly NetworkNamespace[] {
  const only = (namespace: NetworkNamespace | undefined) => (namespace === undefined ? [] : [namespace])
  if (to.unfollowed !== undefined || to.path !== undefined || to.through !== undefined) return []
  if (to.isSelf) return only(namespaces.own)
  if (into !== undefined) {
    const { forwarding, owner } = into
    if (forwarding.kind === 'child') return only(namespaces.ofChild(owner))
    if (forwarding.pid !== undefined) return only(namespaces.ofProcess(forwarding.pid))
    return forwarding.path === undefined ? [] : only(namespaces.atPath(forwarding.path))
  }
  if (to.address === undefined) return []
  return isLoopback(to.address) ? only(namespaces.own) : namespaces.withAddress(to.address)
}

const isLoopback = (address: string) => address.startsWith('127.') || address === '::1' || address === 'localhost'

function answersIn(
  port: Publication,
  namespace: NetworkNamespace,
  namespaces: Namespaces,
): { answers: PublishedAnswer[]; rows: AnsweringRow[] } {
  const { name: netns, label } = namespace
  const listeners = namespaces.listenersIn(namespace, port.protocol ?? 'tcp')
  const rows = wantedPorts(port, listeners).flatMap(wanted => {
    const row = listenerAt(listeners, port.to.isSelf ? undefined : port.to.address, wanted)
    if (row === undefined) return []
    const listener = { inode: row.inode, address: unmapIp(row.localAddress), port: row.localPort, owners: [] }
    return [{ row, answer: { namespace: { netns, label }, listener } }]
  })
  const nobody: PublishedAnswer = { namespace: { netns, label }, listener: undefined }
  return { rows, answers: rows.length === 0 ? [nobody] : rows.map(({ answer }) => answer) }
}

/** The ports behind the published ones; where they are not told, that of the only listener or the same. */
function wantedPorts({ to, ports }: Publication, listeners: readonly InetRow[]): number[] {
  if (to.port === undefined) {
    const open = [...new Set(listeners.map(({ localPort }) => localPort))]
    if (open.length === 1) return open
    return ports !== undefined && open.includes(ports[0]) ? [ports[0]] : []
  }
  const count = ports === undefined ? 1 : Math.min(MOST_PORTS, ports[1] - ports[0] + 1)
  return Array.from({ length: count }, (_, i) => to.port! + i)
}

/** The listener that a packet to this address and port belongs to: on its own address before any address. */
export function listenerAt(rows: readonly InetRow[], address: string | undefined, port: number): InetRow | undefined {
  const there = rows.filter(({ localPort }) => localPort === port)
  if (address === undefined) return there[0]
  const on = (wanted: string) => there.find(({ localAddress }) => unmapIp(localAddress) === wanted)
  return on(address) ?? (address.includes(':') ? on('::') : (on('0.0.0.0') ?? on('::')))
}
