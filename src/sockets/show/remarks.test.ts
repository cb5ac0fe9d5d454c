import { describe, expect, test } from 'vitest'
import { changing, procOf, tcpRow } from '../../../test/support/fake-proc.ts'
import { look, tcp } from '../../../test/support/look-at-sockets.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { collectSockets } from '../read.ts'
import type { TableName } from '../model.ts'
import { lacksSctp, limitRemarks, netstatRemarks } from './remarks.ts'

const OWNED = {
  files: {
    ...tcp(tcpRow()),
    '9/cmdline': 'a\0',
    'self/status': 'Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n',
  },
  links: { '9/fd/3': 'socket:[7000]' },
}
const messages = (source: ProcSource, tables: TableName[] = ['tcp']) =>
  limitRemarks(source, look(source, tables), new Set(tables)).map(({ message }) => message)

describe('what limits an answer', () => {
  test.each([
    ['nothing', {}, tcpRow(), []],
    [
      'a closed process, every socket owned',
      { '8/fd': 'EACCES' },
      tcpRow(),
      ['1 of 2 processes could not be looked into; every socket shown has an owner all the same'],
    ],
    [
      'a closed process, and a socket that is nobody’s any more',
      { '8/fd': 'EACCES' },
      tcpRow({ state: '06', timer: '03:00001770', inode: '0', rest: '' }),
      ['1 of 2 processes could not be looked into; no socket shown lacks an owner for that reason'],
    ],
    [
      'a closed process, and a socket that may be its',
      { '8/fd': 'EACCES' },
      tcpRow({ inode: '7001' }),
      ['1 of 2 processes could not be looked into; 1 socket shown without an owner may be theirs'],
    ],
    ['a closed process, and nothing to show', { '8/fd': 'EACCES' }, '', ['1 of 2 processes could not be looked into']],
  ])('%s', (_, errors, rows, expected) => {
    const source = procOf({ ...OWNED, files: { ...OWNED.files, ...tcp(rows) }, errors })
    expect(messages(changing(source, {}))).toEqual(expected)
  })

  test('a recording lacks a table, this kernel has none', () => {
    const source = procOf(OWNED)
    expect(messages(source, ['udp'])).toEqual(['net/udp could not be read: the recording does not hold it'])
    expect(messages(changing(source, {}), ['udp'])).toEqual([
      'net/udp could not be read: this kernel has no such table',
    ])
  })
})

describe('what netstat says beside its tables', () => {
  const report = (errors: Record<string, string>, tables: TableName[]) => {
    const source = procOf({ ...OWNED, errors, meta: { uid: 1000 } })
    const selection = { all: true, listening: false, ports: [] }
    return { source, report: collectSockets(source, { tables, selection, owners: 'name', singleRead: true }) }
  }
  const flags = { programs: true, sctp: false, verbose: false, unix: false }

  test.each([
    ['everything could be seen', {}, {}, ''],
    [
      'some processes are closed',
      { '8/fd': 'EACCES' },
      {},
      '(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)\n',
    ],
    ['nobody asked for programs', { '8/fd': 'EACCES' }, { programs: false }, ''],
    ['a kernel without SCTP', {}, { sctp: true }, "netstat: no support for `AF INET (sctp)' on this system.\n"],
  ])('%s', (_, errors, changes, expected) => {
    const { source, report: seen } = report(errors, ['tcp', 'sctp'])
    expect(netstatRemarks(source, seen, { ...flags, ...changes })).toBe(expected)
  })

  test('-v names seven families, SCTP twice', () => {
    const { source, report: seen } = report({}, ['tcp'])
    const text = netstatRemarks(source, seen, { ...flags, verbose: true, unix: true })
    expect(text.match(/no support for/g)).toHaveLength(7)
    expect([lacksSctp(seen.tables), lacksSctp(report({}, ['sctp']).report.tables)]).toEqual([false, true])
  })
})
