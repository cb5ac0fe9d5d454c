import { expect, test } from 'vitest'
import { readTcpCounters } from './tcp-counters.ts'

const read = (files: Record<string, string>) =>
  readTcpCounters(path => (files[path] === undefined ? undefined : Buffer.from(files[path])))

test('each counter under the name of the kernel', () => {
  const names =
    'TW TWKilled TWRecycled TCPTimeWaitOverflow PAWSTimewait PAWSEstab TCPAbortOnData ListenOverflows ListenDrops'
  const counters = read({
    'net/netstat': `TcpExt: ${names}\nTcpExt: 1 2 3 4 5 6 7 8 9\n`,
    'net/snmp': 'Ip: Forwarding\nIp: 1\nTcp: ActiveOpens PassiveOpens\nTcp: 10 11\n',
  })
  expect(counters).toEqual({
    born: 1,
    bornShort: 2,
    recycled: 3,
    overflowed: 4,
    pawsTimeWait: 5,
    pawsEstablished: 6,
    abortOnData: 7,
    listenOverflows: 8,
    listenDrops: 9,
    activeOpens: 10,
    passiveOpens: 11,
  })
})

test('what is not there is absent, never 0', () => {
  const counters = read({ 'net/netstat': 'TcpExt: TW\nTcpExt: 1\n' })
  expect(counters.born).toBe(1)
  expect(counters.recycled).toBeUndefined()
  expect(counters.activeOpens).toBeUndefined()
})
