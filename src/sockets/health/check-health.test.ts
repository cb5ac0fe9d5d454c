import { describe, expect, test } from 'vitest'
import { inetSocket, listener, lookAt, unaccepted } from '../../../test/support/health-looks.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { checkHealth, HEALTH_RULES, isAnythingWrong } from './check-health.ts'
import { HEALTH_CHECKS } from './checks.ts'

const COUNTERS = { 'TcpExt.ListenOverflows': 0, 'Tcp.OutSegs': 0 }
const MACHINE = {
  counters: COUNTERS,
  tcp: { orphan: 0, mem: 0 },
  settings: { maxOrphans: 10, tcpMemoryPages: { pressure: 10, limit: 20 } },
}
const exe = { path: '/a', deleted: true, replaced: false }
const full = listener({ rxQueueBytes: 3, acceptQueueLimit: 2 })
const waiting = inetSocket({
  state: TCP_STATE.synSent,
  remoteAddress: '192.0.2.9',
  remotePort: 1,
  retransmits: 1,
  pid: 7,
})

test('every code of a finding has one rule', () => {
  expect(HEALTH_RULES.map(({ code }) => code).toSorted()).toEqual(Object.keys(HEALTH_CHECKS).toSorted())
})

test('the most severe first, whatever the order of the rules', () => {
  const look = lookAt([listener({ inode: '9', localPort: 81 }), waiting, full], {
    ...MACHINE,
    processes: { 7: { state: 'S', exe } },
  })
  const report = checkHealth(look)
  expect(report.findings.map(({ code, severity }) => [code, severity])).toEqual([
    ['accept-queue-full', 'critical'],
    ['connect-timeout', 'warning'],
    ['deleted-executable', 'info'],
  ])
  expect(isAnythingWrong(report)).toBe(true)
  expect(report.looked).toEqual({ looks: 1, seconds: undefined, sockets: 3, processes: 1 })
})

test('what is only worth knowing is nothing wrong', () => {
  const report = checkHealth(lookAt([listener()], { ...MACHINE, processes: { 7: { state: 'S', exe } } }))
  expect(report.findings).toMatchObject([{ severity: 'info' }])
  expect(isAnythingWrong(report)).toBe(false)
})

describe('what could not be looked at', () => {
  const state = { state: 'S', exe: { ...exe, deleted: false } }
  const sockets = [listener({ rxQueueBytes: 1, acceptQueueLimit: 2 }), unaccepted(1)]
  const whole = (changes = {}) => lookAt(sockets, { ...MACHINE, processes: { 7: state }, ...changes })
  const missing = (...looks: Parameters<typeof checkHealth>) => checkHealth(...looks).notLooked.map(({ what }) => what)

  test('nothing in two whole looks', () => {
    expect(missing(whole({ atMs: 2000 }), whole())).toEqual([])
  })

  test('one look', () => {
    expect(checkHealth(whole()).notLooked).toEqual([
      {
        what: 'what lasts',
        why: 'there is one look only',
        codes: [
          'reuseport-member-stuck',
          'accept-queue-not-served',
          'reader-stuck',
          'udp-receive-drops',
          'fin-wait2-pile',
        ],
      },
    ])
  })

  test.each([
    ['rates', whole({ atMs: undefined })],
    ['net/netstat', whole({ counters: { 'Tcp.OutSegs': 0 } })],
    ['net/snmp', whole({ counters: { 'TcpExt.TW': 0 } })],
    ['orphans and memory of TCP', whole({ tcp: { orphan: 0 } })],
    ['orphans and memory of TCP', whole({ settings: { maxOrphans: 10 } })],
    ['what some processes do', whole({ processes: { 7: { ...state, state: undefined } } })],
    ['the programs of some listeners', whole({ processes: { 7: { state: 'S' } } })],
  ])('%s', (what, look) => expect(missing(look, whole())).toEqual([what]))

  test('the limit of a queue in which somebody waits', () => {
    const unlimited = (waits: number) =>
      lookAt([listener({ rxQueueBytes: waits })], { ...MACHINE, processes: { 7: state } })
    expect(missing(unlimited(1), whole())).toEqual(['the limits of accept queues'])
    expect(missing(unlimited(0), whole())).toEqual([])
  })
})
