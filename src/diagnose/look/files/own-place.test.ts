import { expect, test } from 'vitest'
import { mountView, parseMountinfo } from './mountinfo.ts'
import { answeringPath } from './own-place.ts'

test('folders of PATH that may not answer are left out, relative ones stay', () => {
  const mounts = '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:2 / /net rw - nfs host:/ rw\n'
  const view = mountView(parseMountinfo(Buffer.from(mounts)))
  expect(answeringPath(view, '/net/bin:/usr/bin::bin:/network')).toBe('/usr/bin::bin:/network')
})
