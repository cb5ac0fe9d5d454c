import { describe, expect, test } from 'vitest'
import { changing, procOf, TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import { readTcpTables } from './read-tcp-tables.ts'

const timeWait = (local: string, remote: string) =>
  tcpRow({ local, remote, state: '06', timer: '03:00000100', inode: '0', pointer: local, rest: '' })
const sockstat = (tw: number) => `TCP: inuse 1 orphan 0 tw ${tw} alloc 1 mem 1\n`

function reading(files: Record<string, string>, live = true) {
  const recording = procOf({ files })
  const source = live ? changing(recording, {}) : recording
  const read: string[] = []
  const result = readTcpTables(source, path => {
    read.push(path)
    return path in files ? Buffer.from(files[path]!) : undefined
  })
  return { ...result, read }
}

describe('TCP tables between two reads of the gauge', () => {
  const one = timeWait('0100007F:1F90', '0100007F:C001')

  test('net/tcp6 is not read where the gauges show that it has no row', () => {
    const {
      timeWait: table,
      read,
      sockstat: after,
    } = reading({
      'net/tcp': TCP_HEADER + one,
      'net/sockstat': sockstat(1),
      'net/sockstat6': 'TCP6: inuse 0\n',
    })
    expect([table.length, after, read.includes('net/tcp6')]).toEqual([1, 1, false])
  })

  test('it is where net/tcp does not hold every TIME_WAIT', () => {
    const { read } = reading({
      'net/tcp': TCP_HEADER + one,
      'net/sockstat': sockstat(2),
      'net/sockstat6': 'TCP6: inuse 0\n',
    })
    expect(read).toContain('net/tcp6')
  })

  test('a recording is read whole', () => {
    const { read, sockstatBefore } = reading(
      { 'net/tcp': TCP_HEADER + one, 'net/sockstat': sockstat(1), 'net/sockstat6': 'TCP6: inuse 0\n' },
      false,
    )
    expect([read.includes('net/tcp6'), sockstatBefore]).toEqual([true, 1])
  })

  test('a table cut in the middle of a line is named', () => {
    expect(reading({ 'net/tcp': TCP_HEADER + one + '   1: 0100', 'net/sockstat': sockstat(1) }).cut).toEqual(['tcp'])
  })

  test.each([
    ['an address shows the byte order', '0100007F:1F90', false],
    ['none does', '0A0B0C08:1F90', true],
  ])('%s', (_, local, assumed) => {
    const recording = procOf({ meta: { endian: undefined } })
    const text = TCP_HEADER + timeWait(local, '0A0B0C08:C001')
    const result = readTcpTables(recording, path => (path === 'net/tcp' ? Buffer.from(text) : undefined))
    expect(result.isByteOrderAssumed).toBe(assumed)
  })
})
