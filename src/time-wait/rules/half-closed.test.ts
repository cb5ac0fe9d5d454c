import { describe, expect, test } from 'vitest'
import { mini, reportOf, socket } from '../../../test/support/time-wait-recording.ts'

const LISTENER = socket('0.0.0.0:80', '0.0.0.0:0', '0A', '7000')
const closeWait = (inode: string) => socket('192.0.2.1:80', '192.0.2.1:40000', '08', inode)
const links = { '41/fd/3': 'socket:[7000]', '41/fd/4': 'socket:[7001]', '42/fd/4': 'socket:[7002]' }
const files = { '41/comm': 'nginx\n', '42/comm': 'curl\n' }
const halfClosedOf = (rows: string) => {
  const { halfClosed, tornPairs } = reportOf({ rows, links, files })
  return { halfClosed, tornPairs }
}

describe('CLOSE_WAIT', () => {
  test.each([
    ['its other end is elsewhere', '', { closeWait: 1, waitingHere: 0 }],
    ['its other end waits here', mini('192.0.2.1:40000', '192.0.2.1:80', 1, '05'), { closeWait: 1, waitingHere: 1 }],
  ])('%s', (_, peer, counts) => {
    expect(halfClosedOf(LISTENER + closeWait('7001') + peer)).toEqual({
      tornPairs: 0,
      halfClosed: [
        {
          address: '192.0.2.1',
          port: 80,
          side: 'server',
          unaccepted: 0,
          owners: [{ pid: 41, program: 'nginx' }],
          ...counts,
        },
      ],
    })
  })

  test('its other end is already in TIME_WAIT: a torn read', () => {
    expect(halfClosedOf(LISTENER + closeWait('7001') + mini('192.0.2.1:40000', '192.0.2.1:80', 1))).toEqual({
      tornPairs: 1,
      halfClosed: [],
    })
  })

  test('its other end has closed a moment ago: on its way', () => {
    expect(halfClosedOf(LISTENER + closeWait('7001') + mini('192.0.2.1:40000', '192.0.2.1:80', 0.1, '05'))).toEqual({
      tornPairs: 0,
      halfClosed: [],
    })
  })

  test('without an inode it was never accepted: it waits for the listener', () => {
    const [group] = halfClosedOf(LISTENER + closeWait('0')).halfClosed
    expect(group).toMatchObject({ unaccepted: 1, owners: [{ pid: 41 }] })
  })

  test('of a client: the service is the remote end', () => {
    const rows = socket('192.0.2.1:40000', '192.0.2.9:443', '08', '7002')
    expect(halfClosedOf(rows).halfClosed).toMatchObject([
      { side: 'client', address: '192.0.2.9', port: 443, owners: [{ pid: 42, program: 'curl' }] },
    ])
  })

  test('the largest group first', () => {
    const of = (port: number) => socket('192.0.2.1:81', `198.51.100.9:${port}`, '08', String(port))
    const groups = halfClosedOf(LISTENER + closeWait('7001') + of(50001) + of(50002)).halfClosed
    expect(groups.map(({ port, closeWait }) => [port, closeWait])).toEqual([
      [81, 2],
      [80, 1],
    ])
  })
})
