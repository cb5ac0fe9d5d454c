import { expect, test } from 'vitest'
import { procOf, TCP_HEADER, tcpRow } from '../../../../test/support/fake-proc.ts'
import { dumpOf } from '../../../../test/support/socket-dump.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { forEachTcp, socketsOfDump } from '../../../sockets/index.ts'
import type { InetRow } from '../../../sockets/model.ts'
import { lookAtNetwork } from './network.ts'
import { passingRow, tcpTally } from './tcp-tally.ts'

const row = (fields: Partial<InetRow>): InetRow => ({
  table: 'tcp',
  slot: 0,
  localAddress: '192.0.2.1',
  localPort: 40_000,
  remoteAddress: '192.0.2.2',
  remotePort: 80,
  state: TCP_STATE.established,
  txQueueBytes: 0,
  rxQueueBytes: 0,
  timer: 0,
  timerTicks: 0,
  retransmits: 0,
  uid: 0,
  probes: 0,
  inode: '7',
  refs: undefined,
  pointer: undefined,
  drops: undefined,
  ...fields,
})

function tallied(rows: readonly Partial<InetRow>[], ports: ReadonlySet<number> = new Set()) {
  const tally = tcpTally(ports)
  for (const fields of rows) tally.take(passingRow(row(fields)))
  return tally.total()
}

test.each<[what: string, fields: Partial<InetRow>, isKept: boolean]>([
  ['an idle connection', {}, false],
  ['one that nobody has accepted', { inode: '0' }, true],
  ['one with bytes that nobody read', { rxQueueBytes: 1 }, true],
  ['one with bytes that nobody acknowledged', { txQueueBytes: 1 }, true],
  ['one whose window is probed', { timer: 4 }, true],
  ['one that is kept alive', { timer: 2 }, false],
  ['CLOSE_WAIT', { state: TCP_STATE.closeWait }, true],
  ['FIN_WAIT2 with a file', { state: TCP_STATE.finWait2 }, true],
  ['FIN_WAIT2 without one', { state: TCP_STATE.finWait2, inode: '0' }, false],
  ['TIME_WAIT', { state: TCP_STATE.timeWait, inode: '0' }, false],
  ['a listener', { state: TCP_STATE.listen }, true],
])('%s is counted, kept: %3$s', (_, fields, isKept) => {
  const { tcp, states } = tallied([fields])
  expect(tcp).toHaveLength(isKept ? 1 : 0)
  expect(states).toEqual({ [row(fields).state]: 1 })
})

test('every socket of a port that is asked about is kept', () => {
  expect(tallied([{}, { localPort: 40_001 }], new Set([40_001])).tcp.map(({ localPort }) => localPort)).toEqual([
    40_001,
  ])
})

test('the eight destinations with the most sockets, the most first, with those in TIME_WAIT; listeners have none', () => {
  const rows = Array.from({ length: 20 }, (_, port) =>
    Array.from({ length: port + 1 }, (__, which) => ({
      remotePort: port,
      state: which % 2 === 0 ? TCP_STATE.timeWait : TCP_STATE.established,
    })),
  )
  const { destinations } = tallied([...rows.flat(), ...Array.from({ length: 50 }, () => ({ state: TCP_STATE.listen }))])
  expect(destinations).toEqual(
    [19, 18, 17, 16, 15, 14, 13, 12].map(port => [`192.0.2.2 ${port}`, port + 1, (port + 2) >> 1]),
  )
})

test.each(['tcp', 'tcp6'] as const)('the kernel’s answer counts as its rows do: %s', family => {
  const byVisit = tcpTally(new Set())
  const end = forEachTcp(dumpOf(family), socket => byVisit.take(socket))
  const byRows = tcpTally(new Set())
  for (const one of socketsOfDump(dumpOf(family)).rows as InetRow[]) byRows.take(passingRow(one))
  expect(end.whole).toBe(true)
  expect(byVisit.total()).toEqual(byRows.total())
  expect(byVisit.total().tcp.length).toBeGreaterThan(0)
})

test('of a recording the tables are read', () => {
  const files = { 'net/tcp': TCP_HEADER + tcpRow() + tcpRow({ state: '06', inode: '0', timer: '03:00000100' }) }
  const look = lookAtNetwork(procOf({ files }), 'net')
  expect(look.states).toEqual({ [TCP_STATE.listen]: 1, [TCP_STATE.timeWait]: 1 })
  expect(look.tcp).toMatchObject([{ local: '127.0.0.1', localPort: 8080, inode: '7000' }])
})
