import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readSnapshot } from './read/read-snapshot.ts'
import { timeWaitReport } from './rules/report.ts'
import type { TimeWaitReport } from './model.ts'
import { clientName } from './words.ts'
import { procOf } from '../../test/support/fake-proc.ts'
import { fixture } from '../../test/support/paths.ts'
import { clients, mini, reportOf, socket } from '../../test/support/time-wait-recording.ts'

const S030 = fixture('timewait/S-rate20-range1000-t030/')
const NET = ['tcp', 'tcp6', 'sockstat', 'netstat', 'snmp']

/** The recording of 602 rows with files changed; `undefined` takes one away. */
function changed(changes: Record<string, Buffer | string | undefined>, meta = {}) {
  const files = Object.fromEntries(NET.map(name => [`net/${name}`, readFileSync(`${S030}${name}`)]))
  const all: Record<string, Buffer | string | undefined> = {
    ...files,
    sysctl: readFileSync(`${S030}sysctl`),
    ...changes,
  }
  const kept = Object.entries(all).filter((entry): entry is [string, Buffer | string] => entry[1] !== undefined)
  return timeWaitReport(readSnapshot(procOf({ files: Object.fromEntries(kept), meta })))
}

const codes = (report: TimeWaitReport) => report.warnings.map(warning => warning.code)

describe('what is missing is said, and never guessed', () => {
  test('nothing is missing: nothing is said', () => {
    const report = changed({})
    expect(report.warnings).toEqual([])
    expect(report.tuples[0]!.forecast!.exhaustedInS).toBeCloseTo(20, 0)
  })

  test('sockstat', () => {
    const report = changed({ 'net/sockstat': undefined })
    expect(codes(report)).toEqual(['file-missing'])
    expect(report.unreadable).toEqual({ 'net/sockstat': 'ENOENT' })
    expect(report.totals).toMatchObject({ timeWait: 602, sockstat: undefined, balance: undefined })
  })

  test('netstat', () => {
    const { totals } = changed({ 'net/netstat': undefined })
    expect(totals).toMatchObject({ births: undefined, recycled: undefined, overflowed: undefined })
  })

  test('a counter this kernel does not have is not 0', () => {
    const text = readFileSync(`${S030}netstat`, 'latin1').replace('TCPTimeWaitOverflow', 'TCPSomethingElse')
    expect(changed({ 'net/netstat': text }).totals.overflowed).toBeUndefined()
  })

  test('the settings: no capacity, no forecast, no verdict of harmlessness', () => {
    const report = changed({ sysctl: undefined })
    expect(codes(report)).toEqual(['settings-unknown'])
    expect(report).toMatchObject({ capacity: undefined, verdict: { severity: 'unknown' } })
    expect(report.tuples[0]).toMatchObject({
      used: 602,
      capacity: undefined,
      utilization: undefined,
      forecast: undefined,
      reusable: undefined,
    })
  })

  test('the reserved ports alone: no capacity either', () => {
    const text = readFileSync(`${S030}sysctl`, 'latin1').replace(/^.*reserved_ports.*$/m, '')
    expect(changed({ sysctl: text }).capacity).toBeUndefined()
  })

  test('the table itself', () => {
    const report = changed({ 'net/tcp': undefined })
    expect(codes(report)).toContain('tables-missing')
    expect(report.verdict.severity).toBe('unknown')
    expect(report.totals.balance).toBe('the tables are incomplete: they show 0 of 602')
  })

  test('no IPv6: nothing is missing', () => {
    const report = changed({ 'net/tcp6': undefined })
    expect(report).toMatchObject({ warnings: [], unreadable: {} })
  })
})

describe('a table that was cut short', () => {
  const whole = readFileSync(`${S030}tcp`)

  test.each([40, 61, 88, 92, 95, 111, 149])('%i bytes into a row', bytes => {
    const report = changed({ 'net/tcp': whole.subarray(0, 150 * 101 + bytes) })
    expect(codes(report)).toContain('table-cut')
    const { totals, verdict } = report
    // The header, the listener and 99 rows are whole; the last one counts only where it is whole to its inode.
    expect(totals.timeWait).toBe(bytes > 92 ? 100 : 99)
    expect(totals.balance).toBe(`the tables are incomplete: they show ${totals.timeWait} of 602`)
    expect(verdict.severity).toBe('unknown')
  })

  test('whatever the length, no row is made up', () => {
    for (let length = 0; length < 1200; length += 1) {
      const { timeWait, finWait2 } = changed({ 'net/tcp': whole.subarray(0, length) }).totals
      expect(timeWait + finWait2).toBeLessThanOrEqual(Math.ceil(Math.max(0, length - 300) / 150))
    }
  })
})

