import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { cgroupCounters, lookAtCgroups, pidsOfCgroup } from './cgroups.ts'

function tree(groups: Record<string, Record<string, string>>): string {
  const root = temporaryFolder()
  for (const [name, files] of Object.entries(groups)) {
    mkdirSync(join(root, name), { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(join(root, name, file), text)
  }
  return root
}

test('version 2: limits with their events; a group without limits is left out', () => {
  const root = tree({
    'app.slice/web': {
      'cpu.max': '10000 100000\n',
      'cpu.stat': 'usage_usec 5\nnr_periods 40\nnr_throttled 30\nthrottled_usec 900\n',
      'memory.max': '1048576\n',
      'memory.events': 'low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 0\n',
      'pids.max': '64\n',
      'pids.current': '64\n',
      'pids.events': 'max 5\n',
      'cgroup.freeze': '1\n',
      'cgroup.procs': '7\n8\n',
    },
    free: { 'cpu.max': 'max 100000\n', 'memory.max': 'max\n', 'cgroup.freeze': '0\n' },
  })
  const { groups, cut } = lookAtCgroups(root)
  expect(cut).toBe(false)
  expect(groups).toEqual(
    new Map([
      [
        join(root, 'app.slice/web'),
        {
          quota: 0.1,
          periods: 40,
          throttled: 30,
          throttledUs: 900,
          memoryLimit: 1048576,
          memoryFailures: 12,
          oomKills: 1,
          pidsLimit: 64,
          pidsRefused: 5,
          pidsCurrent: 64,
          frozen: true,
        },
      ],
    ]),
  )
  expect(pidsOfCgroup(join(root, 'app.slice/web'))).toEqual([7, 8])
})

test('version 1: the same from its own files', () => {
  const root = tree({
    'cpu/web': {
      'cpu.cfs_quota_us': '50000\n',
      'cpu.cfs_period_us': '100000\n',
      'cpu.stat': 'nr_periods 9\nnr_throttled 2\nthrottled_time 4000000\n',
    },
    'cpu/free': { 'cpu.cfs_quota_us': '-1\n', 'cpu.cfs_period_us': '100000\n' },
    'memory/web': {
      'memory.limit_in_bytes': '4096\n',
      'memory.failcnt': '77\n',
      'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
    },
    'memory/free': { 'memory.limit_in_bytes': '9223372036854771712\n', 'memory.failcnt': '1\n' },
    'freezer/web': { 'freezer.state': 'FROZEN\n' },
  })
  const { groups } = lookAtCgroups(root)
  expect(groups.get(join(root, 'cpu/web'))).toEqual({ quota: 0.5, periods: 9, throttled: 2, throttledUs: 4000 })
  expect(groups.get(join(root, 'memory/web'))).toEqual({ memoryLimit: 4096, memoryFailures: 77, oomKills: 3 })
  expect(groups.get(join(root, 'freezer/web'))).toEqual({ frozen: true })
  expect([...groups.keys()].filter(name => name.endsWith('free'))).toEqual([])
})

test.each([
  ['workingset_refault_anon 3\nworkingset_refault_file 40\npgfault 7\n', 43],
  ['workingset_refault 9\nworkingset_activate 5\n', 9],
  ['cache 1\n', undefined],
])('pages that had to be read again: %j', (text, refaults) => {
  const root = tree({ web: { 'memory.max': '900\n', 'memory.events': 'max 2\noom_kill 0\n', 'memory.stat': text } })
  expect(lookAtCgroups(root).groups.get(join(root, 'web'))).toEqual({
    memoryLimit: 900,
    memoryFailures: 2,
    oomKills: 0,
    ...(refaults !== undefined && { refaults }),
  })
})

test('version 2: memory.high is a limit at which everybody is slowed down', () => {
  const events = 'low 0\nhigh 40\nmax 2\noom 0\noom_kill 0\n'
  const root = tree({
    slow: { 'memory.high': '500\n', 'memory.max': 'max\n', 'memory.events': events },
    both: { 'memory.high': '500\n', 'memory.max': '900\n', 'memory.events': events },
    hard: { 'memory.high': 'max\n', 'memory.max': '900\n', 'memory.events': events },
  })
  const { groups } = lookAtCgroups(root)
  const of = (name: string) => groups.get(join(root, name))
  expect(of('slow')).toEqual({ memoryLimit: 500, memoryFailures: 42, oomKills: 0 })
  expect(of('both')).toEqual({ memoryLimit: 500, memoryFailures: 42, oomKills: 0 })
  expect(of('hard')).toEqual({ memoryLimit: 900, memoryFailures: 2, oomKills: 0 })
})

test('a limit holds for the groups below: their processes are those of the group', () => {
  const root = tree({
    pod: { 'memory.max': '4096\n', 'memory.events': 'max 1\noom_kill 0\n', 'cgroup.procs': '' },
    'pod/app': { 'cgroup.procs': '7\n' },
    'pod/app/worker': { 'cgroup.procs': '8\n9\n' },
  })
  expect(pidsOfCgroup(join(root, 'pod'))).toEqual([7, 8, 9])
})

test('a later look reads the counters of the same folders anew, and those that are limited by now', () => {
  const root = tree({
    web: { 'cpu.max': '50000 100000\n', 'cpu.stat': 'nr_periods 1\nnr_throttled 0\n' },
    free: { 'cpu.max': 'max 100000\n', 'pids.max': 'max\n' },
    gone: { 'pids.max': '5\n', 'pids.current': '1\n' },
  })
  const { folders, groups } = lookAtCgroups(root)
  expect([...groups.keys()].map(name => name.slice(root.length))).toEqual(expect.arrayContaining(['/web', '/gone']))
  writeFileSync(join(root, 'web', 'cpu.stat'), 'nr_periods 9\nnr_throttled 3\n')
  writeFileSync(join(root, 'free', 'pids.max'), '7\n')
  rmSync(join(root, 'gone'), { recursive: true })
  expect(cgroupCounters(folders)).toEqual(
    new Map([
      [join(root, 'web'), expect.objectContaining({ quota: 0.5, periods: 9, throttled: 3 })],
      [join(root, 'free'), expect.objectContaining({ pidsLimit: 7 })],
    ]),
  )
})
