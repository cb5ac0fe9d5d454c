import type { HostJson } from '../../../fleet/index.ts'
import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import { endJson, type PeerEndJson } from '../../show/peer-json.ts'
import { socketJson, type SocketJson } from '../../show/socket-json.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { EndKind, HostSocket } from '../host-socket.ts'
import type { EndFinding } from '../rules/unread.ts'

/** Document of `mynetstat --host`: sockets of several hosts, with both ends of their connections. */
export interface FleetSocketsDocument extends Envelope, Remarks<Record<string, Record<string, number>>> {
  schema: 'linsight/fleet-sockets/1'
  /** Every host that was asked, in the order of the command line. */
  hosts: HostJson[]
  sockets: FleetSocketJson[]
  /** Who has not read or accepted, of connections of which both ends are known. Texts are escaped. */
  findings: EndFinding[]
  /** The filter as it was read. */
  filter?: string | undefined
  /** Host → errno name → processes whose descriptors were refused. */
  unreadable: Record<string, Record<string, number>>
}

/** A socket of one of the hosts. */
export type FleetSocketJson = { host: string } & SocketJson & {
    /** Its other end, on any of the hosts; absent where it is connected to nothing. */
    end?: FarEndJson
  }

export interface FarEndJson {
  kind: EndKind
  /** The other end, or candidates of which one is it; empty where none was found. */
  ends: FleetEndJson[]
  /** Of `one-sided`: the hosts whose address it is. */
  hosts?: readonly string[] | undefined
}

export interface FleetEndJson extends PeerEndJson {
  host: string
  /** Bytes not read; of a listener the connections that wait for accept(). */
  rxQueueBytes?: number | undefined
  /** Bytes not acknowledged. */
  txQueueBytes?: number | undefined
}

export interface FleetSockets {
  hosts: HostJson[]
  sockets: readonly HostSocket[]
  findings: EndFinding[]
  filter: string | undefined
  unreadable: Record<string, Record<string, number>>
  /** Ticks a second of each host. */
  userHz: ReadonlyMap<string, number>
}

/** The document `linsight/fleet-sockets/1`. */
export function fleetSocketsDocument(
  origin: Origin,
  { hosts, sockets, findings, filter, unreadable, userHz }: FleetSockets,
): Document<FleetSocketsDocument, 'sockets'> {
  return {
    what: 'fleet-sockets',
    origin,
    lists: { sockets: sockets.map(one => fleetSocketJson(one, userHz.get(one.host) ?? 100)) },
    facts: { hosts, findings, filter },
    unreadable,
  }
}

function fleetSocketJson({ host, socket, end }: HostSocket, userHz: number): FleetSocketJson {
  return {
    host,
    ...socketJson(socket, userHz),
    ...(end && { end: { kind: end.kind, ends: end.ends.map(fleetEndJson), hosts: end.hosts } }),
  }
}

function fleetEndJson({ host, socket }: HostSocket): FleetEndJson {
  const { row } = socket
  return {
    host,
    ...endJson(socket),
    ...(isInetRow(row) && { rxQueueBytes: row.rxQueueBytes, txQueueBytes: row.txQueueBytes }),
  }
}
