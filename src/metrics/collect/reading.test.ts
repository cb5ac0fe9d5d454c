import { describe, expect, test } from 'vitest'
import { procOf, refuse, TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import { recordedDump } from '../../../test/support/socket-dump.ts'
import { SourceReadError } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readTcp } from './reading.ts'

const SOCKSTAT = 'TCP: inuse 1 orphan 0 tw 0 alloc 1 mem 0\n'

function asking(sockstat6: string, answer: (family: string) => Buffer = family => recordedDump(family as 'tcp')) {
  const asked: string[] = []
  const source: ProcSource = {
    ...procOf({ files: { 'net/sockstat': SOCKSTAT, 'net/sockstat6': sockstat6, 'net/tcp': TCP_HEADER + tcpRow() } }),
    dumpSockets(family, { facts }, folder) {
      asked.push(`${family} ${facts} ${folder}`)
      return answer(family)
    },
  }
  return { source, asked }
}

const count = (source: ProcSource) => {
  let sockets = 0
  readTcp(source).forEach(() => (sockets += 1))
  return sockets
}

describe('the sockets of a namespace', () => {
  test('are asked for once, however often they are needed', () => {
    const { source, asked } = asking('TCP6: inuse 3\n')
    const reading = readTcp(source)
    reading.forEach(() => {})
    reading.source.dumpSockets!('tcp', {}, 'net')
    expect(asked).toEqual(['tcp tcp-info net', 'tcp6 tcp-info net'])
    reading.source.dumpSockets!('udp', {}, 'net')
    expect(asked.at(-1)).toBe('udp undefined net')
  })

  test('a family that the kernel does not know has none', () => {
    const { source } = asking('TCP6: inuse 3\n', family =>
      family === 'tcp6' ? refuse('ENOENT', family) : recordedDump('tcp'),
    )
    expect(readTcp(source).dumps!.map(({ family }) => family)).toEqual(['tcp'])
  })

  test('stand in /proc where the kernel may not be asked, without what /proc does not tell', () => {
    const { source } = asking('TCP6: inuse 3\n', family => refuse('EPERM', family))
    expect([readTcp(source).dumps, count(source)]).toEqual([undefined, 1])
  })

  test('that can be read nowhere are an error, not none', () => {
    expect(() => readTcp(procOf({}))).toThrow(SourceReadError)
  })
})
