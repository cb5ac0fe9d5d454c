import { describe, expect, test } from 'vitest'
import { needs } from '../../../test/support/needs.ts'
import { procOf } from '../../../test/support/fake-proc.ts'
import { dumpOf } from '../../../test/support/socket-dump.ts'
import { openLiveProc } from '../../proc/live-proc.ts'
import { DUMP_FAMILIES } from './families.ts'
import { socketsOfDump } from './decode/sockets-of-dump.ts'
import { withDumps } from './with-dumps.ts'

describe('asking the kernel for its sockets', () => {
  test('a recording cannot be asked', async () => {
    const recording = procOf({})
    expect(await withDumps(recording)).toBe(recording)
  })

  test('this machine is not asked about another namespace', async () => {
    const elsewhere = { ...openLiveProc(), isElsewhere: true }
    expect(await withDumps(elsewhere)).toBe(elsewhere)
  })

  test('this machine answers for every family it has', needs('Linux'), async () => {
    const source = await withDumps(openLiveProc())
    for (const family of DUMP_FAMILIES) {
      let bytes: Buffer
      try {
        bytes = source.dumpSockets!(family, { facts: 'all' }, 'net')
      } catch (error) {
        // A kernel without the protocol, or the module that tells of it.
        expect((error as { code: string }).code, family).toBe('ENOENT')
        continue
      }
      expect(socketsOfDump(dumpOf(family, bytes)).whole, family).toBe(true)
    }
  })

  test('what the kernel refuses is an error with its name', needs('Linux'), async () => {
    const source = await withDumps(openLiveProc())
    expect(() => source.dumpSockets!('tcp', {}, '0/net')).toThrow('0/diag/tcp: EPERM')
  })
})