test('rows that went through an editor, blanks squeezed, count as they are', () => {
  const squeezed = readFileSync(`${S030}tcp`, 'latin1').replace(/ +/g, ' ')
  expect(changed({ 'net/tcp': squeezed }).tuples[0]).toMatchObject({ timeWait: 602, used: 602 })
})

describe('another byte order', () => {
  const swapped = readFileSync(`${S030}tcp`, 'latin1').replaceAll('0100007F', '7F000001')

  test('told: addresses are read by it', () => {
    const [tuple] = changed({ 'net/tcp': swapped }, { endian: 'big' }).tuples
    expect(tuple).toMatchObject({ remoteAddress: '127.0.0.1', remotePort: 8080, used: 602 })
  })

  test('not told, but loopback addresses show it', () => {
    const report = changed({ 'net/tcp': swapped }, { endian: undefined })
    expect(report.tuples[0]!.remoteAddress).toBe('127.0.0.1')
    expect(report.warnings).toEqual([])
  })

  test('not told and not to be seen: said', () => {
    const report = reportOf({ rows: clients(20), meta: { endian: undefined } })
    expect(codes(report)).toEqual(['byte-order-assumed'])
  })
})

describe('another tick', () => {
  const rows = clients(200).replace(/03:([0-9a-f]{8})/g, (_, ticks: string) => {
    const alpha = Math.round((Number.parseInt(ticks, 16) * 1024) / 100)
    return `03:${alpha.toString(16).padStart(8, '0')}`
  })

  test('told: the same history', () => {
    const report = reportOf({ rows, meta: { userHz: 1024 } })
    expect(report.timing).toMatchObject({ lengthS: 60, lengthFrom: 'constant' })
    expect(report.tuples[0]!.forecast!.arrivalsPerS).toBeCloseTo(10, 0)
  })

  test('not told: ten minutes of TIME_WAIT or another tick, so neither history nor forecast', () => {
    const report = reportOf({ rows, meta: { userHz: undefined } })
    expect(codes(report)).toEqual(['user-hz-unknown'])
    expect(report).toMatchObject({ timing: undefined, history: undefined })
    expect(report.tuples[0]).toMatchObject({ used: 200, forecast: undefined })
  })
})

describe('a TIME_WAIT that is not 60 s', () => {
  const rows = Array.from({ length: 100 }, (_, i) =>
    mini(`198.51.100.7:${32768 + 2 * i}`, '192.0.2.10:80', i / 10 - 60),
  ).join('')

  test('is recognised from the timers where the tick is known', () => {
    const report = reportOf({ rows, meta: { userHz: 100 } })
    expect(report.timing).toMatchObject({ lengthS: 120, lengthFrom: 'timers' })
    expect(report.history!.perSecond).toHaveLength(120)
    expect(report.tuples[0]!.forecast!.sustainablePerS).toBeCloseTo(28232 / (120 + report.timing!.granuleS), 1)
  })

  test('is read from the setting of kernels that have one', () => {
    const report = reportOf({ rows: '', settings: { tcp_tw_timeout: '5' } })
    expect(report.timing).toMatchObject({ lengthS: 5, lengthFrom: 'sysctl' })
  })
})

