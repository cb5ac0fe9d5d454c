import { expect, test } from 'vitest'
import { procOf } from '../../../../test/support/fake-proc.ts'
import { lookAtMounts, unaskedMounts } from './mounts.ts'

const ROOT = '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n'

test('what answers is asked once, what may not is named, and so is what lies behind it', () => {
  const source = procOf({
    files: {
      'self/mountinfo': ROOT,
      '1/mountinfo':
        `${ROOT}2 1 0:2 / /srv/nfs rw - nfs4 host:/x rw\n3 2 0:3 / /srv/nfs/tmp rw - tmpfs tmpfs rw\n` +
        '4 1 0:4 / /run rw - tmpfs tmpfs rw\n5 1 0:5 / /sys rw - sysfs sysfs rw\n6 1 0:6 / /ro ro - ext4 /dev/sdb rw\n',
      '9/mountinfo': `11 0 8:1 / / rw - ext4 /dev/sda1 rw\n12 11 0:4 / /run rw - tmpfs tmpfs rw\n`,
    },
  })
  const look = lookAtMounts(source, [1, 9, 404])
  expect(look.askable.map(({ pid, mount: { path } }) => [pid, path])).toEqual([
    [1, '/'],
    [1, '/run'],
  ])
  // A descriptor there is asked without the way to it.
  expect([...look.local]).toEqual([
    [1, '8:1'],
    [3, '0:3'],
    [4, '0:4'],
    [6, '0:6'],
    [11, '8:1'],
    [12, '0:4'],
  ])
  expect(unaskedMounts(look)).toEqual([
    { what: 'filesystems of type nfs4', why: 'they may not answer', causes: ['disk-full', 'inodes-exhausted'] },
    {
      what: '/srv/nfs/tmp',
      why: 'the way there leads through filesystems that may not answer',
      causes: ['disk-full', 'inodes-exhausted'],
    },
  ])
})

test('nothing is said where all was asked; of many places some are named', () => {
  const look = { askable: [], local: new Map(), skipped: new Set<string>() }
  expect(unaskedMounts({ ...look, unreached: new Set() })).toEqual([])
  expect(unaskedMounts({ ...look, unreached: new Set(['/a', '/b', '/c', '/d', '/e', '/f']) })[0]!.what).toBe(
    '/a, /b, /c, /d and 2 more',
  )
})
