import { describe, expect, test } from 'vitest'
import { mountView, parseMountinfo } from './mountinfo.ts'

test('mounts with their parent, device, type, whether they can be written, and what overlays are made of', () => {
  const text =
    '36 35 98:0 / /mnt/a\\040b rw,noatime shared:1 - ext4 /dev/sda1 rw,errors=continue\n' +
    '37 35 0:42 / /ro ro - tmpfs tmpfs rw\n' +
    '38 35 0:43 / /super rw - overlay overlay ro,lowerdir=/x:/y\\040z:l/ABC,upperdir=/up,workdir=/work\n' +
    '39 35 0:44 / /more rw - overlay overlay rw,lowerdir+=/one,datadir+=/two\n' +
    'nonsense\n'
  expect(parseMountinfo(Buffer.from(text))).toEqual([
    { id: 36, parent: 35, device: '98:0', path: '/mnt/a b', type: 'ext4', writable: true },
    { id: 37, parent: 35, device: '0:42', path: '/ro', type: 'tmpfs', writable: false },
    {
      id: 38,
      parent: 35,
      device: '0:43',
      path: '/super',
      type: 'overlay',
      writable: false,
      layers: ['/x', '/y z', '/up'],
    },
    { id: 39, parent: 35, device: '0:44', path: '/more', type: 'overlay', writable: true, layers: ['/one', '/two'] },
  ])
})

const view = (lines: string[], options?: Parameters<typeof mountView>[1]) =>
  mountView(parseMountinfo(Buffer.from(lines.join('\n'))), options)

const ROOT = '1 0 8:1 / / rw - ext4 /dev/sda1 rw'
const PROC = '2 1 0:2 / /proc rw - proc proc rw'
const DEV = '3 1 0:3 / /dev rw - devtmpfs dev rw'
const SHM = '4 3 0:4 / /dev/shm rw - tmpfs tmpfs rw'
const NFS = '5 1 0:5 / /srv/nfs rw - nfs4 host:/x rw'
const INSIDE = '6 5 0:6 / /srv/nfs/tmp rw - tmpfs tmpfs rw'

describe('a path answers at once', () => {
  const all = view([ROOT, PROC, DEV, SHM, NFS, INSIDE])
  test.each([
    ['/etc/passwd', true],
    ['/', true],
    ['/dev/shm/x', true],
    ['/srv/nfsroot', true],
    ['/srv/nfs', false],
    ['/srv/nfs/a', false],
    // Its own type answers, and the way there does not.
    ['/srv/nfs/tmp/a', false],
    ['/proc/1', false],
  ])('%s: %s', (path, answers) => expect(all.reachesPath(path)).toBe(answers))

  test('where the later one of two mounts at one place does', () => {
    expect(view([ROOT, '5 1 0:5 / /a rw - nfs x rw', '6 5 0:6 / /a rw - tmpfs x rw']).reachesPath('/a/b')).toBe(false)
    expect(view([ROOT, '5 1 0:5 / /a rw - tmpfs x rw', '6 5 0:6 / /a rw - fuse.x x rw']).reachesPath('/a/b')).toBe(
      false,
    )
    expect(view([ROOT, '5 1 0:5 / /a rw - tmpfs x rw', '6 5 0:6 / /a rw - ext4 x rw']).reachesPath('/a/b')).toBe(true)
  })

  test('on the root that this program was started from, whatever that is', () => {
    const shared = ['1 0 0:9 / / rw - virtiofs x rw', '2 1 0:7 / /tmp rw - tmpfs x rw']
    expect(view(shared).reachesPath('/tmp/a')).toBe(false)
    expect(view(shared, { ownRoot: '0:9' }).reachesPath('/tmp/a')).toBe(true)
    expect(view(shared, { ownRoot: '0:7' }).reachesPath('/tmp/a')).toBe(false)
  })
})

describe('an overlay answers at once', () => {
  const overlay = (options: string) => [`9 0 0:9 / / rw - overlay overlay rw,${options}`]
  const host = view([ROOT, NFS])
  test.each([
    ['lowerdir=/var/lib/a:/var/lib/b,upperdir=/var/lib/c', true],
    ['lowerdir=l/AAA:l/BBB,upperdir=/var/lib/c', true],
    ['lowerdir=/srv/nfs/image,upperdir=/var/lib/c', false],
    ['', true],
  ])('made of %s: %s', (options, answers) => {
    const inside = view(overlay(options), { layers: host })
    expect(inside.reachesPath('/etc')).toBe(answers)
    expect(inside.holds(inside.mounts[0]!)).toBe(answers)
  })

  test('never where its folders lead back to it', () => {
    expect(view(overlay('lowerdir=/a,upperdir=/b')).reachesPath('/etc')).toBe(false)
    expect(view(overlay('lowerdir=/a,upperdir=/b'), { ownRoot: '0:9' }).reachesPath('/etc')).toBe(true)
  })
})
