import { closeSync, openSync } from 'node:fs'
import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import { needs } from '../../test/support/needs.ts'
import { errnoName } from '../kernel/errno.ts'
import { loadLibc, type Libc } from './libc.ts'

const AF_UNIX = 1
const AF_NETLINK = 16
const SOCK_DGRAM = 2
const MSG_DONTWAIT = 0x40
const SOL_SOCKET = 1
const SO_TYPE = 3
const SO_RCVBUF = 8
const POLLIN = 1

const int = (value: number) => {
  const bytes = Buffer.alloc(4)
  if (endianness() === 'LE') bytes.writeInt32LE(value)
  else bytes.writeInt32BE(value)
  return bytes
}
const intOf = (bytes: Buffer) => (endianness() === 'LE' ? bytes.readInt32LE() : bytes.readInt32BE())

describe('the C library', needs('Linux'), async () => {
  const libc = (await loadLibc())!

  const withSocket = (test: (socket: number, calls: Libc) => void) => () => {
    const socket = libc.socket(AF_NETLINK, SOCK_DGRAM, 4)
    expect(socket).toBeGreaterThan(2)
    try {
      test(socket, libc)
    } finally {
      expect(libc.close(socket)).toBe(0)
    }
  }

  test('is loaded once', async () => {
    expect(await loadLibc()).toBe(libc)
  })

  test(
    'sockets are set and asked',
    withSocket(socket => {
      expect(libc.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, int(65536), 4)).toBe(0)
      const value = Buffer.alloc(4)
      expect(libc.getsockopt(socket, SOL_SOCKET, SO_RCVBUF, value, int(4))).toBe(0)
      // The kernel doubles it for its own books.
      expect(intOf(value)).toBe(131072)
      expect(libc.getsockopt(socket, SOL_SOCKET, SO_TYPE, value, int(4))).toBe(0)
      expect(intOf(value)).toBe(SOCK_DGRAM)
    }),
  )

  test(
    'what fails says why',
    withSocket(socket => {
      const bytes = Buffer.alloc(16)
      expect(libc.recv(socket, bytes, bytes.length, MSG_DONTWAIT)).toBe(-1)
      expect(errnoName(libc.errno())).toBe('EAGAIN')
      expect(libc.socket(AF_UNIX, 99, 0)).toBe(-1)
      expect(libc.open(Buffer.from('/nowhere\0'), 0)).toBe(-1)
      expect(errnoName(libc.errno())).toBe('ENOENT')
    }),
  )

  test(
    'a netlink socket is bound, asked and answers',
    withSocket(socket => {
      const address = Buffer.alloc(12)
      address.writeUInt16LE(AF_NETLINK)
      if (endianness() === 'LE') expect(libc.bind(socket, address, address.length)).toBe(0)
      // A request that no kernel knows: the answer is an error, and poll sees it come.
      const request = Buffer.concat([int(20), Buffer.alloc(12), int(0)])
      if (endianness() === 'LE') request.writeUInt32LE(0x00010063, 4)
      expect(libc.send(socket, request, request.length, 0)).toBe(request.length)
      const polled = Buffer.concat([int(socket), int(POLLIN)])
      expect(libc.poll(polled, 1, 1000)).toBe(1)
      const answer = Buffer.alloc(4096)
      expect(libc.recv(socket, answer, answer.length, MSG_DONTWAIT)).toBeGreaterThanOrEqual(20)
    }),
  )

  test('opens and closes files', () => {
    const file = libc.open(Buffer.from('/proc/self/comm\0'), 0)
    expect(file).toBeGreaterThan(2)
    expect(libc.close(file)).toBe(0)
    expect(libc.close(file)).toBe(-1)
    // Node goes on with descriptors of its own.
    closeSync(openSync('/proc/self/comm', 'r'))
  })
})
