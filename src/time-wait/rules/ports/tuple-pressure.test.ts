import { describe, expect, test } from 'vitest'
import { createTheme } from '../../../terminal/theme.ts'
import { timeWaitText } from '../../show/text.ts'
import { clients, mini, reportOf, socket } from '../../../../test/support/time-wait-recording.ts'

const settings = { ip_local_port_range: '10000\t10199', tcp_tw_reuse: '0' }
const at = (count: number, from: number, remote: string, agoS: number) =>
  Array.from({ length: count }, (_, i) => mini(`198.51.100.7:${from + 2 * i}`, remote, agoS + (count - i) * 0.01)).join(
    '',
  )

describe('a client that binds its source address', () => {
  /** 100 odd ports, then 20 even ones, bound; then 80 even ones by connect(): all of 200. */
  const rows = at(100, 10001, '192.0.2.1:80', 9) + at(20, 10000, '192.0.2.1:80', 8) + at(80, 10040, '192.0.2.2:80', 6)
  const { tuples, verdict, advice } = reportOf({ rows, settings })
  const of = (remoteAddress: string) => tuples.find(tuple => tuple.remoteAddress === remoteAddress)

  test('takes its ports from every destination', () => {
    expect(of('192.0.2.2')).toMatchObject({ timeWait: 80, used: 200, blocked: 200, elsewhere: 120, utilization: 1 })
    expect(of('192.0.2.2')!.forecast).toMatchObject({ exhaustedInS: 0 })
  })

  test('finds those of connect() taken, from its own address', () => {
    expect(of('192.0.2.1')).toMatchObject({
      parity: 'bind-before-connect',
      blocked: 200,
      elsewhere: 80,
      utilization: 1,
    })
  })

  test('cannot take a TIME_WAIT over, whatever tcp_tw_reuse says', () => {
    const reuse = reportOf({ rows, settings: { ...settings, tcp_tw_reuse: '1' } }).tuples
    expect(reuse.find(tuple => tuple.remoteAddress === '192.0.2.1')).toMatchObject({ reusable: false, blocked: 200 })
    // connect() to the other destination takes over its own, never those that were bound.
    expect(reuse.find(tuple => tuple.remoteAddress === '192.0.2.2')).toMatchObject({ reusable: true, blocked: 120 })
  })

  test('is told so, and what does not help', () => {
    expect(verdict.severity).toBe('critical')
    expect(advice[0]!.do[0]).toMatch(/^set IP_BIND_ADDRESS_NO_PORT/)
    expect(advice.flatMap(({ do: remedies }) => remedies).join()).not.toContain('SO_REUSEADDR')
    expect(advice.find(({ code }) => code === 'bind-before-connect')!.not.join()).toMatch(/SO_REUSEADDR: bind\(\)/)
  })

  test('from another address it is in nobody’s way but that of connect()', () => {
    const elsewhere = at(40, 10001, '192.0.2.1:80', 1).replaceAll('076433C6', '086433C6')
    const plain = at(20, 10040, '192.0.2.2:80', 1)
    const [first, second] = reportOf({ rows: elsewhere + plain, settings }).tuples
    expect(first).toMatchObject({ localAddress: '198.51.100.7', blocked: 60, elsewhere: 40 })
    expect(second).toMatchObject({ localAddress: '198.51.100.8', blocked: 40, elsewhere: 0 })
  })
})

describe('ports held by open connections', () => {
  const open = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      socket(`198.51.100.7:${10000 + i}`, '192.0.2.1:80', '01', `${9000 + i}`),
    ).join('')
  const links = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`50/fd/${i}`, `socket:[${9000 + i}]`]))
  const files = { '50/comm': 'pool\n' }

  test('all of them: the owner is named, and nothing about TIME_WAIT is advised', () => {
    const { tuples, verdict, advice } = reportOf({ rows: open(200), settings, links, files })
    expect(tuples[0]).toMatchObject({ heldOpen: 200, utilization: 1, candidates: [{ pid: 50, hits: 200 }] })
    expect(verdict).toEqual({
      severity: 'critical',
      sentence:
        'every local port towards 192.0.2.1:80 from 198.51.100.7 is taken: connect() fails with EADDRNOTAVAIL; pool (pid 50) holds 200 of them with open connections',
    })
    expect(advice.map(({ code }) => code)).not.toContain('ports-exhausted')
    expect(advice[0]!.do.join()).not.toMatch(/tw_reuse|keep-alive/)
  })

  test('most of them: a warning', () => {
    expect(reportOf({ rows: open(170), settings, links, files }).advice[0]).toMatchObject({
      code: 'ports-held-open',
      severity: 'warning',
      finding: expect.stringMatching(/^pool \(pid 50\) holds 170 of 200 local ports/),
    })
  })

  test('a few of them beside TIME_WAIT: it is TIME_WAIT', () => {
    const rows = open(20) + clients(180, { from: 10020, step: 1, remote: '192.0.2.1:80' })
    const codes = reportOf({ rows, settings, links, files }).advice.map(({ code }) => code)
    expect(codes).toContain('ports-exhausted')
    expect(codes).not.toContain('ports-held-open')
  })
})

test('a burst that has ended is no rate, and one that has just come is no forecast', () => {
  const burst = (agoS: number) =>
    Array.from({ length: 150 }, (_, i) => mini(`198.51.100.7:${10000 + 2 * i}`, '192.0.2.1:80', agoS + i / 1000)).join(
      '',
    )
  const wide = { ip_local_port_range: '10000\t10999', tcp_tw_reuse: '0' }
  expect(reportOf({ rows: burst(1.2), settings: wide })).toMatchObject({
    verdict: { severity: 'ok' },
    tuples: [{ forecast: { load: 'ended', arrivalsPerS: 0, exhaustedInS: undefined } }],
  })
  const fresh = reportOf({ rows: burst(0), settings: wide })
  expect(fresh.tuples[0]!.forecast).toMatchObject({ load: 'just-begun', exhaustedInS: undefined })
  expect(fresh.verdict).toMatchObject({ severity: 'warning', sentence: expect.stringContaining('a burst, or a load') })
})

test('the limit of tcp_max_tw_buckets keeps ports free', () => {
  const rows = clients(100, { from: 10000 })
  const of = (max: string) =>
    reportOf({ rows, settings: { ip_local_port_range: '10000\t10499', tcp_tw_reuse: '0', tcp_max_tw_buckets: max } })
      .tuples[0]!.forecast!
  expect(of('131072').exhaustedInS).toBeCloseTo(40, 0)
  expect(of('100').exhaustedInS).toBeUndefined()
})

test('at the limit of tcp_max_tw_buckets the rate is not known', () => {
  const shown = (max: string) => {
    const report = reportOf({
      rows: clients(100, { from: 10000 }),
      settings: { ip_local_port_range: '10000\t10499', tcp_tw_reuse: '0', tcp_max_tw_buckets: max },
    })
    const layout = { theme: createTheme(false), borders: false, width: Infinity, top: 10, verbose: false }
    return [report.tuples[0]!.forecast!.load, /\d %\s+(\S+)/.exec(timeWaitText(report, layout))![1]]
  }
  expect(shown('101')).toEqual(['steady', expect.stringMatching(/^\d/)])
  expect(shown('100')).toEqual(['unseen', '?'])
})
