import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { tcpTimerName, type TcpTimerName } from '../../../kernel/tcp-timer.ts'
import { SOCKET_TYPE_NAMES } from '../../../kernel/unix-socket.ts'
import type { Socket } from '../../model.ts'
import { hasTcpStates, isTimeWaitSocket, type InetRow } from '../../tables/inet-row.ts'
import type { NetlinkRow } from '../../tables/netlink-row.ts'
import type { PacketRow } from '../../tables/packet-row.ts'
import type { SctpRow } from '../../tables/sctp-row.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { UnixRow } from '../../tables/unix-row.ts'
import { stateText } from '../cell-text.ts'
import { bytesJson } from '../../../processes/show/bytes-json.ts'

/** netstat's name of an internet protocol; 6 is of IPv6. */
export type InetProtocol = `${'tcp' | 'udp' | 'udpl' | 'raw' | 'icmp' | 'mptcp'}${'' | '6'}`

export interface InetSocketJson {
  protocol: InetProtocol
  /** `ESTABLISHED`, `LISTEN`, `TIME_WAIT` …; empty for a socket of udp or raw that is not connected. */
  state: string
  localAddress: string
  localPort: number
  remoteAddress: string
  remotePort: number
  /** Bytes received and not read yet; not of a TCP listener. */
  rxQueueBytes?: number | undefined
  /** Of a TCP listener: connections that wait for accept(). */
  acceptQueueConnections?: number | undefined
  /** Bytes sent and not acknowledged yet. */
  txQueueBytes: number
  /** What the kernel waits for. */
  timer: TcpTimerName
  /** Seconds until the timer fires. */
  timerSeconds: number
  /** Times that data was sent again without an answer. */
  retransmits: number
  /** Unanswered probes. */
  probes: number
  /** Who created the socket; absent where the kernel no longer knows. */
  uid?: number | undefined
  refs?: number | undefined
  /** Datagrams dropped for lack of buffer; not in tcp. */
  drops?: number | undefined
}

export interface UnixSocketJson {
  protocol: 'unix'
  state: string
  type: string | number
  flags: number
  refs?: number | undefined
  /** Bytes received and not read yet; of a socket that does not listen, where the kernel was asked. */
  rxQueueBytes?: number | undefined
  /** Bytes sent and not read yet by the other end. */
  txQueueBytes?: number | undefined
  /** Of a listener: connections that wait for accept(). */
  acceptQueueConnections?: number | undefined
  /** `@` leads an abstract name. Escaped where it is not UTF-8. */
  path?: string
  /** The bytes of a `path` that is not UTF-8. */
  pathBase64?: string
}

export interface PacketSocketJson {
  protocol: 'packet'
  type: number
  etherType: number
  /** 0 is every interface. */
  interfaceIndex: number
  running?: boolean | undefined
  rxQueueBytes: number
  uid: number
  refs?: number | undefined
}

export interface NetlinkSocketJson {
  protocol: 'netlink'
  family: number
  portId: number
  groups: number
  rxQueueBytes: number
  txQueueBytes: number
  drops?: number | undefined
}

export interface SctpSocketJson {
  protocol: 'sctp'
  kind: 'endpoint' | 'association'
  state: string
  localAddresses: string[]
  localPort: number
  remoteAddresses: string[]
  remotePort: number
  rxQueueBytes: number
  txQueueBytes: number
  uid: number
}

export function rowJson(socket: Socket, userHz: number) {
  const { row } = socket
  if (isInetRow(row)) return inetJson(row, stateText(socket), userHz)
  switch (row.table) {
    case 'unix':
      return unixJson(row, stateText(socket))
    case 'packet':
      return packetJson(row)
    case 'netlink':
      return netlinkJson(row)
    case 'sctp':
      return sctpJson(row, stateText(socket))
  }
}

function inetJson(row: InetRow, state: string, userHz: number): InetSocketJson {
  return {
    protocol: row.table.replace('udplite', 'udpl') as InetProtocol,
    state,
    localAddress: row.localAddress,
    localPort: row.localPort,
    remoteAddress: row.remoteAddress,
    remotePort: row.remotePort,
    ...(isTcpListener(row) ? { acceptQueueConnections: row.rxQueueBytes } : { rxQueueBytes: row.rxQueueBytes }),
    txQueueBytes: row.txQueueBytes,
    timer: tcpTimerName(row.timer),
    timerSeconds: row.timerTicks / userHz,
    retransmits: row.retransmits,
    probes: row.probes,
    // The kernel no longer knows who created it and prints 0.
    uid: isTimeWaitSocket(row) ? undefined : row.uid,
    refs: row.refs,
    drops: row.drops,
  }
}

/** The kernel prints its accept queue where other sockets have the bytes they received. */
function isTcpListener({ table, state }: InetRow): boolean {
  return hasTcpStates(table) && state === TCP_STATE.listen
}

function unixJson(row: UnixRow, state: string): UnixSocketJson {
  return {
    protocol: 'unix',
    state,
    type: SOCKET_TYPE_NAMES[row.type] ?? row.type,
    flags: row.flags,
    refs: row.refs,
    ...unixQueuesJson(row),
    ...bytesJson('path', row.path),
  }
}

/** Only the kernel's own answer has them. */
function unixQueuesJson(
  row: UnixRow,
): Pick<UnixSocketJson, 'rxQueueBytes' | 'txQueueBytes' | 'acceptQueueConnections'> {
  if (row.acceptQueueLimit !== undefined) return { acceptQueueConnections: row.rxQueueBytes }
  return { rxQueueBytes: row.rxQueueBytes, txQueueBytes: row.txQueueBytes }
}

function packetJson(row: PacketRow): PacketSocketJson {
  return {
    protocol: 'packet',
    type: row.type,
    etherType: row.protocol,
    interfaceIndex: row.interfaceIndex,
    running: row.running,
    rxQueueBytes: row.rxQueueBytes,
    uid: row.uid,
    refs: row.refs,
  }
}

function netlinkJson(row: NetlinkRow): NetlinkSocketJson {
  return {
    protocol: 'netlink',
    family: row.protocol,
    portId: row.portId,
    groups: row.groups,
    rxQueueBytes: row.rxQueueBytes,
    txQueueBytes: row.txQueueBytes,
    drops: row.drops,
  }
}

function sctpJson(row: SctpRow, state: string): SctpSocketJson {
  return {
    protocol: 'sctp',
    kind: row.kind,
    state,
    localAddresses: row.localAddresses,
    localPort: row.localPort,
    remoteAddresses: row.remoteAddresses,
    remotePort: row.remotePort,
    rxQueueBytes: row.rxQueueBytes,
    txQueueBytes: row.txQueueBytes,
    uid: row.uid,
  }
}
