import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { TcpInfo } from '../../tcp-info.ts'
import { LIMITS_AT, TCP_INFO_FIELDS, WSCALE_AT } from './tcp-info-fields.ts'
import type { Wire } from './wire.ts'

/** The bytes that every kernel gives: up to the flags. */
const LEAST_BYTES = 8

/**
 * struct tcp_info of any age: read as far as its length goes. A counter of 64 bits beyond 2^53 loses its last digits.
 * Undefined where there is not even its beginning.
 */
export function decodeTcpInfo(wire: Wire, at: number, length: number): TcpInfo | undefined {
  if (length < LEAST_BYTES) return undefined
  const scales = wire.u8(at + WSCALE_AT)
  const limits = wire.u8(at + LIMITS_AT)
  // Bit fields begin at the lower end in one byte order, at the upper one in the other.
  const [low, high] = [scales & 15, scales >> 4]
  const info: Record<string, number | boolean | undefined> = {
    sndWscale: wire.littleEndian ? low : high,
    rcvWscale: wire.littleEndian ? high : low,
    deliveryRateAppLimited: (limits & (wire.littleEndian ? 1 : 0x80)) !== 0,
    fastopenClientFail: (wire.littleEndian ? limits >> 1 : limits >> 5) & 3,
  }
  for (const { name, at: offset, bytes, none } of TCP_INFO_FIELDS) {
    if (offset + bytes > length) break
    const value = numberAt(wire, at + offset, bytes)
    info[name] = value === none ? undefined : value
  }
  // It has sent and received nothing that a time could be counted from.
  if (info['state'] === TCP_STATE.synSent) for (const name of SINCE) info[name] = undefined
  return info as unknown as TcpInfo
}

const SINCE = ['lastDataSentMs', 'lastDataRecvMs', 'lastAckRecvMs'] as const satisfies (keyof TcpInfo)[]

function numberAt(wire: Wire, at: number, bytes: 1 | 2 | 4 | 8): number {
  switch (bytes) {
    case 1:
      return wire.u8(at)
    case 2:
      return wire.u16(at)
    case 4:
      return wire.u32(at)
    case 8:
      return Number(wire.u64(at))
  }
}
