import { expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { networkNamespaces } from '../network-namespaces.ts'
import { namespaceFactsJson, namespaceNameJson } from './namespace-json.ts'

const ID = 'ab'.repeat(32)
const { namespaces } = networkNamespaces(
  procOf({
    files: {
      '7/cmdline': '/usr/bin/w\xff\0',
      '7/stat': `7 (x) S ${'0 '.repeat(18)}900 0\n`,
      '7/cgroup': `0::/docker/${ID}\n`,
      '7/status': 'NSpid:\t7\t1\n',
      'self/mountinfo': '90 28 0:4 net:[17] /run/netns/bl\xc3\xa4u rw\n',
      'netns/17/cookie': '5',
    },
    links: { '7/ns/net': 'net:[17]', '7/fd/3': 'net:[17]' },
  }),
)

test('what a namespace is called', () => {
  expect(namespaceNameJson(namespaces[0]!)).toEqual({
    netns: 'net:[17]',
    inode: '17',
    label: 'bläu',
    kind: 'name',
    container: ID,
    pod: undefined,
    unit: undefined,
  })
})

test('and who holds it', () => {
  expect(namespaceFactsJson(namespaces[0]!)).toEqual({
    ...namespaceNameJson(namespaces[0]!),
    runtime: 'docker',
    names: ['bläu'],
    pid: 7,
    pidInside: 1,
    program: 'w\\xff',
    own: false,
    cookie: '5',
    oldestStartTicks: 900,
    processes: 1,
    threads: 0,
    descriptors: 1,
    mounts: ['/run/netns/bläu'],
  })
})
