import { describe, expect, test } from 'vitest'
import { owner, tcpListener, tcpSocket } from '../../../../test/support/a-socket.ts'
import type { EndKind, HostSocket } from '../host-socket.ts'
import { endWarnings } from './end-warnings.ts'
import { unreadFindings } from './unread.ts'

const at = (host: string, rxQueueBytes: number, txQueueBytes: number, program: string, inode: string): HostSocket => ({
  host,
  socket: tcpSocket({ rxQueueBytes, txQueueBytes, inode }, { owners: [owner(7, program)] }),
})

/** Rows of both ends, as they are shown. */
function pair(reader: HostSocket, sender: HostSocket, kind: EndKind = 'connected'): HostSocket[] {
  return [
    { ...reader, end: { kind, ends: [sender] } },
    { ...sender, end: { kind, ends: [reader] } },
  ]
}

describe('who has not read', () => {
  test('is told once, with what waits at the other end', () => {
    const found = unreadFindings(pair(at('db', 2048, 0, 'pg', '1'), at('web', 0, 1024, 'app', '2')))
    expect(found.map(({ code, severity, host, finding }) => ({ code, severity, host, finding }))).toEqual([
      {
        code: 'not-read',
        severity: 'warning',
        host: 'db',
        finding: 'db 7/pg has not read 2 KiB, and web 7/app waits with 1 KiB more',
      },
    ])
  })

  test.each([
    ['has read everything', 0, 1024, 'connected', []],
    ['has not read what came last', 2048, 0, 'connected', ['info']],
    ['is only likely the one', 2048, 1, 'likely', ['warning']],
    ['may be another one', 2048, 1, 'ambiguous', []],
  ] as const)('%s', (_, unread, waiting, kind, severities) => {
    const found = unreadFindings(pair(at('db', unread, 0, 'pg', '1'), at('web', 0, waiting, 'app', '2'), kind))
    expect(found.map(({ severity }) => severity)).toEqual(severities)
  })

  test('names are escaped, most bytes come first', () => {
    const [small, large] = [
      pair(at('a', 10, 0, '\x1b[2J', '1'), at('b', 0, 1, 'x', '2')),
      pair(at('c', 900, 0, 'y', '3'), at('d', 0, 1, 'z', '4')),
    ]
    const found = unreadFindings([...small, ...large])
    expect(found.map(({ host }) => host)).toEqual(['c', 'a'])
    expect(found[1]!.finding).toContain('a 7/\\x1b[2J has not read 10 B')
  })

  test('a listener that has not accepted', () => {
    const listens: HostSocket = {
      host: 'db',
      socket: tcpListener({ localPort: 80, rxQueueBytes: 3 }, { owners: [owner(9, 'httpd')] }),
    }
    const [found] = unreadFindings([{ ...at('web', 0, 5, 'app', '2'), end: { kind: 'not-accepted', ends: [listens] } }])
    expect(found).toMatchObject({
      code: 'not-accepted',
      host: 'db',
      finding: 'db 9/httpd has not accepted the connection of web 7/app',
      evidence: ['3 connections wait at db port 80'],
    })
  })
})

describe('what is not certain', () => {
  const rows = (...kinds: EndKind[]) => kinds.map(kind => ({ ...at('a', 0, 0, 'x', '1'), end: { kind, ends: [] } }))
  test.each<[EndKind[], string[]]>([
    [['connected', 'translated', 'closed', 'not-here', 'not-accepted'], []],
    [['one-sided', 'one-sided'], ['ends-one-sided']],
    [
      ['ambiguous', 'likely'],
      ['ends-ambiguous', 'ends-translated'],
    ],
  ])('%j', (kinds, codes) => {
    expect(endWarnings(rows(...kinds)).map(({ code }) => code)).toEqual(codes)
  })
})