describe('rows at timer 0', () => {
  /** Twenty arrivals a second; those of the last `stayS` seconds of their life stand at 0. */
  const steady = (stayS: number) =>
    Array.from({ length: 20 * (60 + stayS) }, (_, i) =>
      mini(`198.51.100.7:${32768 + i}`, '192.0.2.10:80', i / 20),
    ).join('')

  test.each([
    [0, 2.048, 'assumed'],
    [1, 2.048, 'assumed'],
    [2, 2.048, 'timers'],
    [3, 4.096, 'timers'],
    [5, 5.12, 'timers'],
  ])('a stay of %d s shows a step of %d s (%s)', (stayS, granuleS, granuleFrom) => {
    const { timing } = reportOf({ rows: steady(stayS) })
    expect(timing).toMatchObject({ granuleS, granuleFrom })
  })

  test('the longest stay that earlier reads have shown counts too', () => {
    const { timing } = reportOf({ rows: steady(0) }, { by: 'tuple', granuleSeenS: 3.9 })
    expect(timing).toMatchObject({ granuleS: 4.096, granuleFrom: 'timers', granuleAtLeastS: 3.9 })
  })
})

describe('rows that stand twice', () => {
  test('rows in TIME_WAIT are counted once, the later row for what it says', () => {
    const rows = mini('198.51.100.7:32768', '192.0.2.10:80', 30, '05') + mini('198.51.100.7:32768', '192.0.2.10:80', 0)
    expect(reportOf({ rows, tw: 1 }).totals).toMatchObject({ timeWait: 1, finWait2: 0, duplicates: 1 })
  })

  test('a socket that went to TIME_WAIT meanwhile takes one port', () => {
    const rows =
      socket('198.51.100.7:32768', '192.0.2.10:80', '01', '77') + mini('198.51.100.7:32768', '192.0.2.10:80', 0)
    expect(reportOf({ rows }).tuples[0]).toMatchObject({ used: 1, timeWait: 1, open: 1 })
  })

  test('listeners that share a port are several sockets, not duplicates', () => {
    const rows = socket('0.0.0.0:80', '0.0.0.0:0', '0A', '1') + socket('0.0.0.0:80', '0.0.0.0:0', '0A', '2')
    expect(reportOf({ rows }).totals.duplicates).toBe(0)
  })
})

describe('many rows', () => {
  test('a quarter of a million of one port and one destination', () => {
    const passive = Array.from({ length: 130_000 }, (_, i) =>
      mini('192.0.2.1:80', `198.51.${100 + Math.floor(i / 60_000)}.9:${1024 + (i % 60_000)}`, i / 3000),
    ).join('')
    const report = reportOf({ rows: passive + clients(28_000, { step: 1, everyS: 0.002 }) })
    expect(report.totals).toMatchObject({ timeWait: 158_000, passive: 130_000, active: 28_000 })
  })
})

describe('owners', () => {
  const links = {
    '41/fd/3': 'socket:[7000]',
    '41/fd/4': 'socket:[7001]',
    '42/fd/3': 'socket:[7000]',
    '50/fd/9': 'socket:[9000]',
  }
  const files = { '41/comm': 'nginx\n', '42/comm': 'nginx\n', '50/comm': 'curl\n' }

  test('a server is named by whoever holds its listener', () => {
    const rows = socket('0.0.0.0:80', '0.0.0.0:0', '0A', '7000') + mini('192.0.2.1:80', '198.51.100.9:40000', 3)
    const [port] = reportOf({ rows, links, files }).ports
    expect(port!.owners).toEqual([
      { pid: 41, program: 'nginx' },
      { pid: 42, program: 'nginx' },
    ])
  })

  test('who has a connection open need not have made those in TIME_WAIT', () => {
    const rows = clients(30) + socket('198.51.100.7:50000', '192.0.2.10:80', '01', '9000')
    const [tuple] = reportOf({ rows, links, files }).tuples
    expect(tuple).toMatchObject({ traced: false, candidates: [{ pid: 50, program: 'curl', hits: 1 }] })
    expect(clientName(tuple!)).toBe('not known; open now: curl (pid 50, 1 open)')
  })

  test('whoever does not close is named', () => {
    const rows =
      socket('0.0.0.0:80', '0.0.0.0:0', '0A', '7000') +
      socket('192.0.2.1:80', '192.0.2.1:40000', '08', '7001') +
      mini('192.0.2.1:40000', '192.0.2.1:80', 1, '05')
    expect(reportOf({ rows, links, files }).advice[0]!.finding).toBe(
      'nginx (pid 41) does not close 1 connection that the other side has closed, of 192.0.2.1:80',
    )
  })
})

test('a recording without any process names nobody and says nothing of it', () => {
  expect(reportOf({ rows: clients(3) }).warnings).toEqual([])
})
