import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { InetRow, TcpTable } from '../../tables/inet-row.ts'
import { formatIp } from '../../../kernel/ip-address.ts'
import { dumpEnd, dumpOf } from '../../../../test/support/socket-dump.ts'
import { inetSockets } from './inet-sockets.ts'

interface Fields {
  state: number
  timer: number
  retrans: number
  ports: [number, number]
  addresses: [Uint8Array, Uint8Array]
  expiresMs: number
  queues: [number, number]
  uid: number
  inode: number
  /** Bytes of attributes behind the struct. */
  more: number
  /** Message type; 20 tells a socket. */
  type: number
}

const ADDRESSES = ['127.0.0.1', '192.0.2.7', '0.0.0.0', '255.255.255.255'].map(text =>
  Uint8Array.from(text.split('.'), Number),
)
const ADDRESSES6 = [0, 1, 0xff].map(last =>
  Uint8Array.from([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]),
)
const MAPPED = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7])

const fields = (addresses: readonly Uint8Array[]) =>
  fc.record<Fields>({
    state: fc.constantFrom(1, 3, 5, 6, 8, 10),
    timer: fc.constantFrom(0, 1, 2, 3, 4),
    retrans: fc.nat(255),
    ports: fc.tuple(fc.nat(65535), fc.constantFrom(80, 443)),
    addresses: fc.tuple(fc.constantFrom(...addresses), fc.constantFrom(...addresses)),
    expiresMs: fc.nat(120_000),
    queues: fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff)),
    uid: fc.nat(0xffffffff),
    inode: fc.constantFrom(0, 7, 0xffffffff),
    more: fc.constantFrom(0, 8, 5),
    type: fc.constantFrom(20, 20, 20, 4),
  })

/** As the kernel of a machine of this byte order writes it. */
function message(socket: Fields, littleEndian: boolean): Buffer {
  const length = 88 + socket.more
  const bytes = Buffer.alloc((length + 3) & ~3, 0xee)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  view.setUint32(0, length, littleEndian)
  view.setUint16(4, socket.type, littleEndian)
  bytes.set([socket.addresses[0].length === 4 ? 2 : 10, socket.state, socket.timer, socket.retrans], 16)
  view.setUint16(20, socket.ports[0])
  view.setUint16(22, socket.ports[1])
  bytes.fill(0, 24, 56)
  bytes.set(socket.addresses[0], 24)
  bytes.set(socket.addresses[1], 40)
  const numbers = [socket.expiresMs, ...socket.queues, socket.uid, socket.inode]
  numbers.forEach((value, i) => view.setUint32(68 + 4 * i, value, littleEndian))
  return bytes
}

function rowOf(socket: Fields, table: InetRow['table']): InetRow {
  const areProbes = socket.timer === 2 || socket.timer === 4
  return {
    table,
    slot: 0,
    localAddress: formatIp(socket.addresses[0]),
    localPort: socket.ports[0],
    remoteAddress: formatIp(socket.addresses[1]),
    remotePort: socket.ports[1],
    state: socket.state,
    txQueueBytes: socket.state === 10 ? 0 : socket.queues[1],
    rxQueueBytes: socket.queues[0],
    ...(socket.state === 10 && { acceptQueueLimit: socket.queues[1] }),
    timer: socket.timer,
    timerTicks: Math.floor(socket.expiresMs / 10),
    retransmits: areProbes ? 0 : socket.retrans,
    uid: socket.uid,
    probes: areProbes ? socket.retrans : 0,
    inode: String(socket.inode),
    refs: undefined,
    pointer: undefined,
    drops: undefined,
  }
}

const dumpOfSockets = (table: TcpTable, sockets: readonly Fields[], littleEndian: boolean) =>
  dumpOf(
    table,
    Buffer.concat([...sockets.map(socket => message(socket, littleEndian)), dumpEnd(littleEndian)]),
    littleEndian,
  )

describe('inet_diag', () => {
  test('every field of every message, in either byte order', () => {
    fc.assert(
      fc.property(
        fc.array(fields(ADDRESSES)),
        fc.array(fields([...ADDRESSES6, MAPPED])),
        fc.boolean(),
        (v4, v6, little) => {
          for (const [table, sockets] of [
            ['tcp', v4],
            ['tcp6', v6],
          ] as const)
            expect(inetSockets(dumpOfSockets(table, sockets, little)).rows).toEqual(
              sockets.filter(({ type }) => type === 20).map(socket => rowOf(socket, table)),
            )
        },
      ),
    )
  })

  test('an answer that is cut short, or none at all, is read as far as it goes', () => {
    const socket: Fields = fc.sample(fields(ADDRESSES), 1)[0]!
    const twice = [socket, socket].map(one => ({ ...one, type: 20 }))
    const { bytes } = dumpOfSockets('tcp', twice, true).wire
    const half = (bytes.length - 20) / 2
    const length = 88 + socket.more
    const ends = [length, half + length]
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { rows, whole } = inetSockets(dumpOf('tcp', bytes.subarray(0, cut)))
      expect(rows.length).toBe(ends.filter(end => cut >= end).length)
      expect(whole).toBe(cut === bytes.length)
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), noise => {
        expect(inetSockets(dumpOf('tcp', Buffer.from(noise))).rows.length).toBeLessThanOrEqual(noise.length / 88)
      }),
    )
  })
})
