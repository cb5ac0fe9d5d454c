import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bar } from '../../terminal/bar.ts'
import { sparkline } from '../../terminal/sparkline.ts'
import { createTheme } from '../../terminal/theme.ts'
import { timeWaitJson } from './json.ts'
import { timeWaitText } from './text.ts'
import { proof } from './who-closed-text.ts'
import type { WhoClosed } from '../who/who-closed.ts'
import { textWidth } from '../../terminal/columns.ts'
import { wrap } from '../../terminal/wrap.ts'
import { reportOf, clients, mini, socket } from '../../../test/support/time-wait-recording.ts'

const PLAIN = { theme: createTheme(false), borders: false, width: Infinity, top: 10, verbose: false }
const HOSTILE = {
  rows: socket('0.0.0.0:80', '0.0.0.0:0', '0A', '7000') + mini('192.0.2.1:80', '198.51.100.9:40000', 3),
  links: { '41/fd/3': 'socket:[7000]' },
  files: { '41/comm': 'e\x1b[2J\nv\u{e9}il\xff\n' },
}

describe('sparkline', () => {
  test.each([
    [[0, 1, 2, 4, 8], '·▁▂▄█'],
    [[0, 0], '··'],
    [[], ''],
    [[5], '█'],
    [[0.01, 100], '▁█'],
  ])('%j', (values, drawn) => expect(sparkline(values)).toBe(drawn))

  test('one character a value', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6)), values => {
        expect(textWidth(sparkline(values))).toBe(values.length)
      }),
    )
  })
})

describe('bar', () => {
  test.each([
    [0, '░░░░'],
    [0.0001, '▏░░░'],
    [0.5, '██░░'],
    [0.53, '██▏░'],
    [1, '████'],
    [7, '████'],
    [-1, '░░░░'],
  ])('%d', (share, drawn) => expect(bar(share, 4)).toBe(drawn))

  test('is always as wide as asked', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -2, max: 2 }), fc.integer({ min: 1, max: 40 }), (share, width) => {
        expect(textWidth(bar(share, width))).toBe(width)
      }),
    )
  })
})

describe('wrap', () => {
  test('breaks at blanks and indents', () => {
    expect(wrap('one two three four', 9, 2)).toBe('one two\n  three\n  four')
    expect(wrap('one two three four', Infinity, 2)).toBe('one two three four')
  })
})

const HARMLESS = {
  rows:
    socket('0.0.0.0:8080', '0.0.0.0:0', '0A', '7000') +
    clients(120, { everyS: 0.25 }) +
    mini('192.0.2.1:8080', '198.51.100.9:40000', 20),
}
const FULL = {
  rows: clients(100, { from: 33000, step: 1 }),
  settings: { ip_local_port_range: '33000\t33099', tcp_tw_reuse: '0' },
}

