import { expect, test } from 'vitest'
import { addressIn } from './failed-connects.ts'
import { StraceLogReader } from './log-reader.ts'

test.each([
  ['{sa_family=AF_INET, sin_port=htons(81), sin_addr=inet_addr("127.0.0.1")}, 16', '127.0.0.1:81'],
  [
    '{sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr)}',
    '[::1]:80',
  ],
  ['{sa_family=AF_UNIX, sun_path="/run/a\\n"}, 110', '/run/a\n'],
  ['{sa_family=AF_UNIX, sun_path=@"bus"}, 6', '@bus'],
  ['{sa_family=AF_NETLINK, nl_pid=0}, 12', undefined],
])('the address of %s is %s', (text, address) => {
  expect(addressIn(text)).toBe(address)
})

const TO = (port: number) => `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("10.0.0.1")}, 16`
const failures = (...lines: string[]) => {
  const reader = new StraceLogReader()
  reader.push(Buffer.from(`${lines.join('\n')}\n`))
  return reader.end().failedConnects!.map(({ address, errno, calls }) => `${address} ${errno} ${calls}`)
}

test('refused at once, also where another thread came between', () => {
  expect(
    failures(
      `7 connect(3, ${TO(81)}) = -1 ECONNREFUSED (Connection refused)`,
      `7 connect(3, ${TO(81)} <unfinished ...>`,
      '8 close(4) = 0',
      '7 <... connect resumed>) = -1 ECONNREFUSED (Connection refused)',
    ),
  ).toEqual(['10.0.0.1:81 ECONNREFUSED 2'])
})

test('one that did not wait fails where its error is asked for, once, and by its own process', () => {
  const wait = `connect(3, ${TO(82)}) = -1 EINPROGRESS (Operation now in progress)`
  const asked = 'getsockopt(3, SOL_SOCKET, SO_ERROR, [ETIMEDOUT], [4]) = 0'
  expect(failures(`7 ${wait}`, `7 ${asked}`, `7 ${asked}`)).toEqual(['10.0.0.1:82 ETIMEDOUT 1'])
  expect(failures(`7 ${wait}`, `8 ${asked}`)).toEqual([])
  expect(failures(`7 ${wait}`, '7 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0', `7 ${asked}`)).toEqual([])
})

test('connections that were made are none', () => {
  expect(failures(`7 connect(3, ${TO(81)}) = 0`, `7 connect(3, ${TO(81)}) = -1 EISCONN (x)`)).toEqual([])
})
