import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { closedSocket } from './closed-socket.ts'
import { Wire } from './wire.ts'

/** The message of a socket's end, with its protocol in an attribute. */
function message({ family = 2, protocol = 6, type = 20 } = {}): Buffer {
  const bytes = Buffer.alloc(96)
  bytes.writeUInt32LE(96, 0)
  bytes.writeUInt16LE(type, 4)
  bytes.set([family, 7], 16)
  bytes.writeUInt16BE(8080, 20)
  bytes.writeUInt16BE(443, 22)
  bytes.set(family === 2 ? [127, 0, 0, 1] : Buffer.from(`${'0'.repeat(31)}1`, 'hex'), 24)
  bytes.writeUInt32LE(77, 60)
  bytes.writeUInt16LE(5, 88)
  bytes.writeUInt16LE(10, 90)
  bytes[92] = protocol
  return bytes
}
const read = (bytes: Buffer) => closedSocket(new Wire(bytes, true))

describe('the message of a socket that ended', () => {
  test.each([
    [2, 6, 'tcp', '127.0.0.1'],
    [10, 6, 'tcp6', '::1'],
    [2, 17, 'udp', '127.0.0.1'],
    [10, 17, 'udp6', '::1'],
  ])('family %i, protocol %i: %s', (family, protocol, table, localAddress) => {
    const closed = read(message({ family, protocol }))!
    expect(closed.row).toMatchObject({ table, localAddress, localPort: 8080, remotePort: 443, state: 7, inode: '0' })
    expect(closed.kernel.cookie).toBe('77')
    expect(closed.kernel.tcpInfo).toBeUndefined()
  })

  test.each([
    ['another protocol', message({ protocol: 132 })],
    ['another family', message({ family: 1 })],
    ['another kind of message', message({ type: 2 })],
    ['no protocol', message().subarray(0, 88)],
    ['less than a socket', message().subarray(0, 60)],
  ])('%s is none', (_, bytes) => {
    expect(read(bytes)).toBeUndefined()
  })

  test('any bytes are read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), noise => {
        const closed = read(Buffer.from(noise))
        expect(closed === undefined || closed.row.state >= 0).toBe(true)
      }),
    )
  })
})
