import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { procOf, refuse } from '../../../test/support/fake-proc.ts'
import { dumpOf, recordedDump } from '../../../test/support/socket-dump.ts'
import type { DumpFamily } from '../../proc/proc-source.ts'
import { socketsOfDump } from './decode/sockets-of-dump.ts'
import { recordedDumps, redactedDump } from './recorded-dumps.ts'

const FAMILIES = ['tcp', 'tcp6', 'udp', 'udp6', 'unix', 'packet', 'netlink'] as const

const same = { address: (bytes: Uint8Array) => bytes, name: (name: string) => name }
const factsOf = (family: DumpFamily, bytes: Buffer) => {
  const { rows, facts, whole } = socketsOfDump(dumpOf(family, bytes))
  return {
    rows,
    whole,
    facts: facts.map(one => ({
      ...one,
      cookie: one.cookie,
      v6only: one.v6only,
      mark: one.mark,
      memory: one.memory,
      congestion: one.congestion,
      cgroupId: one.cgroupId,
      shutdown: one.shutdown,
      tcpInfo: one.tcpInfo,
    })),
  }
}

describe('recorded dumps', () => {
  test('of a recording are those it holds, by folder', () => {
    const source = procOf({ files: { 'diag/tcp': 'a', '20/diag/unix': 'b', '20/net/tcp': 'c' } })
    expect([...recordedDumps(source, 'net')].map(([path]) => path)).toEqual(['diag/tcp'])
    expect([...recordedDumps(source, '20/net')].map(([path]) => path)).toEqual(['20/diag/unix'])
  })

  test('of this machine are what the kernel answers, with every fact; what it does not know is left out', () => {
    const asked: string[] = []
    const source = {
      ...procOf({}),
      isThisMachine: true,
      dumpSockets(family: DumpFamily, choice: object, folder: string) {
        asked.push(`${family} ${JSON.stringify(choice)} ${folder}`)
        return family === 'udp' ? Buffer.from('answer') : refuse('ENOENT', family)
      },
    }
    expect([...recordedDumps(source, '7/net')]).toEqual([['7/diag/udp', Buffer.from('answer')]])
    expect(asked).toContain('tcp {"facts":"all"} 7/net')
  })

  test('nothing where the kernel is not asked', () => {
    expect([...recordedDumps({ ...procOf({}), isThisMachine: true }, 'net')]).toEqual([])
  })
})

describe('a rewritten dump', () => {
  test.each(FAMILIES)('of %s with nothing changed says the same', family => {
    const bytes = recordedDump(family)
    const rewritten = redactedDump(`diag/${family}`, bytes, true, same)!
    expect(factsOf(family, rewritten)).toEqual(factsOf(family, bytes))
  })

  test('of a big-endian machine is read and written in its order', () => {
    const bytes = Buffer.alloc(92)
    bytes.writeUInt32BE(88, 0)
    bytes.writeUInt16BE(20, 4)
    bytes.set([2, 1], 16)
    bytes.set([192, 0, 2, 1], 24)
    const rewritten = redactedDump('diag/tcp', bytes, false, { ...same, address: () => Uint8Array.from([1, 2, 3, 4]) })!
    expect(rewritten.readUInt32BE(0)).toBe(88)
    expect([...rewritten.subarray(24, 28)]).toEqual([1, 2, 3, 4])
  })

  test('holds no address and no name of the original, whatever else it held', () => {
    const secret = Buffer.from('attribute of tomorrow')
    const attribute = Buffer.alloc(28)
    attribute.writeUInt16LE(4 + secret.length, 0)
    attribute.writeUInt16LE(77, 2)
    secret.copy(attribute, 4)
    const tcp = recordedDump('tcp')
    const first = tcp.readUInt32LE(0)
    const longer = Buffer.concat([tcp.subarray(0, first), attribute, tcp.subarray((first + 3) & ~3)])
    longer.writeUInt32LE(first + attribute.length, 0)
    const hide = { address: (bytes: Uint8Array) => Uint8Array.from(bytes, () => 9), name: () => '@hidden' }
    const rewritten = redactedDump('diag/tcp', longer, true, hide)!
    expect(longer.includes(secret)).toBe(true)
    expect(rewritten.includes(secret)).toBe(false)
    const { rows, whole } = socketsOfDump(dumpOf('tcp', rewritten))
    expect(whole).toBe(true)
    expect(rows).toHaveLength(socketsOfDump(dumpOf('tcp')).rows.length)
    expect(
      new Set(rows.flatMap(row => ('localPort' in row && 'localAddress' in row ? [row.localAddress] : []))),
    ).toEqual(new Set(['9.9.9.9']))
    const unix = redactedDump('diag/unix', recordedDump('unix'), true, hide)!
    expect(unix.toString('latin1')).not.toMatch(/srv|zoo|sock|78c7c/)
    const names = socketsOfDump(dumpOf('unix', unix)).rows.flatMap(row => (row.table === 'unix' ? [row.path] : []))
    expect(new Set(names)).toEqual(new Set([undefined, '@hidden']))
  })

  test('of unknown family is none', () => {
    expect(redactedDump('diag/sctp', recordedDump('tcp'), true, same)).toBeUndefined()
    expect(redactedDump('net/tcp', recordedDump('tcp'), true, same)).toBeUndefined()
  })

  test.each(FAMILIES)('of %s cut at any byte is what is whole of it', family => {
    const bytes = recordedDump(family)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), at => {
        const cut = bytes.subarray(0, at)
        const rewritten = redactedDump(`diag/${family}`, cut, true, same)!
        expect(socketsOfDump(dumpOf(family, rewritten)).rows).toEqual(socketsOfDump(dumpOf(family, cut)).rows)
        expect(socketsOfDump(dumpOf(family, rewritten)).whole).toBe(false)
      }),
      { numRuns: 40 },
    )
  })
})
