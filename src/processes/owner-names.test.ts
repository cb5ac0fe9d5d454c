import { expect, test } from 'vitest'
import { changing, procOf } from '../../test/support/fake-proc.ts'
import { OwnerNames } from './owner-names.ts'
import { scanOwners } from './socket-owners.ts'

const namesOf = (source: Parameters<typeof scanOwners>[0]) => new OwnerNames(source, scanOwners(source), 'name')

test('several descriptors of one process are one owner', () => {
  const source = procOf({
    files: { '9/cmdline': 'a\0', '8/cmdline': 'b\0' },
    links: { '9/fd/3': 'socket:[7]', '9/fd/5': 'socket:[7]', '8/fd/4': 'socket:[7]' },
  })
  const owners = namesOf(source).of('7')
  expect(owners.map(({ process, fds }) => [process.pid, fds])).toEqual([
    [8, [4]],
    [9, [3, 5]],
  ])
})

test('a process is read once, however many sockets it has', () => {
  const base = procOf({ files: { '9/cmdline': 'a\0' }, links: { '9/fd/3': 'socket:[7]', '9/fd/4': 'socket:[8]' } })
  let reads = 0
  const names = namesOf({ ...base, readFile: path => ((reads += path === '9/cmdline' ? 1 : 0), base.readFile(path)) })
  expect([names.of('7')[0]!.process.pid, names.of('8')[0]!.process.pid, reads]).toEqual([9, 9, 1])
})

test('a process that keeps closing its sockets is given up, and counted once', () => {
  const inodes = Array.from({ length: 20 }, (_, index) => String(100 + index))
  const base = procOf({
    files: { '9/cmdline': 'a\0' },
    links: Object.fromEntries(inodes.map((inode, fd) => [`9/fd/${fd}`, `socket:[${inode}]`])),
  })
  let closed = false
  let reads = 0
  const source = changing(base, {
    readFile: path => ((reads += 1), base.readFile(path)),
    readLink: path => (closed ? 'socket:[1]' : base.readLink(path)),
  })
  const names = namesOf(source)
  closed = true
  expect(inodes.flatMap(inode => names.of(inode))).toEqual([])
  expect([names.vanished, reads]).toEqual([1, 8])
})
