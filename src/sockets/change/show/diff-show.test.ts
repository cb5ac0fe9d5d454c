import { expect, test } from 'vitest'
import { owner, tcpListener, tcpSocket } from '../../../../test/support/a-socket.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { textWidth } from '../../../terminal/text-width.ts'
import { NUMERIC } from '../../names/names.ts'
import { socketDiff } from '../rules/socket-diff.ts'
import { socketDiffDocument } from './diff-json.ts'
import { diffText, reachText } from './diff-text.ts'

const context = { names: NUMERIC, userHz: 100 }
const theme = createTheme(false)
const names = { old: 'a.snap.json of web1', new: 'live of web1' }
const ALL = { comparable: true, counts: true, connections: true }
const diff = socketDiff(
  [tcpListener({ localAddress: '127.0.0.1' }, { owners: [owner(7)] }), tcpListener({ localPort: 81 }), tcpSocket()],
  [tcpListener({}, { owners: [owner(8)] }), tcpListener({ localPort: 82 }, { owners: [owner(9, 'new')] })],
  ALL,
)
const text = (width: number) => [...diffText(diff, names, context, { theme, width })].join('')

test('listeners first, then counts, then each', () => {
  expect(text(Infinity)).toMatchInlineSnapshot(`
    "- a.snap.json of web1
    + live of web1
    Listeners
    + tcp   0.0.0.0:82                    every address            9/new
    - tcp   0.0.0.0:81                    every address            -
    ~ tcp   127.0.0.1:8080 → 0.0.0.0:8080 loopback → every address 7/server → 8/server another address, the same program, another process
    Others, by state
    Proto State       Before  After Change
    tcp   ESTABLISHED      1      0     -1
    Others, one by one
    - tcp   127.0.0.1:8080        127.0.0.1:40000       ESTABLISHED
    "
  `)
})

test.each([40, 80, 120])('fits %i columns', width => {
  for (const line of text(width).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width)
})

test('no difference', () => {
  const none = socketDiff([], [], ALL)
  expect([...diffText(none, names, context, { theme, width: 80 })].join('')).toBe(
    '- a.snap.json of web1\n+ live of web1\nno difference\n',
  )
})

test.each([
  ['127.0.0.1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::', 'every address'],
  ['192.0.2.1', 'one address'],
])('%s is reached on %s', (localAddress, reach) => {
  expect(reachText(tcpListener({ localAddress }))).toBe(reach)
})

test('JSON', () => {
  const origin = { host: 'web1', takenAt: undefined, source: 'live' }
  const { what, facts } = socketDiffDocument({ old: { ...origin, source: 'a' }, new: origin }, diff, {
    same: false,
    notComparable: undefined,
    userHz: 100,
  })
  expect(what).toBe('socket-diff')
  expect(facts).toMatchObject({
    old: { source: 'a' },
    same: false,
    listeners: [{ mark: '+' }, { mark: '-' }, { mark: '~', kinds: ['address', 'restarted'] }],
    counts: [{ state: 'ESTABLISHED', before: 1, after: 0 }],
  })
})
