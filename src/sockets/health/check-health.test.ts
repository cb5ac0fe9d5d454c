import { describe, expect, test } from 'vitest'
import { inetSocket, listener, lookAt, unaccepted } from '../../../test/support/health-looks.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { checkHealth, HEALTH_RULES, isAnythingWrong } from './check-health.ts'
import type { NetworkNamespace } from '../../namespaces/model.ts'
import { HEALTH_CHECKS } from './checks.ts'
import type { HealthLook, InetSocket } from './look.ts'

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
  const report = checkHealth([look])
  expect(report.findings.map(({ code, severity }) => [code, severity])).toEqual([
    ['accept-queue-full', 'critical'],
    ['connect-timeout', 'warning'],
    ['deleted-executable', 'info'],
  ])
  expect(isAnythingWrong(report)).toBe(true)
  expect(report.looked).toEqual({ looks: 1, seconds: undefined, sockets: 3, processes: 1 })
})

test('what is only worth knowing is nothing wrong', () => {
  const report = checkHealth([lookAt([listener()], { ...MACHINE, processes: { 7: { state: 'S', exe } } })])
  expect(report.findings).toMatchObject([{ severity: 'info' }])
  expect(isAnythingWrong(report)).toBe(false)
})

describe('what could not be looked at', () => {
  const state = { state: 'S', exe: { ...exe, deleted: false } }
  const sockets = [listener({ rxQueueBytes: 1, acceptQueueLimit: 2 }), unaccepted(1)]
  const whole = (changes = {}) => lookAt(sockets, { ...MACHINE, processes: { 7: state }, ...changes })
  const missing = (now: HealthLook, before: HealthLook) =>
    checkHealth([now], [before]).notLooked.map(({ what }) => what)

  test('nothing in two whole looks', () => {
    expect(missing(whole({ atMs: 2000 }), whole())).toEqual([])
  })

  test('one look', () => {
    expect(checkHealth([whole()]).notLooked).toEqual([
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

describe('several namespaces', () => {
  const place = (name: string) => ({ netns: name, label: name, namespace: { name } as NetworkNamespace })
  const [one, two] = [place('net:[1]'), place('net:[2]')]
  const inside = (netns: typeof one, socket: InetSocket) => ({ ...socket, netns })
  const reader = inside(
    one,
    inetSocket({
      localAddress: '10.0.0.1',
      remoteAddress: '10.0.0.2',
      remotePort: 5,
      rxQueueBytes: 2304,
      inode: '1',
      pid: 7,
      program: 'reader',
    }),
  )
  const sender = inside(
    two,
    inetSocket({
      localAddress: '10.0.0.2',
      localPort: 5,
      remoteAddress: '10.0.0.1',
      remotePort: 80,
      txQueueBytes: 9,
      timer: 4,
      inode: '2',
      pid: 8,
      program: 'sender',
    }),
  )
  const looks = (atMs: number) => [
    lookAt([reader], { atMs, netns: one, ...MACHINE }),
    lookAt([sender], { atMs, netns: two }),
  ]

  test('a reader of one and its sender of another are joined, and said where', () => {
    const { findings, looked } = checkHealth(looks(2000), looks(0))
    expect(findings).toMatchObject([
      { code: 'reader-stuck', netns: one, finding: expect.stringMatching(/^reader .*; sender \(pid 8\) cannot send$/) },
    ])
    expect(looked).toEqual({ looks: 2, seconds: 2, sockets: 2, processes: 2, namespaces: 2 })
  })

  test('what limits several is said once, what one knows of the machine is known', () => {
    expect(checkHealth(looks(2000), looks(0)).notLooked.map(({ what }) => what)).toEqual(['net/netstat', 'net/snmp'])
    const blind = looks(0).map(({ netns }) => lookAt([], { netns }))
    expect(checkHealth(blind, blind).notLooked.map(({ what }) => what)).toContain('orphans and memory of TCP')
  })
})
