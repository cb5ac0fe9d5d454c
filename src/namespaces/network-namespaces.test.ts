import { describe, expect, test } from 'vitest'
import { changing, procOf } from '../../test/support/fake-proc.ts'
import { networkNamespaces } from './network-namespaces.ts'

const ID = 'ab'.repeat(32)
const UID = '01234567-89ab-cdef-0123-456789abcdef'

/** `PID (comm) S …`: the last field is when it started. */
const stat = (start: number) => `7 (x) S ${'0 '.repeat(18)}${start} 0\n`

const files = {
  '1/cmdline': '/sbin/init\0',
  '1/stat': stat(3),
  '10/cmdline': '',
  '10/comm': 'kworker/0:0H\n',
  // A container in a pid namespace: the younger process has the lower pid.
  '70/cmdline': '/usr/bin/worker\0',
  '70/stat': stat(900),
  '70/cgroup': `0::/system.slice/docker-${ID}.scope\n`,
  '71/cmdline': '/usr/bin/web\0-d\0',
  '71/stat': stat(800),
  '71/cgroup': `0::/system.slice/docker-${ID}.scope\n`,
  '71/status': 'Name:\tweb\nNSpid:\t71\t1\n',
  '71/net/tcp': 'rows',
  '80/cmdline': '/pause\0',
  '80/cgroup': `0::/kubepods/besteffort/pod${UID}/${ID}\n`,
  '80/net/tcp': 'rows',
  '81/cmdline': 'java\0',
  '81/cgroup': '0::/system.slice/app.service\n',
  '81/task/82/net/tcp': 'rows',
  'self/mountinfo':
    '90 28 0:4 net:[4000000007] /run/netns/blue rw - nsfs nsfs rw\n91 28 0:4 net:[4000000005] /run/netns/empty rw\n',
  '80/mountinfo': '91 28 0:4 net:[4000000005] /run/netns/empty rw\n92 28 0:4 net:[4000000004] /srv/ns rw\n',
  'netns/4000000005/net/tcp': 'rows',
  'netns/4000000005/cookie': '17\n',
}
const links = {
  '1/ns/net': 'net:[4000000001]',
  '10/ns/net': 'net:[4000000001]',
  '70/ns/net': 'net:[4000000007]',
  '71/ns/net': 'net:[4000000007]',
  '80/ns/net': 'net:[4000000008]',
  '81/ns/net': 'net:[4000000008]',
  '81/task/81/ns/net': 'net:[4000000008]',
  '81/task/82/ns/net': 'net:[4000000009]',
  'self/ns/mnt': 'mnt:[1]',
  '1/ns/mnt': 'mnt:[1]',
  '80/ns/mnt': 'mnt:[2]',
  '80/fd/4': 'net:[4000000006]',
  '80/fd/5': 'socket:[12]',
  '81/fd/4': 'net:[4000000007]',
}
const source = procOf({ files, links, meta: { netns: 'net:[4000000001]' } })

describe('who holds a network namespace', () => {
  const { namespaces, warnings } = networkNamespaces(source)
  const of = (name: string) => namespaces.find(namespace => namespace.name === `net:[400000000${name}]`)

  test('its own first, then by number', () => {
    expect(namespaces.map(({ inode }) => Number(inode) - 4_000_000_000)).toEqual([1, 4, 5, 6, 7, 8, 9])
    expect(namespaces.map(({ isOwn }) => isOwn)).toEqual([true, false, false, false, false, false, false])
    expect(warnings).toEqual([])
  })

  test('processes: called after the oldest', () => {
    expect(of('1')).toMatchObject({ label: 'first network namespace', labelKind: 'first', pid: 1, folders: [''] })
    expect(of('7')).toMatchObject({
      label: 'blue',
      labelKind: 'name',
      container: ID,
      runtime: 'docker',
      program: 'web',
      pid: 71,
      pidInside: 1,
      identity: { inode: '4000000007', oldestStart: 800, cookie: undefined },
      holders: {
        processes: [70, 71],
        mounts: [{ pid: undefined, place: '/run/netns/blue' }],
        descriptors: [{ pid: 81, fd: 4 }],
      },
      folders: ['71'],
      entrances: ['71/ns/net', '70/ns/net', 'self/root/run/netns/blue', '81/fd/4'],
    })
    expect(of('8')).toMatchObject({ label: `pod ${UID}`, program: 'pause', pid: 80, container: ID })
  })

  test('a thread alone: no pid is in it', () => {
    expect(of('9')).toMatchObject({
      label: 'app.service',
      labelKind: 'unit',
      pid: undefined,
      holders: { processes: [], threads: [{ pid: 81, tid: 82 }] },
      folders: ['81/task/82'],
      entrances: ['81/task/82/ns/net'],
    })
  })

  test('a mount alone, each place once, of every mount namespace', () => {
    expect(of('5')).toMatchObject({
      label: 'empty',
      holders: { processes: [], mounts: [{ pid: undefined, place: '/run/netns/empty' }] },
      identity: { cookie: '17' },
      folders: ['netns/4000000005'],
    })
    expect(of('4')).toMatchObject({
      label: 'mounted at /srv/ns',
      labelKind: 'mount',
      entrances: ['80/root/srv/ns'],
      folders: [],
    })
  })

  test('a descriptor alone', () => {
    expect(of('6')).toMatchObject({
      label: 'descriptor 4 of pause (pid 80)',
      holders: { descriptors: [{ pid: 80, fd: 4 }] },
      folders: [],
    })
  })

  test('what is not asked for is not looked at', () => {
    const { namespaces } = networkNamespaces(source, { threads: false, mounts: false, descriptors: false })
    expect(namespaces.map(({ inode }) => Number(inode) - 4_000_000_000)).toEqual([1, 7, 8])
    expect(namespaces[1]).toMatchObject({ label: 'container abababababab' })
  })
})

