import { describe, expect, test } from 'vitest'
import { procOf } from '../../test/support/fake-proc.ts'
import { inNamespace } from '../namespaces/inside.ts'
import { networkNamespaces } from '../namespaces/network-namespaces.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { recordedProc } from '../proc/recorded-proc.ts'
import { recordSnapshot } from './record.ts'
import { redactSnapshot } from './redact/redact.ts'
import { summariseSnapshot } from './summary.ts'

const MOUNTS = '90 28 0:4 net:[5] /run/netns/acme rw - nsfs nsfs rw\n'

const machine = procOf({
  files: {
    'net/tcp': 'own',
    '1/stat': '1 (init) S',
    '1/cmdline': '/sbin/init\0',
    '7/stat': '7 (x) S',
    '7/cmdline': 'x\0',
    '7/net/tcp': 'of 7',
    '8/stat': '8 (y) S',
    '8/net/tcp': 'of 7',
    'self/mountinfo': `25 1 0:22 / /proc rw - proc proc rw\n28 1 254:1 / / rw - ext4 /dev/vda1 rw\n${MOUNTS}`,
    '2/stat': '2 (z) S',
    '2/mountinfo': MOUNTS,
    '1/mountinfo': `91 28 254:1 / /data rw - ext4 /dev/vdb rw\n92 28 0:4 net:[6] /srv/ns rw\n${MOUNTS}`,
    'netns/5/net/tcp': 'of 5',
    'netns/5/cookie': '17\n',
    'netns/6/net/tcp': 'of 6',
    'number/net/dev': '501\n',
    'number/7/net/dev': '507\n',
    'number/8/net/dev': '507\n',
  },
  links: {
    '1/ns/net': 'net:[1]',
    'self/ns/mnt': 'mnt:[1]',
    '1/ns/mnt': 'mnt:[2]',
    '2/ns/mnt': 'mnt:[1]',
    '2/ns/net': 'net:[1]',
    '1/fd/4': 'net:[9]',
  },
  errors: { '7/ns/net': 'EACCES', '8/ns/net': 'EACCES' },
  meta: { netns: 'net:[1]' },
})

/** Everything that is known of the namespaces, with the first table of each. */
function answers(source: ProcSource) {
  const { namespaces, warnings } = networkNamespaces(source)
  const tables = namespaces.map(namespace => {
    try {
      return inNamespace(source, namespace).readFile('net/tcp').toString()
    } catch {
      return undefined
    }
  })
  return { namespaces, warnings, tables }
}

describe('a snapshot finds the same namespaces again', () => {
  const { meta, entries, otherNamespaces } = recordSnapshot(machine)
  const replayed = recordedProc('snapshot', 'test', meta, entries)

  test('those that a mount or a descriptor holds, and those whose links are refused', () => {
    const { namespaces, tables } = answers(machine)
    expect(namespaces.map(({ name }) => name)).toEqual(['net:[1]', 'net:[5]', 'net:[6]', 'net:[9]', 'net:?[507]'])
    expect(tables).toEqual(['own', 'of 5', 'of 6', undefined, 'of 7'])
    expect(answers(replayed)).toEqual(answers(machine))
  })

  test('with the lines of mountinfo that are needed, once for each mount namespace', () => {
    const text = (path: string) => entries.files.get(path)?.toString()
    expect(text('self/mountinfo')).toBe(`25 1 0:22 / /proc rw - proc proc rw\n${MOUNTS}`)
    expect(text('2/mountinfo')).toBeUndefined()
    expect(text('1/mountinfo')).toBe(`92 28 0:4 net:[6] /srv/ns rw\n${MOUNTS}`)
  })

  test('and says which they are', () => {
    expect(otherNamespaces).toEqual(['netns/5', 'netns/6', '7'])
    const { namespaces } = summariseSnapshot(replayed)
    expect(namespaces.map(({ folder, netns }) => [folder, netns])).toEqual([
      ['net', 'net:[1]'],
      ['netns/5/net', 'net:[5]'],
      ['netns/6/net', 'net:[6]'],
      // Its number is not known.
      ['7/net', undefined],
    ])
  })

  test('redacted: the names of namespaces are pseudonyms', () => {
    const redacted = redactSnapshot(meta, entries)
    const source = recordedProc('snapshot', 'test', redacted.meta, redacted.entries)
    const { namespaces, tables } = answers(source)
    expect(namespaces.map(({ name }) => name)).toEqual(['net:[1]', 'net:[5]', 'net:[6]', 'net:[9]', 'net:?[507]'])
    expect(namespaces[1]).toMatchObject({ labelKind: 'name', identity: { cookie: '17' } })
    expect(namespaces[1]!.label).not.toContain('acme')
    expect(tables.map(table => table !== undefined)).toEqual([true, true, true, false, true])
  })
})
