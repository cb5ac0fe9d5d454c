import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { INET_ATTRIBUTE } from '../diag/decode/inet-facts.ts'
import { INET_AT, INET_MESSAGE_BYTES, InetReader } from '../diag/decode/inet-reader.ts'
import type { SocketDump } from '../diag/decode/socket-dump.ts'
import { TCP_INFO_FIELDS, tcpInfoPlace } from '../diag/decode/tcp-info-fields.ts'
import type { DumpEnd, Wire } from '../diag/decode/wire.ts'
import type { TcpInfo, TcpTable } from '../model.ts'
import type { SeenConnection, TrafficAccountant } from './accountant.ts'
import type { CookieKey } from './connection-columns.ts'

/** A row of a look: where its message stands, and its place with the accountant, -1 of what is no connection. */
export type VisitRow = (at: number, end: number, place: number, state: number) => void

/** States that come behind the FIN of the peer. */
const FIN_RECEIVED = new Set<number>([TCP_STATE.closeWait, TCP_STATE.lastAck, TCP_STATE.closing, TCP_STATE.timeWait])

const atOf = (name: keyof TcpInfo) => TCP_INFO_FIELDS[tcpInfoPlace(name)]!.at
const AT = {
  received: atOf('bytesReceived'),
  acked: atOf('bytesAcked'),
  sent: atOf('bytesSent'),
  sentAgain: atOf('bytesRetrans'),
  retransmits: atOf('totalRetrans'),
  dataSegmentsIn: atOf('dataSegsIn'),
}

/**
 * Hands the connections of a dump of tcp or tcp6, made with struct tcp_info, to the accountant. `ownerOf` is asked for the
 * number of a socket's owner; `visit` sees every row, TIME_WAIT and listeners included.
 */
export function seeDump(
  { wire, family, userHz }: SocketDump,
  accountant: TrafficAccountant,
  ownerOf: (inode: number) => number | undefined,
  visit?: VisitRow,
): DumpEnd {
  const reader = new InetReader(wire, family as TcpTable, userHz)
  const seen: SeenConnection = {
    cookie: 0,
    received: 0,
    sent: 0,
    retransmits: 0,
    dataSegmentsIn: undefined,
    finReceived: false,
    owner: undefined,
  }
  return reader.forEach((at, end) => {
    const state = wire.u8(at + INET_AT.state)
    const inode = wire.u32(at + INET_AT.inode)
    const info = wire.attribute(INET_ATTRIBUTE.info, at + INET_MESSAGE_BYTES, end)
    let place = -1
    if (info !== -1 && isConnection(state) && readCounts(wire, info, seen)) {
      seen.cookie = cookieAt(wire, at)
      seen.finReceived = FIN_RECEIVED.has(state)
      seen.owner = inode === 0 ? undefined : ownerOf(inode)
      place = accountant.see(seen)
    }
    visit?.(at, end, place, state)
  })
}

/** What listens carries nothing, what is not connected yet neither. */
const isConnection = (state: number) => state !== TCP_STATE.listen && state !== TCP_STATE.synSent

export function cookieAt(wire: Wire, at: number): CookieKey {
  const high = wire.u32(at + INET_AT.cookie + 4)
  const low = wire.u32(at + INET_AT.cookie)
  return high < 2 ** 21 ? high * 2 ** 32 + low : (BigInt(high) << 32n) | BigInt(low)
}

/** False where the kernel gives no counts (before Linux 4.1). Before 4.19 what was acknowledged stands for what was sent. */
function readCounts(wire: Wire, info: number, into: SeenConnection): boolean {
  const length = wire.lengthOf(info)
  if (length < AT.received + 8) return false
  into.received = wire.wide(info + AT.received)
  into.retransmits = wire.u32(info + AT.retransmits)
  into.dataSegmentsIn = length < AT.dataSegmentsIn + 4 ? undefined : wire.u32(info + AT.dataSegmentsIn)
  into.sent =
    length < AT.sentAgain + 8
      ? wire.wide(info + AT.acked)
      : Math.max(0, wire.wide(info + AT.sent) - wire.wide(info + AT.sentAgain))
  return true
}
