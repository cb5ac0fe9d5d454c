import { describe, expect, test } from 'vitest'
import { changing, procOf } from '../../../test/support/fake-proc.ts'
import { dumpTcpTable, withTcpDump } from './with-tcp-dump.ts'

const machine = (tcp: number, tcp6: number, timeWait: number) => {
  const source = procOf({
    files: {
      'net/sockstat': `TCP: inuse ${tcp} orphan 0 tw ${timeWait} alloc 1 mem 1\n`,
      'net/sockstat6': `TCP6: inuse ${tcp6}\n`,
    },
  })
  return changing(source, {})
}

describe('asking the kernel for its TCP sockets', () => {
  test.each([
    ['few sockets', machine(4000, 2000, 1999)],
    ['no gauges', changing(procOf({}), {})],
  ])('does not pay with %s: the source stays as it is', async (_, source) => {
    expect(await withTcpDump(source)).toBe(source)
  })

  test('a recording cannot be asked, however many it holds', async () => {
    const recording = { ...machine(9000, 0, 0), isThisMachine: false }
    expect(await withTcpDump(recording)).toBe(recording)
  })

  test('what it answers comes with the byte order and the clock of this machine', () => {
    const bytes = Buffer.from('messages')
    const source = { ...procOf({}), dumpTcp: (table: string) => (table === 'tcp' ? bytes : undefined) }
    expect(dumpTcpTable(source, 'tcp')).toMatchObject({ table: 'tcp', bytes, userHz: 100 })
    expect(dumpTcpTable(source, 'tcp6')).toBeUndefined()
    expect(dumpTcpTable(procOf({}), 'tcp')).toBeUndefined()
  })
})
