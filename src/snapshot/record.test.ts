import { describe, expect, test } from 'vitest'
import { recordSnapshot } from './record.ts'
import { summariseSnapshot } from './summary.ts'
import { SourceReadError } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { emptyEntries, recordedProc } from '../proc/recorded-proc.ts'

/** A recording to be recorded again: `files` and `links` by path, `errors` as refused. */
function machine(files: Record<string, string>, links: Record<string, string>, errors: Record<string, string> = {}) {
  const entries = emptyEntries()
  for (const [path, text] of Object.entries(files)) entries.files.set(path, Buffer.from(text, 'latin1'))
  for (const [path, target] of Object.entries(links)) entries.links.set(path, target)
  for (const [path, code] of Object.entries(errors)) entries.errors.set(path, code)
  return recordedProc('tar', 'test', { netns: 'net:[1]' }, entries)
}

const UNIX = 'Num RefCount Protocol Flags Type St Inode Path\n0000000000000001: 00000002 00000000 00000000 0001 03 77\n'

describe('recordSnapshot', () => {
  test('records each other network namespace once, a thread-only one too', () => {
    const { entries, otherNamespaces } = recordSnapshot(
      machine(
        {
          'net/tcp': 'own',
          '10/net/tcp': 'own again',
          '20/net/tcp': 'second',
          '21/net/tcp': 'second again',
          '10/task/11/net/tcp': 'third',
        },
        {
          '10/ns/net': 'net:[1]',
          '20/ns/net': 'net:[2]',
          '21/ns/net': 'net:[2]',
          '10/task/10/ns/net': 'net:[1]',
          '10/task/11/ns/net': 'net:[3]',
          '10/task/12/ns/net': 'net:[1]',
        },
      ),
    )
    expect(otherNamespaces).toEqual(['10/task/11', '20'])
    expect([...entries.files].map(([path, bytes]) => [path, bytes.toString()])).toEqual([
      ['net/tcp', 'own'],
      ['10/task/11/net/tcp', 'third'],
      ['20/net/tcp', 'second'],
    ])
    expect(Object.fromEntries(entries.links)).toEqual({
      '10/ns/net': 'net:[1]',
      '20/ns/net': 'net:[2]',
      '21/ns/net': 'net:[2]',
      '10/task/11/ns/net': 'net:[3]',
    })
  })

  test('records the descriptors of a thread only where it has its own table', () => {
    const { entries } = recordSnapshot(
      machine(
        { '1/stat': '1 (a)', '1/task/4/comm': 'worker\n', '1/task/2/comm': 'a\n' },
        {
          '1/fd/0': '/dev/null',
          '1/fd/3': 'socket:[7]',
          '1/task/1/fd/0': '/dev/null',
          '1/task/1/fd/3': 'socket:[7]',
          '1/task/2/fd/0': '/dev/null',
          '1/task/2/fd/3': 'socket:[7]',
          '1/task/3/fd/0': '/dev/null',
          '1/task/3/fd/3': 'socket:[8]',
          '1/task/4/fd/0': '/dev/null',
        },
      ),
    )
    expect([...entries.links.keys()].sort()).toEqual([
      '1/fd/0',
      '1/fd/3',
      '1/task/3/fd/0',
      '1/task/3/fd/3',
      '1/task/4/fd/0',
    ])
    expect([...entries.files.keys()]).toEqual(['1/stat', '1/task/4/comm'])
  })

  test('records fdinfo of io_uring and of unix sockets with descriptors in flight, and no other', () => {
    const { entries } = recordSnapshot(
      machine(
        {
          'net/unix': `${UNIX}0000000000000002: 00000002 00000000 00000000 0001 03 78\n`,
          '1/fdinfo/3': 'pos: 0\nscm_fds: 2\n',
          '1/fdinfo/4': 'pos: 0\nscm_fds: 0\n',
          '1/fdinfo/5': 'UserFiles: 1\n    0: socket:[9]\n',
          '1/fdinfo/6': 'pos: 0\n',
        },
        {
          '1/fd/3': 'socket:[77]',
          '1/fd/4': 'socket:[78]',
          '1/fd/5': 'anon_inode:[io_uring]',
          '1/fd/6': '/etc/passwd',
        },
      ),
    )
    expect([...entries.files.keys()].filter(path => path.includes('fdinfo'))).toEqual(['1/fdinfo/3', '1/fdinfo/5'])
  })

  test('keeps what was refused as refused, once for a process, and an empty table as readable', () => {
    const source = machine(
      { 'net/tcp': '', '1/stat': '1 (a)', '2/stat': '2 (b)', '2/fd/': '', '3/stat': '3 (c)' },
      { '3/fd/0': '/dev/null' },
      { 'net/packet': 'EACCES', '1/fd': 'EACCES', '1/exe': 'EPERM', '3/fd/1': 'EACCES' },
    )
    const { entries } = recordSnapshot(source)
    expect(Object.fromEntries(entries.errors)).toEqual({
      'net/packet': 'EACCES',
      '1/fd': 'EACCES',
      '1/exe': 'EPERM',
      '3/fd': 'EACCES',
    })
    expect(recordedProc('snapshot', '', {}, entries).list('2/fd')).toEqual([])
  })

  test('keeps the lines that are needed of large files', () => {
    const { entries } = recordSnapshot(
      machine(
        {
          stat: 'cpu  1 2\nintr 1 2 3\nbtime 1763600000\n',
          'self/mountinfo':
            '1 0 0:1 / / rw - ext4 /dev/secret rw\n2 1 0:22 / /proc rw shared:1 - proc proc rw,hidepid=2\n3 1 0:3 / /mnt/proc rw - nfs server:/proc rw\n',
        },
        {},
      ),
    )
    expect(entries.files.get('stat')?.toString()).toBe('btime 1763600000\n')
    expect(entries.files.get('self/mountinfo')?.toString()).toBe(
      '2 1 0:22 / /proc rw shared:1 - proc proc rw,hidepid=2\n',
    )
  })

  test('names the users that occur, and no others', () => {
    const row =
      '   0: 0100007F:2742 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1234        0 5 1 00 100 0 0 10 0'
    const source = machine({ '1/status': 'Name:\ta\nUid:\t5\t6\t5\t5\n', 'net/tcp': `header\n${row}\n` }, {})
    const users = new Map([
      [5, 'five'],
      [6, 'six'],
      [7, 'seven'],
      [1234, 'many'],
    ])
    expect(recordSnapshot(source, { users }).meta.users).toEqual({ '5': 'five', '6': 'six', '1234': 'many' })
  })

  test('counts a process that ends meanwhile', () => {
    const source: ProcSource = {
      ...machine({ '1/stat': '1 (a)', '2/task/2/comm': 'b' }, {}),
      kind: 'live',
      mayChange: true,
    }
    expect(recordSnapshot(source)).toMatchObject({ processes: 1, vanished: 1 })
  })

  test('a udp table torn by change is read again until nothing new comes', () => {
    const row = (port: number, queue = '00000000') =>
      ` 100: 0100007F:${port} 00000000:0000 07 00000000:${queue} 00:00000000 00000000     0        0 ${port} 2 00000000aa${port} 0`
    const reads = [
      [row(1001), row(1002), row(1001, '00000005')],
      [row(1002), row(1003)],
      [row(1003)],
      [row(1001)],
      [row(1009)],
    ]
    let next = 0
    const source: ProcSource = {
      kind: 'live',
      mayChange: true,
      isThisMachine: true,
      label: 'live',
      meta: {},
      readFile(path) {
        if (path !== 'net/udp') throw new SourceReadError('ENOENT', path)
        return Buffer.from(`header\n${reads[next++]!.join('\n')}\n`)
      },
      readLink: path => {
        throw new SourceReadError('ENOENT', path)
      },
      list: () => [],
    }
    const lines = recordSnapshot(source).entries.files.get('net/udp')!.toString().trimEnd().split('\n')
    expect(lines.map(line => line.slice(15, 19)).sort()).toEqual(['', '1001', '1002', '1003'])
    expect(next).toBe(4)
  })
})

describe('summariseSnapshot', () => {
  test('counts sockets by namespace and table, and quotes what could not be read', () => {
    const source = machine(
      { 'net/unix': UNIX, 'net/tcp': '', '20/net/unix': `${UNIX}${UNIX.split('\n')[1]}\n`, '20/fd/': '' },
      { '20/ns/net': 'net:[2]', '30/exe': '/bin/sh' },
      { '1/fd': 'EACCES', '2/fd': 'EACCES', 'net/packet': 'EPERM' },
    )
    expect(summariseSnapshot(source)).toEqual({
      processes: 4,
      files: 3,
      links: 2,
      namespaces: [
        { netns: 'net:[1]', folder: 'net', sockets: { unix: 1 } },
        { netns: 'net:[2]', folder: '20/net', sockets: { unix: 2 } },
      ],
      unreadable: new Map([
        ['EACCES', ['1/fd', '2/fd']],
        ['EPERM', ['net/packet']],
      ]),
    })
  })
})
