import { expect, test } from 'vitest'
import { parseNamespaceMounts } from './namespace-mounts.ts'

const parse = (lines: string[]) => [...parseNamespaceMounts(Buffer.from(`${lines.join('\n')}\n`, 'latin1'))]

test.each<[string, string, [string, string][]]>([
  [
    'a namespace',
    '90 28 0:4 net:[4026533220] /run/netns/blue rw shared:7 - nsfs nsfs rw',
    [['net:[4026533220]', 'blue']],
  ],
  ['below /var', '90 28 0:4 net:[7] /var/run/netns/blue rw - nsfs nsfs rw', [['net:[7]', 'blue']]],
  ['a blank in its name', '90 28 0:4 net:[7] /run/netns/a\\040b rw - nsfs nsfs rw', [['net:[7]', 'a b']]],
  ['a namespace of another kind', '90 28 0:4 mnt:[7] /run/netns/blue rw - nsfs nsfs rw', []],
  ['another place', '90 28 0:4 net:[7] /run/docker/netns/blue rw - nsfs nsfs rw', []],
  ['a deeper place', '90 28 0:4 net:[7] /run/netns/a/b rw - nsfs nsfs rw', []],
  ['a disk', '28 1 254:1 / / rw - ext4 /dev/vda1 rw', []],
])('%s', (_, line, names) => expect(parse([line])).toEqual(names))

test('each mount by itself', () => {
  expect(parse(['1 2 0:4 net:[7] /run/netns/a rw', '', '1 2 0:4 net:[8] /run/netns/b rw'])).toEqual([
    ['net:[7]', 'a'],
    ['net:[8]', 'b'],
  ])
})
