import fc from 'fast-check'
import { expect, test } from 'vitest'
import { netnsName, parseNamespaceMounts } from './nsfs-mounts.ts'

const parse = (lines: string[]) =>
  parseNamespaceMounts(Buffer.from(`${lines.join('\n')}\n`, 'latin1')).map(({ name, place }) => [name, place])

test.each<[string, string, string[][]]>([
  [
    'a name of ip netns',
    '90 28 0:4 net:[4026533220] /run/netns/blue rw shared:7 - nsfs nsfs rw',
    [['net:[4026533220]', '/run/netns/blue']],
  ],
  ['a blank in its name', '90 28 0:4 net:[7] /run/netns/a\\040b rw - nsfs nsfs rw', [['net:[7]', '/run/netns/a b']]],
  ['one of docker', '90 28 0:4 net:[7] /run/docker/netns/ab12 rw', [['net:[7]', '/run/docker/netns/ab12']]],
  ['a namespace of another kind', '90 28 0:4 mnt:[7] /run/netns/blue rw - nsfs nsfs rw', []],
  ['a file whose name looks like one', '90 28 0:4 /net:[7] /run/netns/blue rw - nsfs nsfs rw', []],
  ['a disk', '28 1 254:1 / / rw - ext4 /dev/vda1 rw', []],
  ['a line that was cut', '90 28 0:4 net:[7]', []],
])('%s', (_, line, mounts) => expect(parse([line])).toEqual(mounts))

test('each mount by itself', () => {
  expect(parse(['1 2 0:4 net:[7] /run/netns/a rw', '', '1 2 0:4 net:[7] /run/netns/b rw'])).toEqual([
    ['net:[7]', '/run/netns/a'],
    ['net:[7]', '/run/netns/b'],
  ])
})

test.each([
  ['/run/netns/blue', 'blue'],
  ['/var/run/netns/blue', 'blue'],
  ['/run/docker/netns/blue', undefined],
  ['/run/netns/a/b', undefined],
  ['/srv/run/netns/blue', undefined],
])('%s is known to ip netns as %s', (place, name) => {
  expect(netnsName(place)).toBe(name)
})

test('whatever a place is called, it comes back', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: fc.integer({ min: 1, max: 255 }).map(code => String.fromCharCode(code)) }),
      name => {
        // What the kernel escapes: blanks, tabs, newlines, backslashes. Source: Linux fs/proc_namespace.c, mangle.
        const place = `/run/netns/${name.replace(/[ \t\n\\#]/g, character => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`)}`
        expect(parse([`90 28 0:4 net:[7] ${place} rw - nsfs nsfs rw`])).toEqual([['net:[7]', `/run/netns/${name}`]])
      },
    ),
  )
})
