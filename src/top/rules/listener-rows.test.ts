import { expect, test } from 'vitest'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { listenerRows, waitingByPort } from './listener-rows.ts'

const listen = { state: TCP_STATE.listen }

test('queues and limits of one port are added up, connections counted', () => {
  const sample = sampleOf(
    [
      { ...listen, owner: 7, local: '0.0.0.0:80', unread: 3, unsent: 128 },
      { ...listen, owner: 8, local: ':::80', unread: 1, unsent: 128 },
      { local: '192.0.2.1:80' },
      { local: '192.0.2.1:81' },
    ],
    { 7: { program: 'nginx' }, 8: { program: 'nginx' } },
  )
  expect(listenerRows(sample)).toMatchObject([
    { port: 80, addresses: ['0.0.0.0', '::'], sockets: 2, waiting: 4, limit: 256, connections: 1, shared: false },
  ])
})

test('a limit that is not known of one is not known of the port', () => {
  const sample = sampleOf([
    { ...listen, local: '0.0.0.0:80', unsent: 128 },
    { ...listen, local: '127.0.0.1:80' },
  ])
  expect(listenerRows(sample)[0]!.limit).toBeUndefined()
})

test('several programs on one port are said', () => {
  const sample = sampleOf(
    [
      { ...listen, owner: 7 },
      { ...listen, owner: 8 },
    ],
    { 7: {}, 8: {} },
  )
  expect(listenerRows(sample)[0]!.shared).toBe(true)
})

test.each([
  ['accepted are those that came', 0, 0, 10, 5],
  ['without those that wait now', 4, 0, 10, 3],
  ['with those that waited before', 0, 4, 10, 7],
  ['never fewer than none', 20, 0, 10, 0],
])('%s', (_, waiting, waited, opened, accepts) => {
  const sample = sampleOf(
    [{ ...listen, local: '0.0.0.0:80', unread: waiting, unsent: 128 }],
    {},
    {
      waited: new Map([[80, waited]]),
      look: { seconds: 2, opened: new Map([[80, opened]]) },
    },
  )
  expect(listenerRows(sample)[0]!.accepts).toBe(accepts)
})

test('before the second look it is not known how many were accepted', () => {
  const sample = sampleOf([listen], {}, { look: { seconds: undefined } })
  expect(listenerRows(sample)[0]!.accepts).toBeUndefined()
  expect(waitingByPort(sampleOf([{ ...listen, unread: 2 }]).look)).toEqual(new Map([[80, 2]]))
})
