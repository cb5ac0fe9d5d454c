import { describe, expect, test } from 'vitest'
import { owner, tcpListener, tcpSocket } from '../../../../test/support/a-socket.ts'
import { NUMERIC } from '../../names/names.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { textWidth } from '../../../terminal/text-width.ts'
import type { ChangeRound, ShortLived, SocketChange } from '../change.ts'
import { socketChanges } from '../rules/socket-changes.ts'
import { changeJsonLines, changesSummaryLine } from './change-json.ts'
import { changeLines } from './change-text.ts'
import { addedTotals, NO_TOTALS, totalsText, WatchScreen } from './watch-screen.ts'

const theme = createTheme(false)
const context = { names: NUMERIC, userHz: 100 }
const atMs = Date.UTC(2026, 0, 2, 3, 4, 5)
const SHORT: ShortLived = {
  side: 'accepted',
  protocol: 'tcp',
  address: '127.0.0.1',
  port: 8080,
  listener: tcpListener({}, { owners: [owner(9)] }),
  count: 37,
  bytesSent: 2048,
  bytesReceived: 100,
}

const { changes } = socketChanges(
  [
    tcpListener({ inode: '1' }, { owners: [owner(1)] }),
    tcpSocket({ inode: '5' }, { owners: [owner(5)] }),
    tcpSocket({ inode: '6', remotePort: 6 }, { owners: [owner(6)] }),
  ],
  [
    tcpListener({ inode: '2' }, { owners: [owner(2)] }),
    tcpSocket({ inode: '0', remotePort: 6, state: 5 }, { owners: [] }),
    tcpSocket({ inode: '7', remotePort: 7 }, { owners: [owner(7)] }),
  ],
)
const ended: SocketChange[] = changes.map(change =>
  change.mark === '-'
    ? { ...change, end: { bytesSent: 1536, bytesReceived: 7, retransmits: 2 }, lived: { ms: 1234, atLeast: true } }
    : change,
)
const round: ChangeRound = { atMs, changes: ended, shortLived: [SHORT], closed: 38, lost: 0, sockets: [] }

describe('lines', () => {
  test('when, how, which, what', () => {
    const shown = changeLines(round, context, { theme, width: Infinity, owners: true, fullTime: true })
    expect(shown).toBe(
      [
        '2026-01-02T03:04:05.000Z ~ tcp   0.0.0.0:8080          0.0.0.0:*             LISTEN      same port, other process, 1/server → 2/server',
        '2026-01-02T03:04:05.000Z - tcp   127.0.0.1:8080        127.0.0.1:40000       ESTABLISHED 5/server, sent 1.5 KiB, received 7 B, 2 retransmits, lived at least 1.23 s',
        '2026-01-02T03:04:05.000Z + tcp   127.0.0.1:8080        127.0.0.1:7           ESTABLISHED 7/server',
        '2026-01-02T03:04:05.000Z ~ tcp   127.0.0.1:8080        127.0.0.1:6           ESTABLISHED → FIN_WAIT2 6/server',
        '2026-01-02T03:04:05.000Z ± tcp   127.0.0.1:8080        *                     37 ended    never seen by 9/server, sent 2 KiB, received 100 B',
        '',
      ].join('\n'),
    )
  })

  test.each([40, 80, 120])('fit %i columns', width => {
    const shown = changeLines(round, context, { theme, width, owners: true, fullTime: false })
    for (const line of shown.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width)
  })

  test('nothing changed: nothing is printed', () => {
    const none = { atMs, changes: [], shortLived: [] }
    expect(changeLines(none, context, { theme, width: 80, owners: true, fullTime: true })).toBe('')
  })
})

describe('JSON', () => {
  test('an object a change', () => {
    const lines = [...changeJsonLines(round, 100)].map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ type, mark }) => `${String(type)} ${String(mark)}`)).toEqual([
      'change ~',
      'change -',
      'change +',
      'change ~',
      'short-lived undefined',
    ])
    expect(lines[0]).toMatchObject({ time: '2026-01-02T03:04:05.000Z', kinds: ['restarted'], before: { inode: '1' } })
    expect(lines[1]).toMatchObject({ end: { bytesSent: 1536 }, lived: { ms: 1234, atLeast: true } })
    expect(lines[1]).not.toHaveProperty('after')
    expect(lines[4]).toMatchObject({ count: 37, listener: { localPort: 8080 } })
  })

  test('the last line', () => {
    expect(JSON.parse(changesSummaryLine(3, addedTotals(NO_TOTALS, round), true, []))).toEqual({
      type: 'summary',
      rounds: 3,
      came: 1,
      went: 1,
      changed: 2,
      closed: 38,
      shortLived: 37,
      lost: 0,
      endsTold: true,
      warnings: [],
    })
  })
})

test.each([
  [NO_TOTALS, '+0 -0 ~0'],
  [{ ...NO_TOTALS, came: 3, closed: 5, shortLived: 2 }, '+3 -0 ~0  ended 5, 2 of them never seen'],
  [{ ...NO_TOTALS, closed: 5, lost: 4 }, '+0 -0 ~0  ended at least 5, 4 not told'],
])('sums', (totals, shown) => {
  expect(totalsText(totals)).toBe(shown)
})

test('a screen: clock and sums, what changed lately with the last on top, the listing', () => {
  const screen = new WatchScreen(theme)
  const size = { columns: 80, lines: 24 }
  const head = { atMs, sockets: 3, totals: NO_TOTALS }
  expect(screen.text(head, 'listing\n', size)).toBe(
    '03:04:05  3 sockets  +0 -0 ~0\nnothing has changed yet\n\nlisting\n',
  )
  screen.add('first\nsecond\n')
  screen.add('third\n')
  expect(screen.text(head, 'listing\n', size)).toBe('03:04:05  3 sockets  +0 -0 ~0\nthird\nsecond\nfirst\n\nlisting\n')
  for (let i = 0; i < 20; i += 1) screen.add(`${i}\n`)
  expect(screen.text(head, '', size).split('\n')).toHaveLength(1 + 8 + 2)
})
