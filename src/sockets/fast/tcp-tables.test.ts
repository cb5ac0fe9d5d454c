import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTimeWaitSocket } from '../tables/inet-row.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import { parseInetTable } from '../tables/inet.ts'
import { parseTcpTables } from './tcp-tables.ts'
import { TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'

const hex = (digits: number) =>
  fc
    .integer({ min: 0, max: 2 ** Math.min(31, digits * 4) - 1 })
    .map(value => value.toString(16).padStart(digits, '0').toUpperCase())

const row = fc
  .record({
    sl: fc.integer({ min: 0, max: 200_000 }).map(String),
    local: fc.tuple(fc.constantFrom('0100007F', '0200007F'), hex(4)).map(parts => parts.join(':')),
    remote: fc.tuple(fc.constantFrom('0100007F', 'C0000201', 'FFFFFFFF'), hex(4)).map(parts => parts.join(':')),
    state: fc.constantFrom('01', '05', '06', '08', '0A'),
    timer: fc.tuple(fc.constantFrom('00', '02', '03'), hex(8)).map(parts => parts.join(':')),
    inode: fc.constantFrom('0', '7', '18446744073709551615'),
    rest: fc.constantFrom('', ' 20 4 30 10 -1', '                                      '),
  })
  .map(tcpRow)
const rowV6 = row.map(line => line.replace(/([0-9A-F]{8}):([0-9A-F]{4})/g, '0000000000000000FFFF0000$1:$2'))

const parse = (text: string) => parseTcpTables([{ table: 'tcp', bytes: Buffer.from(text) }], true)

describe('parseTcpTables', () => {
  test('agrees with the general parser on every row, whatever it goes through', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(rowV6), (lines, linesV6) => {
        const [tcp, tcp6] = [lines, linesV6].map(rows => Buffer.from(TCP_HEADER + rows.join('')))
        const all = [...parseInetTable(tcp!, 'tcp', true).rows, ...parseInetTable(tcp6!, 'tcp6', true).rows]
        const { timeWait, rows, find, duplicates } = parseTcpTables(
          [
            { table: 'tcp', bytes: tcp! },
            { table: 'tcp6', bytes: tcp6! },
          ],
          true,
        )
        expect(rows).toEqual(all.filter(line => !isTimeWaitSocket(line)))
        const expected = all.filter(isTimeWaitSocket)
        expect(timeWait.length + duplicates).toBe(expected.length)
        const latest = new Map(
          expected.map(line => [
            `${unmapIp(line.localAddress)} ${line.localPort} ${unmapIp(line.remoteAddress)} ${line.remotePort}`,
            line,
          ]),
        )
        expect(timeWait.length).toBe(latest.size)
        for (const line of latest.values()) {
          const at = find(line.localAddress, line.localPort, line.remoteAddress, line.remotePort)!
          expect([timeWait.state[at], timeWait.ticks[at], timeWait.localPort[at], timeWait.remotePort[at]]).toEqual([
            line.state,
            line.timerTicks,
            line.localPort,
            line.remotePort,
          ])
          expect(timeWait.addresses[timeWait.local[at]!]).toBe(unmapIp(line.localAddress))
          expect(timeWait.addresses[timeWait.remote[at]!]).toBe(unmapIp(line.remoteAddress))
        }
      }),
    )
  })

  test('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.array(row, { maxLength: 5 }), (noise, lines) => {
        const text = Buffer.concat([
          Buffer.from(TCP_HEADER + lines.join('')),
          noise,
          Buffer.from(`\n${lines.join('')}`),
        ])
        const { timeWait, rows } = parseTcpTables([{ table: 'tcp', bytes: text }], true)
        expect(timeWait.length + rows.length).toBeLessThanOrEqual(2 * lines.length + 40)
      }),
    )
  })

  const MINI = tcpRow({ state: '06', timer: '03:00001770', inode: '0', rest: '' })
  test.each([
    ['a FIN_WAIT2 that a process still has', MINI.replace(' 06 ', ' 05 ').replace(' 0 1 ', ' 77 1 ')],
    ['a FIN_WAIT2 on another timer', MINI.replace(' 06 ', ' 05 ').replace('03:', '02:')],
    ['another state with a TIME_WAIT timer', MINI.replace(' 06 ', ' 08 ')],
  ])('%s is no mini-socket', (_, line) => {
    expect(parse(TCP_HEADER + line)).toMatchObject({ timeWait: { length: 0 }, rows: [{ localPort: 8080 }] })
  })

  test('a line that is none is counted', () => {
    expect(parse(`${TCP_HEADER}rubbish\n${MINI}`)).toMatchObject({
      timeWait: { length: 1 },
      bogus: [{ text: 'rubbish' }],
    })
  })
})
