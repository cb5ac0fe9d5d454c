import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changing, procOf, refuse, TCP_HEADER, tcpRow, UNIX_HEADER } from '../../../test/support/fake-proc.ts'
import { recordedDump } from '../../../test/support/socket-dump.ts'
import type { DumpFamily, ProcSource } from '../../proc/proc-source.ts'
import { collectSockets } from '../read.ts'
import { limitRemarks } from '../show/remarks.ts'
import { ALL_TABLES } from '../tables/read-tables.ts'

const FAMILIES = ['tcp', 'tcp6', 'udp', 'udp6', 'unix', 'packet', 'netlink'] as const

const request = {
  tables: ALL_TABLES,
  selection: { all: true, listening: false, ports: [] },
  owners: undefined,
  facts: 'all',
  factsAsked: true,
} as const

const recording = (dumps: Partial<Record<DumpFamily, Buffer>>, files: Record<string, string> = {}) =>
  procOf({
    files: {
      ...files,
      ...Object.fromEntries(Object.entries(dumps).map(([family, bytes]) => [`diag/${family}`, bytes])),
    },
  })

const warningsOf = (source: ProcSource, report: ReturnType<typeof collectSockets>) =>
  limitRemarks(source, report, new Set())

describe('recorded dumps', () => {
  test('alone, are rows with facts', () => {
    const source = recording(Object.fromEntries(FAMILIES.map(family => [family, recordedDump(family)])))
    const report = collectSockets(source, request)
    expect(report.sockets).toHaveLength(56 + 9 + 15 + 2 + 11)
    expect(report.sockets.filter(({ kernel }) => kernel === undefined)).toEqual([])
    expect(warningsOf(source, report)).toEqual([])
  })

  test.each(FAMILIES)('of %s, cut at any byte: the rows before it and exactly one warning, never an error', family => {
    const bytes = recordedDump(family)
    const whole = collectSockets(recording({ [family]: bytes }), request).sockets.map(({ row }) => row)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), at => {
        const source = recording({ [family]: bytes.subarray(0, at) })
        const report = collectSockets(source, request)
        const rows = report.sockets.map(({ row }) => row)
        expect(rows).toEqual(whole.slice(0, rows.length))
        expect(rows.length).toBeLessThanOrEqual(whole.length)
        // Every fact can be read, too.
        for (const { kernel } of report.sockets) expect({ ...kernel, info: kernel?.tcpInfo }).toBeDefined()
        expect(warningsOf(source, report).map(({ code }) => code)).toEqual(['dump-cut'])
      }),
      { numRuns: 200 },
    )
  })

  test('any bytes at all are read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...FAMILIES), fc.nat(400), (noise, family, at) => {
        const bytes = Buffer.from(recordedDump(family).subarray(0, 2000))
        bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length))
        for (const { kernel } of collectSockets(recording({ [family]: bytes }), request).sockets) {
          const { tcpInfo, memory, congestion, cgroupId, v6only, mark, shutdown } = kernel!
          expect([tcpInfo, memory, congestion, cgroupId, v6only, mark, shutdown]).toHaveLength(7)
        }
      }),
    )
  })
})

