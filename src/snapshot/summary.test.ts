import { expect, test } from 'vitest'
import { procOf, TCP_HEADER, tcpRow } from '../../test/support/fake-proc.ts'
import { emptyEntries, recordedProc } from '../proc/recorded-proc.ts'
import { asRecorded, summariseSnapshot } from './summary.ts'

test('processes, files, links and sockets of every namespace are counted', () => {
  const entries = emptyEntries()
  const tcp = Buffer.from(TCP_HEADER + tcpRow() + tcpRow({ inode: '8' }))
  entries.files
    .set('net/tcp', tcp)
    .set('9/net/tcp', tcp)
    .set('9/fd/', Buffer.alloc(0))
    .set('10/task/11/net/tcp', Buffer.from(TCP_HEADER))
  entries.links.set('self/ns/net', 'net:[1]').set('9/ns/net', 'net:[2]').set('9/fd/3', 'socket:[8]')
  entries.errors.set('12/fd', 'EACCES').set('13/fd', 'EACCES').set('14/exe', 'EPERM')
  expect(summariseSnapshot(recordedProc('snapshot', 'test', {}, entries))).toEqual({
    processes: 5,
    files: 3,
    links: 3,
    namespaces: [
      { netns: 'net:[1]', folder: 'net', sockets: { tcp: 2 } },
      { netns: 'net:[2]', folder: '9/net', sockets: { tcp: 2 } },
      { netns: undefined, folder: '10/task/11/net', sockets: {} },
    ],
    unreadable: new Map([
      ['EACCES', ['12/fd', '13/fd']],
      ['EPERM', ['14/exe']],
    ]),
  })
})

test('a folder is read as a snapshot of it would be, a recording is one already', () => {
  const recording = procOf({ files: { 'net/tcp': TCP_HEADER + tcpRow(), 'net/secret': 'x' } })
  expect(asRecorded(recording)).toBe(recording)
  const { entries: _, ...folder } = recording as ReturnType<typeof asRecorded>
  expect([...asRecorded(folder).entries.files.keys()]).toEqual(['net/tcp'])
})
