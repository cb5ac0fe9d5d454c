import type { Closing } from '../diag/closings.ts'
import type { TcpInfo } from '../model.ts'
import type { TrafficAccountant } from './accountant.ts'
import type { CookieKey } from './connection-columns.ts'

/**
 * Hands the end of a connection to the accountant; ends of what never was a connection, and of UDP, count for nothing.
 * `acceptedBy` is asked for the owner of what listens on a port.
 */
export function tellEnd(
  accountant: TrafficAccountant,
  { row, kernel: { cookie, tcpInfo } }: Closing,
  acceptedBy: (port: number) => number | undefined,
  atMs: number,
): void {
  if (!row.table.startsWith('tcp') || tcpInfo?.bytesReceived === undefined) return
  const key = keyOf(cookie)
  // What listens, and what was never connected. A connection that its program reset has lost its peer, too.
  if (row.remotePort === 0 && !accountant.knows(key)) return
  accountant.end(
    {
      cookie: key,
      received: tcpInfo.bytesReceived,
      sent: sentBytes(tcpInfo),
      retransmits: tcpInfo.totalRetrans ?? 0,
      dataSegmentsIn: tcpInfo.dataSegsIn,
      idleMs: idleMs(tcpInfo),
      acceptedBy: acceptedBy(row.localPort),
    },
    atMs,
  )
}

export function keyOf(cookie: string): CookieKey {
  const number = Number(cookie)
  return Number.isSafeInteger(number) ? number : BigInt(cookie)
}

/** Payload that was sent, without what was sent again; before Linux 4.19 what was acknowledged. */
export function sentBytes({ bytesSent, bytesRetrans, bytesAcked = 0 }: TcpInfo): number {
  return bytesSent === undefined ? bytesAcked : Math.max(0, bytesSent - (bytesRetrans ?? 0))
}

function idleMs({ lastDataSentMs, lastDataRecvMs, lastAckRecvMs }: TcpInfo): number | undefined {
  const all = [lastDataSentMs, lastDataRecvMs, lastAckRecvMs].filter(ms => ms !== undefined)
  return all.length === 0 ? undefined : Math.min(...all)
}
