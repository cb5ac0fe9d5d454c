import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import { needs } from '../../../test/support/needs.ts'
import { dumpRequest } from './requests.ts'

const hex = (...request: Parameters<typeof dumpRequest>) => dumpRequest(...request).toString('hex')
const HEADER = (length: string) => `${length}00000014000103${'0'.repeat(16)}`

describe(
  'requests, byte for byte as ss sends them on a little-endian machine',
  needs({ need: 'a little-endian machine', isMet: () => endianness() === 'LE' }),
  () => {
    test.each([
      ['tcp', dumpRequest('tcp'), `${HEADER('48')}02060000fe1f0000${'0'.repeat(96)}`],
      ['tcp6', dumpRequest('tcp6'), `${HEADER('48')}0a060000fe1f0000${'0'.repeat(96)}`],
      ['udplite', dumpRequest('udplite'), `${HEADER('48')}02880000fe1f0000${'0'.repeat(96)}`],
      ['listeners', dumpRequest('tcp', { listenersOnly: true }), `${HEADER('48')}0206000000040000${'0'.repeat(96)}`],
      ['bound', dumpRequest('tcp', { bound: true }), `${HEADER('48')}02060000fe3f0000${'0'.repeat(96)}`],
      ['memory', dumpRequest('tcp', { facts: 'memory' }), `${HEADER('48')}02064800fe1f0000${'0'.repeat(96)}`],
      ['tcp_info', dumpRequest('tcp', { facts: 'tcp-info' }), `${HEADER('48')}02060a00fe1f0000${'0'.repeat(96)}`],
      ['all', dumpRequest('tcp', { facts: 'all' }), `${HEADER('48')}02064a00fe1f0000${'0'.repeat(96)}`],
      // Its protocol has no room in the byte of the struct.
      ['mptcp', dumpRequest('mptcp'), `${HEADER('50')}02060000fe1f0000${'0'.repeat(96)}0800030006010000`],
      ['unix', dumpRequest('unix'), `${HEADER('28')}01000000fe1f0000000000007d000000${'0'.repeat(16)}`],
      ['packet', dumpRequest('packet'), `${HEADER('24')}110000000000000011000000ffffffffffffffff`],
      ['netlink', dumpRequest('netlink'), `${HEADER('24')}10ff00000000000003000000ffffffffffffffff`],
    ])('%s', (_, request, expected) => {
      expect(request.toString('hex')).toBe(expected)
      expect(request.readUInt32LE(0)).toBe(request.length)
    })

    test('of unix sockets that listen', () => {
      expect(hex('unix', { listenersOnly: true })).toContain('01000000000400000000')
    })
  },
)
