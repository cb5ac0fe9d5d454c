import { describe, expect, test } from 'vitest'
import { endpoint, fixed, ownerNames, percent, tupleName } from './words.ts'

test.each([
  [0, '0'],
  [0.004, '0.00'],
  [0.5, '0.50'],
  [1, '1.0'],
  [99.94, '99.9'],
  [100.4, '100'],
  [28232, '28232'],
])('%d is written %s', (value, text) => expect(fixed(value)).toBe(text))

test.each([
  [0, '0.0 %'],
  [0.0009, '<0.1 %'],
  [0.001, '0.1 %'],
  [0.0994, '9.9 %'],
  [0.1, '10 %'],
  [1, '100 %'],
])('a share of %d is written %s', (share, text) => expect(percent(share)).toBe(text))

test('an IPv6 address is in brackets before its port', () => {
  expect(endpoint('::1', 80)).toBe('[::1]:80')
  expect(endpoint('192.0.2.1', 80)).toBe('192.0.2.1:80')
  expect(tupleName({ localAddress: '::1', remoteAddress: '::2', remotePort: 443 })).toBe('[::2]:443 from ::1')
})

describe('names of owners', () => {
  const nginx = (pid: number) => ({ pid, program: 'nginx' })
  test.each([
    [[], undefined],
    [[nginx(7)], 'nginx (pid 7)'],
    [[nginx(7), nginx(8)], 'nginx (pids 7, 8)'],
    [[7, 8, 9, 10, 11].map(nginx), 'nginx (pids 7, 8, 9 and 2 more)'],
    [[nginx(7), { pid: 8, program: 'sh' }], 'nginx and others (pids 7, 8)'],
    [[{ pid: 9, program: 'worker', isThreadName: true as const }], 'thread worker (pid 9)'],
    // A name cannot look like two.
    [[{ pid: 9, program: 'x (pid 1), sshd' }], "'x (pid 1), sshd' (pid 9)"],
  ])('%j', (owners, text) => expect(ownerNames(owners)).toBe(text))
})
