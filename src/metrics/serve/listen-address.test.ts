import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { isOwnHost, listenText, parseListenAddress } from './listen-address.ts'

describe('--listen', () => {
  test.each([
    ['127.0.0.1:9977', '127.0.0.1:9977', true],
    ['127.9.0.1:1', '127.9.0.1:1', true],
    ['localhost:9977', '127.0.0.1:9977', true],
    ['[::1]:9977', '[::1]:9977', true],
    ['[::ffff:127.0.0.1]:1', '[::ffff:127.0.0.1]:1', true],
    [':9977', '[::]:9977', false],
    ['0.0.0.0:9977', '0.0.0.0:9977', false],
    ['[::]:0', '[::]:0', false],
    ['192.0.2.1:9977', '192.0.2.1:9977', false],
    ['[::ffff:192.0.2.1]:1', '[::ffff:192.0.2.1]:1', false],
  ])('%s listens on %s, loopback %s', (text, address, loopback) => {
    const parsed = parseListenAddress(text)
    expect([listenText(parsed), parsed.isLoopback]).toEqual([address, loopback])
  })

  test.each(['9977', '127.0.0.1', '127.0.0.1:65536', '::1:9977', '[127.0.0.1]:1', 'example.org:9977', '[]:1', ''])(
    '%j is refused',
    text => {
      expect(() => parseListenAddress(text)).toThrow(UsageError)
    },
  )
})

describe('Host of a request', () => {
  const address = parseListenAddress('127.0.0.1:9977')

  test.each(['localhost:9977', 'LOCALHOST', '127.0.0.1:9977', '127.0.0.1', '[::1]:9977', undefined])(
    '%s is this machine',
    host => {
      expect(isOwnHost(host, address)).toBe(true)
    },
  )

  test.each([
    'evil.example',
    'evil.example:9977',
    'localhost.evil.example',
    '192.0.2.1:9977',
    '127.0.0.1.evil.example',
    '',
  ])('%s is not', host => {
    expect(isOwnHost(host, address)).toBe(false)
  })
})