test('who made a namespace and stayed outside the container does not name it', () => {
  const made = procOf({
    files: {
      '70/cmdline': 'unshare\0',
      '70/stat': stat(700),
      '71/cmdline': 'web\0',
      '71/stat': stat(800),
      '71/cgroup': `0::/docker/${ID}\n`,
      '72/cmdline': 'later\0',
      '72/stat': stat(900),
      '72/cgroup': `0::/docker/${ID}\n`,
    },
    links: { '70/ns/net': 'net:[7]', '71/ns/net': 'net:[7]', '72/ns/net': 'net:[7]' },
  })
  const { namespaces } = networkNamespaces(made)
  expect(namespaces).toMatchObject([
    { label: 'container abababababab', pid: 71, program: 'web', identity: { oldestStart: 700 } },
  ])
})

test('a recording without processes is one of one namespace', () => {
  const bare = (netns?: string) => networkNamespaces(procOf({ files: {}, meta: { netns } })).namespaces
  expect(bare()).toMatchObject([{ name: 'not recorded', label: 'the namespace of the recording', isOwn: true }])
  expect(bare('net:[7]')).toMatchObject([{ name: 'net:[7]', inode: '7', folders: [''] }])
})

describe('links that are refused', () => {
  const refused = { '1/ns/net': 'EACCES', '70/ns/net': 'EACCES', '71/ns/net': 'EACCES', '80/ns/net': 'EACCES' }
  const { '1/ns/net': _, '70/ns/net': __, '71/ns/net': ___, '80/ns/net': ____, ...rest } = links
  const numbers: Record<string, string> = {
    'net/dev': '501',
    '1/net/dev': '501',
    '10/net/dev': '501',
    '70/net/dev': '507',
    '71/net/dev': '507',
    '81/net/dev': '508',
    '80/net/dev': '508',
  }
  const secret = procOf({ files, links: rest, errors: refused, meta: { netns: 'net:[4000000001]' } })

  test('processes are grouped by the number of net/dev', () => {
    const live = changing(secret, {})
    const { namespaces, warnings } = networkNamespaces({ ...live, fileNumber: path => numbers[path] })
    const found = namespaces.map(({ name, pid, holders }) => [name, pid, [...holders.processes]])
    expect(found.filter(([, pid]) => pid !== undefined)).toEqual([
      ['net:[4000000001]', 1, [1, 10]],
      ['net:[4000000008]', 80, [80, 81]],
      ['net:?[507]', 71, [70, 71]],
    ])
    const unnamed = namespaces.find(({ name }) => name === 'net:?[507]')!
    expect(unnamed).toMatchObject({ inode: undefined, label: 'container abababababab', folders: ['71', '70'] })
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      [
        'namespaces-hidden',
        '4 of 6 processes could not be looked into: a network namespace that only one of their threads, mounts or descriptors holds is not shown',
      ],
    ])
  })

  test('where there is no such number they are counted', () => {
    const { namespaces, warnings } = networkNamespaces(secret)
    expect(namespaces.flatMap(({ holders }) => holders.processes)).toEqual([10, 81])
    expect(warnings).toMatchObject([
      { code: 'namespaces-hidden', message: 'the network namespace of 4 processes could not be read' },
    ])
  })
})