describe('facts beside the rows of /proc', () => {
  /** 127.0.0.1:8080 of the zoo, its first connection, and a TIME_WAIT. */
  const tables = {
    'net/tcp':
      TCP_HEADER +
      tcpRow({ inode: '2401014', queues: '00000000:00000001' }) +
      tcpRow({ local: '0100007F:1F90', remote: '0100007F:9F20', state: '01', inode: '2401029' }) +
      tcpRow({ local: '0100007F:0BD6', remote: '0100007F:1F90', state: '06', inode: '0', timer: '03:00000100' }) +
      tcpRow({ local: '0100007F:0050', inode: '77' }),
    'net/unix': `${UNIX_HEADER}0000000000000001: 00000002 00000000 00010000 0001 01 2401085 /srv/zoo-s/app.sock\n`,
  }

  test('join by inode, without one by both ends; what the kernel did not name has none', () => {
    const source = recording({ tcp: recordedDump('tcp'), unix: recordedDump('unix') }, tables)
    const { sockets } = collectSockets(source, { ...request, tables: ['tcp', 'unix'] })
    expect(sockets.map(({ row, kernel }) => [row.inode, kernel?.cookie])).toEqual([
      ['2401014', String(0x463ff)],
      ['2401029', String(0x46400)],
      ['0', String(0x2ba14)],
      ['77', undefined],
      ['2401085', expect.stringMatching(/^\d+$/)],
    ])
    expect(sockets.map(({ row }) => ('acceptQueueLimit' in row ? row.acceptQueueLimit : undefined))).toEqual([
      5,
      undefined,
      undefined,
      undefined,
      3,
    ])
  })

  test('a row that may be forged gets those of its name alone', () => {
    const genuine = '0000000000000001: 00000002 00000000 00010000 0001 01 2401085 /srv/zoo-s/app.sock'
    const host = '0000000000000002: 00000002 00000000 00010000 0001 01 9 /a'
    const read = (path: string) =>
      collectSockets(
        recording(
          { unix: recordedDump('unix') },
          { 'net/unix': `${UNIX_HEADER}${genuine}\n${host}\n${genuine.replace('/srv/zoo-s/app.sock', path)}\n` },
        ),
        { ...request, tables: ['unix'] },
      ).sockets.map(({ kernel }) => kernel !== undefined)
    expect(read('/evil')).toEqual([true, false, false])
    expect(read('/srv/zoo-s/app.sock')).toEqual([true, false, true])
  })

  test.each([
    ['one line of it, where the next may be a row', '/srv/zoo-s'],
    ['all lines', '/srv/zoo-s\napp.sock'],
  ])('a name of several lines is that of its own row: %s', (_, path) => {
    const name = '/srv/zoo-s/app.sock'
    const dump = Buffer.from(recordedDump('unix').toString('latin1').replaceAll(name, '/srv/zoo-s\napp.sock'), 'latin1')
    const row = (pointer: number, inode: number, shown: string) =>
      `000000000000000${pointer}: 00000002 00000000 00010000 0001 01 ${inode} ${shown}\n`
    const source = recording({ unix: dump }, { 'net/unix': `${UNIX_HEADER}${row(1, 9, '/a')}${row(2, 2401085, path)}` })
    const { sockets } = collectSockets(source, { ...request, tables: ['unix'] })
    expect(sockets.map(({ kernel }) => kernel !== undefined)).toEqual([false, true])
  })

  test('without dumps they are not known, which is said where they were asked for', () => {
    const source = recording({}, tables)
    const [asked, unasked] = [request, { ...request, facts: undefined, factsAsked: false }].map(one =>
      collectSockets(source, { ...one, tables: ['tcp', 'unix'] }),
    )
    expect(asked!.sockets.every(({ kernel }) => kernel === undefined)).toBe(true)
    expect(warningsOf(source, asked!).map(({ code }) => code)).toEqual(['kernel-not-asked'])
    expect(warningsOf(source, unasked!)).toEqual([])
  })
})

describe('the kernel itself', () => {
  const asked: string[] = []
  const machine = (answers: Partial<Record<DumpFamily, Buffer>>, files: Record<string, string>) =>
    changing(procOf({ files }), {}) &&
    ({
      ...changing(procOf({ files }), {}),
      dumpSockets(family: DumpFamily, choice: object) {
        asked.push(`${family} ${JSON.stringify(choice)}`)
        return answers[family] ?? refuse('ENOENT', `diag/${family}`)
      },
    } satisfies ProcSource)
  const listening = { all: false, listening: true, ports: [] }
  const sockstat6 = { 'net/sockstat6': 'TCP6: inuse 0\n' }

  test('of listeners alone, where only they are shown: no table of TCP is read', () => {
    asked.length = 0
    const source = machine({ tcp: recordedDump('tcp'), tcp6: recordedDump('tcp6') }, {})
    const { sockets, tables } = collectSockets(source, {
      tables: ['tcp', 'tcp6'],
      selection: listening,
      owners: undefined,
      skipDetails: true,
      skipReferences: true,
    })
    expect(asked).toEqual(['tcp {"listenersOnly":true}', 'tcp6 {"listenersOnly":true}'])
    expect(tables.missing).toEqual([])
    const shown = sockets.filter(({ row }) => 'state' in row && row.state === 10)
    expect(shown.map(({ dualStack }) => dualStack?.dual).filter(dual => dual !== undefined)).toEqual([true, false])
  })

  test('refuses: /proc is read as ever', () => {
    const source = machine({}, { 'net/tcp': TCP_HEADER + tcpRow(), ...sockstat6 })
    const { sockets } = collectSockets(source, {
      tables: ['tcp', 'tcp6'],
      selection: listening,
      owners: undefined,
      skipDetails: true,
      skipReferences: true,
    })
    expect(sockets.map(({ row }) => row.inode)).toEqual(['7000'])
  })

  test('as netstat, it is never asked', () => {
    asked.length = 0
    const source = machine({ tcp: recordedDump('tcp') }, { 'net/tcp': TCP_HEADER + tcpRow() })
    collectSockets(source, { ...request, tables: ['tcp'], singleRead: true, skipDetails: true })
    expect(asked).toEqual([])
  })
})
