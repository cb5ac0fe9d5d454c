import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTcpInfo } from './decode-tcp-info.ts'
import { TCP_INFO_FIELDS as ALL_FIELDS } from './tcp-info-fields.ts'
import { Wire } from './wire.ts'

/** Bit fields have a test of their own. */
const TCP_INFO_FIELDS = ALL_FIELDS.filter(({ bits }) => bits === undefined)

/** Where struct tcp_info of a kernel ends, and the last field it has. Source: Linux include/uapi/linux/tcp.h, by version. */
const AGES: readonly (readonly [bytes: number, last: string])[] = [
  [104, 'total_retrans'],
  [120, 'max_pacing_rate'],
  [136, 'bytes_received'],
  [144, 'segs_in'],
  [160, 'data_segs_out'],
  [168, 'delivery_rate'],
  [192, 'sndbuf_limited'],
  [200, 'delivered_ce'],
  [224, 'reord_seen'],
  [232, 'snd_wnd'],
  [240, 'rehash'],
  [248, 'total_rto_time'],
  [280, 'ecn_mode'],
]

/** A struct in which each number is that of its place, from 1. */
function struct(littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(280)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  TCP_INFO_FIELDS.forEach(({ at, bytes: size }, i) => {
    if (size === 1) view.setUint8(at, i + 1)
    else if (size === 2) view.setUint16(at, i + 1, littleEndian)
    else if (size === 4) view.setUint32(at, i + 1, littleEndian)
    else view.setBigUint64(at, BigInt(i + 1), littleEndian)
  })
  return bytes
}

describe('struct tcp_info', () => {
  test.each(AGES)('of %i bytes ends with %s', (length, last) => {
    const info = decodeTcpInfo(new Wire(struct(true), true), 0, length)!
    const place = TCP_INFO_FIELDS.findIndex(({ kernelName }) => kernelName === last)
    const known = TCP_INFO_FIELDS.filter(({ name }) => info[name] !== undefined)
    expect(known).toEqual(TCP_INFO_FIELDS.slice(0, place + 1))
    for (const [i, { name }] of known.entries()) expect(info[name]).toBe(i + 1)
  })

  test('of a big-endian machine is the same', () => {
    expect(decodeTcpInfo(new Wire(struct(false), false), 0, 280)).toEqual(
      decodeTcpInfo(new Wire(struct(true), true), 0, 280),
    )
  })

  test.each([
    [true, 0x7a, 0b101],
    [false, 0xa7, 0b1100_0000],
  ])('bit fields, little-endian %s', (little, scales, limits) => {
    const bytes = struct(little)
    bytes[6] = scales
    bytes[7] = limits
    expect(decodeTcpInfo(new Wire(bytes, little), 0, 280)).toMatchObject({
      sndWscale: 10,
      rcvWscale: 7,
      deliveryRateAppLimited: true,
      fastopenClientFail: 2,
    })
  })

  test('values that mean "none" are not known', () => {
    const bytes = struct(true)
    bytes.writeUInt32LE(0, 68)
    bytes.writeUInt32LE(0x7fffffff, 76)
    bytes.writeUInt32LE(0xffffffff, 148)
    bytes.writeBigUInt64LE(0xffffffffffffffffn, 104)
    const info = decodeTcpInfo(new Wire(bytes, true), 0, 280)!
    expect([info.rttUs, info.sndSsthresh, info.minRttUs, info.pacingRateBytesPerSecond]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(info.rttvarUs).toBeDefined()
  })

  test('any length is read as far as it goes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), noise => {
        const bytes = Buffer.from(noise)
        const info = decodeTcpInfo(new Wire(bytes, true), 0, bytes.length)
        expect(info === undefined).toBe(bytes.length < 8)
      }),
    )
  })
})