describe('the first screen', () => {
  test('harmless: the verdict, the sums, the table, and what -v adds', () => {
    expect(`\n${timeWaitText(reportOf(HARMLESS), PLAIN)}`).toMatchInlineSnapshot(`
      "
      HARMLESS  do nothing: the fullest destination, 192.0.2.10:80 from 198.51.100.7, holds 120 of 28232 ports, 0.4 %
      TIME_WAIT 121 (120 opened from here, 1 by the other side), 28232 local ports per destination (32768-60999)

      DESTINATION    FROM          TIME_WAIT  FIN_WAIT2  OPEN  PORTS TAKEN                      NEW/S  MAX/S  RUNS OUT  OPENED BY
      192.0.2.10:80  198.51.100.7        120          0     0  ▏░░░░░░░░░░░ 120 of 28232 0.4 %    4.0    455        no  not known

      -v: 1 local port of services, counts and history
      "
    `)
  })

  test('with -v all there is', () => {
    expect(`\n${timeWaitText(reportOf(HARMLESS), { ...PLAIN, verbose: true })}`).toMatchInlineSnapshot(`
      "
      HARMLESS  do nothing: the fullest destination, 192.0.2.10:80 from 198.51.100.7, holds 120 of 28232 ports, 0.4 %
      TIME_WAIT 121 (120 opened from here, 1 by the other side), 28232 local ports per destination (32768-60999)

      TIME_WAIT 121: 120 opened from this host, 1 opened by the other side
      FIN_WAIT2 0: closed here, the other side has not closed yet
      sockstat tw 121
      since the namespace began: 121 created, 0 reused by connect(), 0 not created because of the limit of 131072
      local ports per destination: 28232 of 32768-60999 (0 reserved, 0 listened on)
      TIME_WAIT lasts 60 s and up to 2.05 s more (as with HZ=250; no row has stayed at timer 0 long enough to tell)

      DESTINATION    FROM          TIME_WAIT  FIN_WAIT2  OPEN  PORTS TAKEN                      NEW/S  MAX/S  RUNS OUT  OPENED BY
      192.0.2.10:80  198.51.100.7        120          0     0  ▏░░░░░░░░░░░ 120 of 28232 0.4 %    4.0    455        no  not known

      LOCAL PORT  TIME_WAIT  FIN_WAIT2  CLIENTS  SERVED BY
            8080          1          0        1  not known
      these take no local port from any client here

      arrivals per second over the last 60 s: mean 2.0, peak 5, in 50 % of the seconds, 1 burst
      ······························▇▇▇▇▇▇▇▇▇█▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇ now
      "
    `)
  })

  test('every port taken, at 40 columns', () => {
    expect(`\n${timeWaitText(reportOf(FULL), { ...PLAIN, width: 40 })}`).toMatchInlineSnapshot(`
      "
      ACT  every local port towards
           192.0.2.10:80 from 198.51.100.7 is
           taken: connect() fails with
           EADDRNOTAVAIL; the next port is
           free in 51.1 s, the last in 61.0 s
      do  keep connections open: a pool or
          keep-alive in the client
      TIME_WAIT 100, opened from here, 100
          local ports per destination
          (33000-33099)

      DESTINATION    PORTS TAKEN  RUNS OUT
      192.0.2.10:80  100 %             now
      not shown at 40 columns: FROM,
      TIME_WAIT, NEW/S, MAX/S, OPENED BY
      (--json shows them)

      -v: advice (2: ports-exhausted,
          slow-connect), counts and history
      "
    `)
  })

  test('every port taken, at 80 columns', () => {
    expect(`\n${timeWaitText(reportOf(FULL), { ...PLAIN, width: 80 })}`).toMatchInlineSnapshot(`
      "
      ACT  every local port towards 192.0.2.10:80 from 198.51.100.7 is taken:
           connect() fails with EADDRNOTAVAIL; the next port is free in 51.1 s, the
           last in 61.0 s
      do  keep connections open: a pool or keep-alive in the client
      TIME_WAIT 100, opened from here, 100 local ports per destination (33000-33099)

      DESTINATION    FROM          PORTS TAKEN       NEW/S  RUNS OUT  OPENED BY
      192.0.2.10:80  198.51.100.7  100 of 100 100 %   10.0       now  not known
      not shown at 80 columns: TIME_WAIT, MAX/S (--json shows them)

      -v: advice (2: ports-exhausted, slow-connect), counts and history
      "
    `)
  })

  test('every port taken, at 120 columns', () => {
    expect(`\n${timeWaitText(reportOf(FULL), { ...PLAIN, width: 120 })}`).toMatchInlineSnapshot(`
      "
      ACT  every local port towards 192.0.2.10:80 from 198.51.100.7 is taken: connect() fails with EADDRNOTAVAIL; the next
           port is free in 51.1 s, the last in 61.0 s
      do  keep connections open: a pool or keep-alive in the client
      TIME_WAIT 100, opened from here, 100 local ports per destination (33000-33099)

      DESTINATION    FROM          TIME_WAIT  PORTS TAKEN       NEW/S  MAX/S  RUNS OUT  OPENED BY
      192.0.2.10:80  198.51.100.7        100  100 of 100 100 %   10.0    1.6       now  not known

      -v: advice (2: ports-exhausted, slow-connect), counts and history
      "
    `)
  })

  test.each([40, 80, 120, 200])('at %d columns no line is wider', width => {
    for (const recording of [HARMLESS, FULL, HOSTILE])
      for (const by of ['tuple', 'owner'] as const)
        for (const verbose of [false, true]) {
          const whatIf = { asked: 'range=1024-65535,sources=+1', change: { moreSources: 1 } }
          const text = timeWaitText(reportOf(recording, { by, whatIf }), { ...PLAIN, width, verbose, borders: true })
          for (const line of text.split('\n')) expect(textWidth(line), line).toBeLessThanOrEqual(width)
        }
  })

  test('summed up by owner, port and remote', () => {
    for (const [by, key] of [
      ['owner', 'not known'],
      ['port', '80'],
      ['remote', '192.0.2.10'],
    ] as const) {
      const report = reportOf({ rows: clients(30) }, { by })
      expect(timeWaitText(report, PLAIN)).toMatch(new RegExp(`^${key} +here +30 `, 'm'))
      expect(timeWaitJson(report).lists['groups']).toMatchObject([{ by, key, side: 'active', timeWait: 30 }])
    }
  })

  test('a hostile name stays on its line', () => {
    const text = timeWaitText(reportOf(HOSTILE), PLAIN)
    expect(text).toContain(String.raw`'e\x1b[2J\nv\xe9il\xff' (pid 41)`)
    expect(text).not.toContain('\x1b')
  })

  test('--top says what it leaves out, in text and in JSON', () => {
    const rows = Array.from({ length: 15 }, (_, i) =>
      mini(`198.51.100.7:${40000 + i}`, `192.0.2.${i + 1}:443`, i),
    ).join('')
    const report = reportOf({ rows })
    expect(timeWaitText(report, { ...PLAIN, top: 4 })).toContain('11 more destinations: --top 15')
    expect(timeWaitJson(report, 4).lists['tuples']).toHaveLength(4)
    expect(timeWaitJson(report).lists['tuples']).toHaveLength(15)
  })
})

