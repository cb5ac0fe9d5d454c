import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { TcpInfo } from '../tcp-info.ts'

/** What holds up the sender of a TCP connection, with what it means. docs/mynetstat.md is made from this table. */
export const LIMITED_BY = {
  receiver: 'half of the time with data to send or more, the window of the receiver held it up, or it is closed now',
  'send-buffer': 'half of the time with data to send or more, the send buffer of the socket held it up',
  application: 'the application gave less than could be sent, or nothing at all',
  network: 'none of these: what the network took at once',
} as const

/** Nothing is sent yet, or ever. */
const UNCONNECTED: ReadonlySet<number> = new Set([
  TCP_STATE.synSent,
  TCP_STATE.synRecv,
  TCP_STATE.listen,
  TCP_STATE.close,
])

export type LimitedBy = keyof typeof LIMITED_BY

/**
 * By the times that the kernel keeps since the connection was made (busy, of it held up by the receiver's window, by the
 * send buffer) and its flag that the last rate was limited by the application. Undefined where it keeps no such times
 * (before Linux 4.10), and of a socket that is not connected.
 */
export function limitedBy(info: TcpInfo): LimitedBy | undefined {
  return limitedByNumbers(name => Number(info[name] ?? Number.NaN))
}

/** The same of numbers by name, NaN where one is not known. */
export function limitedByNumbers(of: (name: keyof TcpInfo) => number): LimitedBy | undefined {
  const busyUs = of('busyTimeUs')
  if (Number.isNaN(busyUs) || UNCONNECTED.has(of('state'))) return undefined
  if (of('sndWndBytes') === 0 && of('notsentBytes') > 0) return 'receiver'
  if (busyUs === 0) return 'application'
  const receiverUs = of('rwndLimitedUs')
  const bufferUs = of('sndbufLimitedUs')
  if (receiverUs * 2 >= busyUs && !(receiverUs < bufferUs)) return 'receiver'
  if (bufferUs * 2 >= busyUs) return 'send-buffer'
  return of('deliveryRateAppLimited') === 1 ? 'application' : 'network'
}
