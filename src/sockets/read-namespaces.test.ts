import { describe, expect, test } from 'vitest'
import { changing, procOf, refuse, TCP_HEADER, tcpRow } from '../../test/support/fake-proc.ts'
import { recordedDump } from '../../test/support/socket-dump.ts'
import { inNamespace } from '../namespaces/inside.ts'
import { networkNamespaces } from '../namespaces/network-namespaces.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import type { SocketRequest } from './plan.ts'
import { collectNamespaces, type NamespaceSource } from './read.ts'
import { limitRemarks } from './show/remarks.ts'

const request: SocketRequest = {
  tables: ['tcp', 'tcp6'],
  selection: { all: true, listening: false, ports: [] },
  owners: 'name',
}

const waiting = tcpRow({ sl: '1', local: '0100007F:1F90', remote: '0100007F:9999', state: '01', inode: '0' })
const files = {
  'net/tcp': TCP_HEADER + tcpRow({ inode: '100' }),
  '7/net/tcp': TCP_HEADER + tcpRow({ inode: '700' }) + waiting,
  '8/net/tcp': TCP_HEADER + tcpRow({ inode: '800' }) + waiting,
  '1/cmdline': 'init\0',
  '7/cmdline': 'seven\0',
  '8/cmdline': 'eight\0',
}
const links = {
  '1/ns/net': 'net:[1]',
  '7/ns/net': 'net:[7]',
  '8/ns/net': 'net:[8]',
  '1/fd/3': 'socket:[100]',
  '7/fd/3': 'socket:[700]',
  '8/fd/3': 'socket:[800]',
  '8/fd/4': 'socket:[999]',
}
const recording = procOf({ files, links, meta: { netns: 'net:[1]' } })

function insides(source: ProcSource): NamespaceSource[] {
  return networkNamespaces(source).namespaces.map(namespace => ({
    source: inNamespace(source, namespace),
    netns: { netns: namespace.name, label: namespace.label, namespace },
  }))
}

describe('several namespaces', () => {
  const { sockets, search } = collectNamespaces(
    recording,
    { ...request, owners: 'full', listUnlisted: true, trustGauges: true },
    insides(recording),
  )

  test('each socket with its namespace and its owner', () => {
    expect(sockets.map(({ row, netns, owners }) => [row.inode, netns?.label, owners?.map(o => o.process.pid)])).toEqual(
      [
        ['100', 'first network namespace', [1]],
        ['700', 'seven', [7]],
        ['0', 'seven', []],
        ['800', 'eight', [8]],
        ['0', 'eight', []],
      ],
    )
  })

  test('a connection that was not accepted belongs to the listener of its own namespace', () => {
    expect(sockets.flatMap(({ ownerless }) => ownerless ?? [])).toEqual([
      { reason: 'accept-queue', listenerPids: [7] },
      { reason: 'accept-queue', listenerPids: [8] },
    ])
  })

  test('what no table of any of them lists', () => {
    expect(search).toMatchObject({ unlistedSockets: 1, unlisted: [{ inode: '999', pids: [8], netns: 'net:[8]' }] })
  })

  test('descriptors are read once for all', () => {
    const listed: string[] = []
    const counting: ProcSource = {
      ...recording,
      list(path) {
        listed.push(path)
        return recording.list(path)
      },
    }
    const namespaces = insides(counting)
    listed.length = 0
    collectNamespaces(counting, request, namespaces)
    expect(listed.filter(path => path.endsWith('/fd')).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      '1/fd',
      '7/fd',
      '8/fd',
    ])
  })

  test('progress, namespace by namespace', () => {
    const seen: number[] = []
    collectNamespaces(recording, request, insides(recording), done => seen.push(done))
    expect(seen).toEqual([1, 2, 3])
  })

  test('none at all', () => {
    expect(collectNamespaces(recording, request, []).sockets).toEqual([])
  })

  test('a table that lacks rows is named with its namespace', () => {
    const short = procOf({
      files: { ...files, '8/net/protocols': 'protocol  size sockets\nTCP 2240 20 3 no\n' },
      links,
      meta: { netns: 'net:[1]' },
    })
    const report = collectNamespaces(short, request, insides(short))
    expect(limitRemarks(short, report, new Set()).map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^net\/tcp of eight shows 2 sockets where the kernel counts 20/),
    )
  })
})

describe('by the gauges of a namespace', () => {
  const gauges = (inUse: number, timeWait: number, six: number) => ({
    'net/sockstat': `sockets: used 9\nTCP: inuse ${inUse} orphan 0 tw ${timeWait} alloc 9 mem 9\n`,
    'net/sockstat6': `TCP6: inuse ${six}\n`,
  })
  /** What was read and asked of a namespace with these gauges; the kernel answers with the listeners of fixtures/diag. */
  function readWith(inUse: number, timeWait: number, six: number, changes: Partial<SocketRequest> = {}) {
    const asked: string[] = []
    const live = changing(procOf({ files: gauges(inUse, timeWait, six) }), {})
    const source: ProcSource = {
      ...live,
      readFile(path, isEnough) {
        if (/^net\/tcp6?$/.test(path)) asked.push(path)
        else if (!path.startsWith('net/sockstat')) return refuse('ENOENT', path)
        return path.startsWith('net/tcp') ? Buffer.from(TCP_HEADER) : live.readFile(path, isEnough)
      },
      dumpSockets(family, choice) {
        asked.push(`${family}${choice.listenersOnly ? ' listeners' : ''}`)
        return recordedDump(family)
      },
    }
    const wanted = {
      ...request,
      tables: ['tcp'] as const,
      owners: undefined,
      trustGauges: true,
      skipDetails: true,
      ...changes,
    }
    const { sockets } = collectNamespaces(source, wanted, [{ source, netns: undefined }])
    return { asked, rows: sockets.length }
  }
  const TCP_ROWS = readWith(1, 1, 0).rows

  test.each<[string, Parameters<typeof readWith>, string[]]>([
    ['no socket: nothing is asked', [0, 0, 0], []],
    ['only listeners: no walk', [TCP_ROWS, 0, 0], ['tcp listeners']],
    ['more than listeners: all are asked for', [TCP_ROWS + 1, 0, 0], ['tcp listeners', 'tcp']],
    ['TIME_WAIT may stand in either table', [TCP_ROWS, 1, 0], ['tcp']],
    [
      'details are displayed: the table is read, with what listeners alone tell the kernel',
      [TCP_ROWS + 1, 0, 0, { skipDetails: false }],
      ['tcp listeners', 'net/tcp', 'tcp listeners'],
    ],
    ['details are displayed: only listeners', [TCP_ROWS, 0, 0, { skipDetails: false }], ['tcp listeners']],
    ['of IPv6, too', [9, 0, 0, { tables: ['tcp6'] }], []],
    ['not trusted: all are asked for', [0, 0, 0, { trustGauges: false }], ['tcp']],
  ])('%s', (_, args, expected) => {
    expect(readWith(...args).asked).toEqual(expected)
  })
})
