import { describe, expect, test } from 'vitest'
import { JOBS } from '../jobs/catalog.ts'
import type { BpfRow, BpfValue, FieldKind } from '../run/output/row.ts'
import { textWidth } from '../../terminal/text-width.ts'
import type { CellContext } from './cell.ts'
import { leftOut, rowColumns, rowLines } from './rows.ts'

const context: CellContext = { wallMs: ns => ns / 1e6, machine: 'x86_64', clock: () => '14:03:05.123456' }

/** The widest a value of a kind commonly is. */
const WIDEST: Record<FieldKind, BpfValue> = {
  time: 1e9,
  pid: 4_194_303,
  integer: 65_534,
  bytes: 123_456_789,
  durationNs: 12_345_678_901,
  text: 'a name of many and many more characters /var/lib/x/0123456789abcdef',
  address: '2001:db8:1234:5678:9abc:def0:1234:5678',
  port: 65_535,
  errno: 110,
  signal: 14,
  state: 5,
  syscall: 231,
  device: 266_338_304,
  socket: 'ffff8881045b2d00',
}

const tables = JOBS.filter(job => job.shape === 'events' || job.shape === 'counts')
const table = (name: string, width: number, rows?: BpfRow[]) => {
  const { fields } = JOBS.find(job => job.name === name)!
  const widest = Object.fromEntries(fields.map(({ key, kind }) => [key, WIDEST[kind]]))
  const columns = rowColumns(fields, context)
  const layout = { width, fields }
  return [...rowLines(columns, rows ?? [widest], true, layout)].join('') + leftOut(columns, layout)
}

describe.each([40, 80, 120])('on %i columns', width => {
  test.each(tables.map(job => job.name))('no row of %s wraps, and its process or call stays', name => {
    const lines = table(name, width).trimEnd().split('\n')
    for (const line of lines) expect(textWidth(line), line).toBeLessThanOrEqual(width)
    expect(lines[0]).toMatch(/\b(PID|COMM|SYSCALL)\b/)
  })
})

const life = {
  time: 1e9,
  pid: 7,
  comm: 'curl',
  laddr: '10.0.0.1',
  lport: 40_001,
  raddr: '10.0.0.2',
  rport: 443,
  txBytes: 100,
  rxBytes: 2048,
  durationNs: 5e6,
}

test('tcplife on 120, 80 and 40 columns: which columns leave, and what brings them back', () => {
  expect(table('tcplife', 120, [life])).toMatchInlineSnapshot(`
    "TIME                PID COMM             LADDR           LPORT RADDR           RPORT        TX        RX      LIFE
    14:03:05.123456       7 curl             10.0.0.1        40001 10.0.0.2          443     100 B     2 KiB      5 ms
    "
  `)
  expect(table('tcplife', 80, [life])).toMatchInlineSnapshot(`
    "    PID COMM             RADDR           RPORT        TX        RX      LIFE
          7 curl             10.0.0.2          443     100 B     2 KiB      5 ms
    not shown at 80 columns: TIME, LADDR, LPORT (--json shows them)
    "
  `)
  expect(table('tcplife', 40, [life])).toMatchInlineSnapshot(`
    "COMM     RADDR           RPORT      LIFE
    curl     10.0.0.2          443      5 ms
    not shown at 40 columns: TIME, PID,
    LADDR, LPORT, TX, RX (--json shows them)
    "
  `)
})

test('what is piped is whole', () => {
  const text = table('opensnoop', Infinity)
  expect(text).toContain(`${String(WIDEST.text)}\n`)
  expect(text).not.toContain('not shown')
})
