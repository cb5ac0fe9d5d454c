import { statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { needs } from '../../../test/support/needs.ts'
import { openLiveProc } from '../../proc/live-proc.ts'
import { cgroup2Mount, cgroupPaths } from './cgroup-paths.ts'

const MOUNTS = `22 1 0:20 / /proc rw - proc proc rw
30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw
31 23 0:27 / /sys/fs/other rw - cgroup cgroup rw
`

describe('cgroups by their id', () => {
  test.each([
    ['the mount', MOUNTS, '/sys/fs/cgroup'],
    ['a blank in its path', MOUNTS.replace('/sys/fs/cgroup', '/a\\040b'), '/a b'],
    ['cgroup of version 1 alone', MOUNTS.replace('- cgroup2', '- cgroup'), undefined],
  ])('%s', (_, mountinfo, expected) => {
    expect(cgroup2Mount(mountinfo)).toBe(expected)
  })

  test('a recording names none', () => {
    expect(cgroupPaths(procOf({ files: { 'self/mountinfo': MOUNTS } })).size).toBe(0)
  })

  const source = () => openLiveProc()
  const hasMount = () => cgroup2Mount(source().readFile('self/mountinfo').toString('latin1')) !== undefined

  test('this machine', needs('Linux', { need: 'cgroup2', isMet: hasMount }), () => {
    const mount = cgroup2Mount(source().readFile('self/mountinfo').toString('latin1'))!
    expect(cgroupPaths(source()).get(String(statSync(mount, { bigint: true }).ino))).toBe('/')
  })
})
