import { describe, expect, test } from 'vitest'
import { TCP_HEADER } from '../../../test/support/fake-proc.ts'
import { emptyEntries, recordedProc, type RecordedProc } from '../../proc/recorded-proc.ts'
import { diagnose } from '../conclude.ts'
import { observeTwice } from './observe-twice.ts'

interface Look {
  uptime: string
  unread?: string
  state?: string
}

/** A machine with one connection of pid 7, whose reader has so much to read. */
function look({ uptime, unread = '00100000', state = 'S' }: Look): RecordedProc {
  const entries = emptyEntries()
  const file = (path: string, text: string) => entries.files.set(path, Buffer.from(text))
  const row = `   0: 0100000A:1538 0200000A:9C40 01 00000000:${unread} 00:00000000 00000000     0        0 99 1 0000000000000000 20 4 30 10 -1\n`
  if (uptime !== '') file('uptime', `${uptime} 1.00\n`)
  file('net/tcp', TCP_HEADER + row)
  file('net/netstat', 'TcpExt: ListenOverflows ListenDrops\nTcpExt: 0 0\n')
  file('net/snmp', 'Tcp: ActiveOpens\nTcp: 1\n')
  file('7/stat', `7 (reader) ${state} 1 7 7 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 50 0 0`)
  entries.links.set('7/fd/3', 'socket:[99]')
  entries.links.set('7/ns/net', 'net:[1]')
  return recordedProc(
    'snapshot',
    'web1',
    { host: 'web1', userHz: 100, endian: 'little', netns: 'net:[1]', uid: 0 },
    entries,
  )
}

describe('two looks', () => {
  test('tell what lasts: a reader that is stuck', () => {
    const seen = observeTwice(look({ uptime: '100.00' }), look({ uptime: '105.00' }))
    expect(seen.durationMs).toBeCloseTo(5000)
    expect(seen.processes).toMatchObject([{ pid: 7, a: { state: 'S' }, b: { state: 'S' } }])
    expect(seen.namespaces).toMatchObject([{ netns: 'net:[1]', a: {}, b: {} }])
    expect(diagnose(seen).findings.map(({ cause }) => cause)).toEqual(['reader-stuck'])
  })

  test.each<[string, Look]>([
    ['it has read', { uptime: '105.00', unread: '00000000' }],
    ['nobody knows how long it was', { uptime: '' }],
    ['the machine was started anew', { uptime: '3.00' }],
  ])('nothing is said where %s', (_, second) => {
    expect(diagnose(observeTwice(look({ uptime: '100.00' }), look(second))).findings).toEqual([])
  })

  test('and name what they cannot tell', () => {
    const [first] = observeTwice(look({ uptime: '100.00' }), look({ uptime: '105.00' })).notLooked
    expect(first!.causes).toEqual(
      expect.arrayContaining(['cpu-hog', 'disk-full', 'connection-refused', 'deleted-executable']),
    )
    for (const told of ['reader-stuck', 'close-wait-leak', 'fd-exhausted', 'zombies', 'stopped-process'])
      expect(first!.causes).not.toContain(told)
  })

  test('a process that stands still', () => {
    const found = diagnose(
      observeTwice(look({ uptime: '1.00', state: 'T' }), look({ uptime: '9.00', state: 'T' })),
    ).findings
    expect(found.map(({ cause }) => cause)).toContain('stopped-process')
  })
})
