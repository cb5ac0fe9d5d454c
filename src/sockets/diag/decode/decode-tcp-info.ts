import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { TcpInfo } from '../../tcp-info.ts'
import { TCP_INFO_FIELDS, tcpInfoPlace } from './tcp-info-fields.ts'
import type { Wire } from './wire.ts'

/** The bytes that every kernel gives: up to the flags. */
const LEAST_BYTES = 8

const STATE = tcpInfoPlace('state')
/** Counted from when the connection sent or received something; before it is made, from when the machine started. */
const SINCE = (['lastDataSentMs', 'lastDataRecvMs', 'lastAckRecvMs'] as const).map(tcpInfoPlace)

/** The layout in arrays of numbers: of very many connections each field is read, and reading objects costs more. */
const AT = Uint16Array.from(TCP_INFO_FIELDS, ({ at }) => at)
const BYTES = Uint8Array.from(TCP_INFO_FIELDS, ({ bytes }) => bytes)
/** NaN equals no value. */
const NONE = Float64Array.from(TCP_INFO_FIELDS, ({ none = Number.NaN }) => none)
const BIT_FIELDS = TCP_INFO_FIELDS.flatMap(({ bits }, place) => (bits === undefined ? [] : [{ place, bits }]))

/**
 * The numbers of struct tcp_info of any age, in the order of {@link TCP_INFO_FIELDS}: read as far as its length goes, NaN
 * where it has none. A counter of 64 bits beyond 2^53 loses its last digits. False where there is not even its beginning.
 */
export function readTcpInfo(wire: Wire, at: number, length: number, into: Float64Array): boolean {
  if (length < LEAST_BYTES) return false
  for (let place = 0; place < AT.length; place += 1) {
    const bytes = BYTES[place]!
    const offset = AT[place]!
    let value = Number.NaN
    if (offset + bytes <= length) {
      if (bytes === 4) value = wire.u32(at + offset)
      else if (bytes === 8) value = wire.wide(at + offset)
      else value = bytes === 2 ? wire.u16(at + offset) : wire.u8(at + offset)
      if (value === NONE[place]) value = Number.NaN
    }
    into[place] = value
  }
  for (const { place, bits } of BIT_FIELDS) {
    const { shift, mask } = wire.littleEndian ? bits.little : bits.big
    into[place] = (into[place]! >> shift) & mask
  }
  if (into[STATE] === TCP_STATE.synSent) for (const place of SINCE) into[place] = Number.NaN
  return true
}

const numbers = new Float64Array(TCP_INFO_FIELDS.length)

/** Every name with nothing in it: an object that is made from it is not rebuilt at each name that is set. */
const NOTHING: Readonly<Record<string, number | boolean | undefined>> = Object.fromEntries(
  TCP_INFO_FIELDS.map(({ name }) => [name, undefined]),
)

/** The same as an object; undefined where there is not even its beginning. */
export function decodeTcpInfo(wire: Wire, at: number, length: number): TcpInfo | undefined {
  if (!readTcpInfo(wire, at, length, numbers)) return undefined
  const info = { ...NOTHING }
  for (let place = 0; place < TCP_INFO_FIELDS.length; place += 1) {
    const value = numbers[place]!
    // NaN is the only number that is not itself.
    if (value === value) info[TCP_INFO_FIELDS[place]!.name] = value
  }
  info['deliveryRateAppLimited'] = info['deliveryRateAppLimited'] === 1
  return info as unknown as TcpInfo
}