describe('the proof of --who', () => {
  const WHO: WhoClosed = {
    tracedS: 10,
    closers: [],
    refused: [],
    connections: Array.from({ length: 10 }, (_, i) => ({
      localAddress: '10.0.0.1',
      localPort: 40000 + i,
      remoteAddress: '10.0.0.2',
      remotePort: 80,
      role: 'client',
      closer: { pid: 7, program: 'p7' },
    })),
    counted: { timeWait: 10, overflowed: 0 },
    explained: 10,
    foreign: 0,
    lostEvents: 0,
  }

  test.each<[string, Partial<WhoClosed>]>([
    ['10 of 10 explained', {}],
    ['9 of 10 explained (1 closed before tracing began)', { explained: 9 }],
    ['9 of 9 explained (1 more ended in a reset instead)', { counted: { timeWait: 9, overflowed: 0 } }],
    [
      '10 of 10 explained (4 of them got no TIME_WAIT at the limit of tcp_max_tw_buckets)',
      { counted: { timeWait: 6, overflowed: 4 } },
    ],
    ['10 of 13 explained (at least 5 events lost)', { counted: { timeWait: 13, overflowed: 0 }, lostEvents: 5 }],
    [
      '10 of 10 explained (this kernel does not count them, so nothing proves it whole; 3 of other network namespaces left out)',
      { counted: undefined, foreign: 3 },
    ],
  ])('%s', (text, facts) => expect(proof({ ...WHO, ...facts })).toBe(text))
})
