import { expect, test } from 'vitest'
import { procOf, tcpRow } from '../../../test/support/fake-proc.ts'
import { tcp } from '../../../test/support/look-at-sockets.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readHealthLooks } from './read-look.ts'

const looksAt = (source: ProcSource, atMs: number | undefined) =>
  readHealthLooks(source, [{ source, netns: undefined }], () => atMs).looks

test('sockets with owners, counters, gauges, settings and what the owners do', () => {
  const source = procOf({
    files: {
      ...tcp(tcpRow({ inode: '7000' })),
      'net/netstat': 'TcpExt: TW ListenOverflows\nTcpExt: 1 2\n',
      'net/snmp': 'Tcp: OutSegs\nTcp: 3\n',
      'net/sockstat': 'TCP: inuse 1 orphan 4 tw 0 alloc 1 mem 5\n',
      'sys/net/core/somaxconn': '4096\n',
      'sys/net/ipv4/tcp_max_orphans': '100\n',
      'sys/net/ipv4/tcp_mem': '10\t20\t30\n',
      '9/cmdline': 'srv\0',
      '9/stat': `9 (srv) T ${'0 '.repeat(16)}3 0 77 ${'0 '.repeat(10)}\n`,
    },
    links: { '9/fd/3': 'socket:[7000]' },
  })
  const [look] = looksAt(source, 12)
  expect(look).toMatchObject({
    atMs: 12,
    sockets: [{ row: { inode: '7000' }, owners: [{ process: { pid: 9 } }] }],
    settings: { somaxconn: 4096, maxOrphans: 100, tcpMemoryPages: { pressure: 20, limit: 30 } },
  })
  expect(look!.counters.get('TcpExt')?.get('ListenOverflows')).toBe(2)
  expect(look!.counters.get('Tcp')?.get('OutSegs')).toBe(3)
  expect(look!.gauges.get('TCP')?.get('orphan')).toBe(4)
  expect(look!.processes.get(9)?.state).toBe('T')
})

test('what is not there is absent', () => {
  const [look] = looksAt(procOf({ files: tcp('') }), undefined)
  expect(look).toEqual({
    atMs: undefined,
    sockets: [],
    counters: new Map(),
    gauges: new Map(),
    settings: { somaxconn: undefined, maxOrphans: undefined, tcpMemoryPages: undefined },
    processes: new Map(),
  })
})
