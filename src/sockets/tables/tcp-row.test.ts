import { describe, expect, test } from 'vitest'
import { addressBytes, addressDigits, IPV4_ROW, IPV6_ROW, isPastListeners, rewriteAddresses } from './tcp-row.ts'

const ROW4 =
  '   6: 0100007F:2710 0200007F:1F90 06 00000000:00000000 03:0000175B 00000000     0        0 0 3 00000000863ee25c'
const IP6 = '0000000000000000FFFF00000100007F'
const ROW6 = ROW4.replace('0100007F', IP6).replace('0200007F', IP6)

describe('offsets of a row', () => {
  test.each([
    ['IPv4', ROW4, IPV4_ROW, '0200007F:1F90'],
    ['IPv6', ROW6, IPV6_ROW, `${IP6}:1F90`],
  ])('%s', (_, row, offsets, remote) => {
    const at = (offset: number, length: number) => row.slice(6 + offset, 6 + offset + length)
    expect(at(offsets.localPort, 4)).toBe('2710')
    expect(at(offsets.remote, remote.length)).toBe(remote)
    expect(at(offsets.remotePort, 4)).toBe('1F90')
    expect(at(offsets.state, 2)).toBe('06')
    expect(at(offsets.timer, 3)).toBe('03:')
    expect(at(offsets.timerTicks, 8)).toBe('0000175B')
    expect(at(offsets.zeroInode - 1, 3)).toBe(' 0 ')
  })
})

describe('addresses', () => {
  test.each([true, false])('digits come back from bytes, little-endian %s', littleEndian => {
    expect(addressDigits(addressBytes(IP6, littleEndian), littleEndian)).toBe(IP6)
  })

  test('are rewritten in place', () => {
    expect(rewriteAddresses(ROW4, digits => digits.replaceAll('7F', '0A'))).toBe(
      ROW4.replace('0100007F', '0100000A').replace('0200007F', '0200000A'),
    )
    expect(rewriteAddresses(ROW6, () => '00000000')).toBe(ROW4.replace(/0[12]00007F/g, '00000000'))
  })

  test('of what is no row are not', () => {
    expect(rewriteAddresses('  sl  local_address rem_address   st', digits => digits)).toBeUndefined()
    expect(rewriteAddresses(ROW4.replace('06', '06 /home'), digits => digits)).toBeUndefined()
  })
})

describe('listeners stand first', () => {
  const chunk = (...states: string[]) =>
    Buffer.from(`${states.map(state => ROW4.replace(' 06 ', ` ${state} `)).join('\n')}\n`)

  test.each([
    [['0A', '0A'], false],
    [['0A', '01'], true],
    [['06', '0A'], false],
  ])('a chunk with %j is past them: %s', (states, expected) => {
    expect(isPastListeners(chunk(...states))).toBe(expected)
  })

  test('a chunk that ends within a row tells nothing', () => {
    expect(isPastListeners(chunk('01').subarray(0, -1))).toBe(false)
  })
})
