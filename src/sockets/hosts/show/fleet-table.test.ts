import { describe, expect, test } from 'vitest'
import { owner, tcpListener, tcpSocket } from '../../../../test/support/a-socket.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { textWidth } from '../../../terminal/text-width.ts'
import { NUMERIC } from '../../names/names.ts'
import type { EndKind, HostSocket } from '../host-socket.ts'
import { unreadFindings } from '../rules/unread.ts'
import { fleetTable } from './fleet-table.ts'

const reader: HostSocket = {
  host: 'db1',
  socket: tcpSocket(
    { localAddress: '10.0.0.2', localPort: 5432, remoteAddress: '10.0.0.1', rxQueueBytes: 4096, inode: '1' },
    { owners: [owner(237, 'postgres')] },
  ),
}
const sender: HostSocket = {
  host: 'web01',
  socket: tcpSocket(
    {
      localAddress: '10.0.0.1',
      localPort: 40_000,
      remoteAddress: '10.0.0.2',
      remotePort: 5432,
      txQueueBytes: 1000,
      inode: '2',
    },
    { owners: [owner(760, 'app\x1b[2J x')] },
  ),
}
const pair: HostSocket[] = [
  { ...reader, end: { kind: 'connected', ends: [sender] } },
  { ...sender, end: { kind: 'connected', ends: [reader] } },
]

function shown(sockets: readonly HostSocket[], width: number): string {
  const contexts = new Map(sockets.map(({ host }) => [host, { names: NUMERIC, userHz: 100 }]))
  const columns = ['proto', 'recv-q', 'send-q', 'local', 'foreign', 'state', 'owner'] as const
  const options = { theme: createTheme(false), width, header: true, columns, contexts }
  return [...fleetTable(sockets, unreadFindings(sockets), options)].join('')
}

describe('a table', () => {
  test.each([40, 80, 120, Infinity])('%d columns', width => {
    const text = shown(pair, width)
    expect(text).toMatchSnapshot()
    for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width)
  })

  const kinds: [EndKind, HostSocket[], RegExp][] = [
    ['translated', [sender], /web01 760\/'app\\x1b\[2J x' \(NAT\)/],
    ['likely', [sender], /\(likely, NAT\)/],
    ['ambiguous', [sender, reader], /web01 760\/'app\\x1b\[2J x' or db1 237\/postgres/],
    ['ambiguous', [sender], /\(or another host\)/],
    [
      'not-accepted',
      [{ host: 'db1', socket: tcpListener({}, { owners: [owner(9, 'httpd')] }) }],
      /db1 9\/httpd \(not accepted\)/,
    ],
    ['not-here', [], / -$/m],
  ]
  test.each(kinds)('an end that is %s', (kind, ends, text) => {
    expect(shown([{ ...reader, end: { kind, ends } }], Infinity)).toMatch(text)
  })

  test('seen on one side only', () => {
    expect(shown([{ ...reader, end: { kind: 'one-sided', ends: [], hosts: ['web01', 'web02'] } }], Infinity)).toContain(
      'not seen on web01 or web02',
    )
  })

  test('listeners alone have no other end', () => {
    expect(shown([{ host: 'db1', socket: tcpListener() }], Infinity)).not.toContain('Other End')
  })
})
