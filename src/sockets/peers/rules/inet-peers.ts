import { groupBy } from '../../../group-by.ts'
import { isLoopbackIp, isUnspecifiedIp, unmapIp } from '../../../kernel/ip-address.ts'
import type { InetRow, InetTable } from '../../tables/inet-row.ts'

/** A socket of an internet protocol and the network namespace it is in. */
export interface InetEnd {
  row: InetRow
  /** Undefined where the socket is in the namespace of the reader. */
  netns?: { netns: string } | undefined
}

/** A connection whose addresses were translated: what its opener asked for, and what the answering side sees. */
export interface TranslatedFlow {
  protocol: string
  original: Tuple
  reply: Tuple
}

/** Addresses are not IPv4-mapped. */
export interface Tuple {
  source: string
  sourcePort: number
  destination: string
  destinationPort: number
}

/**
 * The other end of each connected socket, where it is among `ends`: the socket with the same two addresses the other way
 * round, in the same namespace before any other; through address translation the one that `flows` lead to. Several are
 * candidates of which one is it. `own` names the namespace of the reader. Symmetric: b is among the peers of a exactly where a is among those of b.
 */
export function inetPeers<End extends InetEnd>(
  ends: readonly End[],
  { flows = [], own }: { flows?: readonly TranslatedFlow[]; own?: string | undefined } = {},
): Map<End, End[]> {
  const placeOf = ({ netns }: End) => netns?.netns ?? own
  const connected = ends.filter(({ row }) => hasRemote(row))
  const byTuple = groupBy(connected, ({ row }) => keyOf(protocolOf(row.table), localTuple(row)))
  const near = new Map<End, End[]>()
  const far = new Map<End, End[]>()
  for (const end of connected) {
    for (const other of byTuple.get(keyOf(protocolOf(end.row.table), reversed(localTuple(end.row)))) ?? []) {
      if (placeOf(other) === placeOf(end)) add(near, end, other)
      else if (!staysInside(end.row)) add(far, end, other)
    }
  }
  for (const { protocol, original, reply } of flows) {
    const openers = byTuple.get(keyOf(protocol, original)) ?? []
    const answerers = byTuple.get(keyOf(protocol, reply)) ?? []
    for (const opener of openers)
      for (const answerer of answerers) {
        add(far, opener, answerer)
        add(far, answerer, opener)
      }
  }
  // What has its other end beside it has it nowhere else, and is nobody else's.
  const peers = new Map(near)
  for (const [end, others] of far) {
    const free = others.filter(other => !near.has(other))
    if (!near.has(end) && free.length > 0) peers.set(end, free)
  }
  return peers
}

/** `tcp` of tcp and tcp6: both talk to each other where an IPv6 socket takes IPv4. */
export function protocolOf(table: InetTable): string {
  return table.replace(/6$/, '')
}

/** Has a peer, and a port to find it by. */
export function hasRemote({ table, remoteAddress, remotePort }: InetRow): boolean {
  return !table.startsWith('raw') && !table.startsWith('icmp') && remotePort !== 0 && !isUnspecifiedIp(remoteAddress)
}

/** Loopback never leaves its namespace. */
function staysInside({ localAddress, remoteAddress }: InetRow): boolean {
  return isLoopbackIp(unmapIp(localAddress)) || isLoopbackIp(unmapIp(remoteAddress))
}

function localTuple(row: InetRow): Tuple {
  return {
    source: unmapIp(row.localAddress),
    sourcePort: row.localPort,
    destination: unmapIp(row.remoteAddress),
    destinationPort: row.remotePort,
  }
}

function reversed({ source, sourcePort, destination, destinationPort }: Tuple): Tuple {
  return { source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort }
}

const keyOf = (protocol: string, { source, sourcePort, destination, destinationPort }: Tuple) =>
  `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`

function add<End>(to: Map<End, End[]>, end: End, other: End): void {
  const others = to.get(end)
  if (others === undefined) to.set(end, [other])
  else if (!others.includes(other)) others.push(other)
}
