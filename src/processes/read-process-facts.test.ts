import { describe, expect, test } from 'vitest'
import { procOf, refuse } from '../../test/support/fake-proc.ts'
import { readBootTimeMs, readProcessFacts, readStartTicks } from './read-process-facts.ts'

const STAT = `9 (srv) S 4 ${'0 '.repeat(17)}12345 0\n`
const files = {
  stat: 'cpu 1 2\nbtime 1700000000\nprocesses 3\n',
  '9/stat': STAT,
  '9/status': 'Name:\tsrv\nUid:\t10\t33\t33\t33\nNSpid:\t9\t1\n',
  '9/cmdline': '/usr/bin/srv\0--port\x0080\0',
  '9/comm': 'srv\n',
  '9/cgroup': '0::/system.slice/srv.service\n',
}
const links = { '9/exe': '/usr/bin/srv (deleted)', '9/ns/net': 'net:[4026531840]' }

describe('facts of a process', () => {
  test('everything that is known', () => {
    expect(readProcessFacts(procOf({ files, links }), 9, 'full', 1_700_000_000_000)).toEqual({
      pid: 9,
      comm: 'srv',
      args: ['/usr/bin/srv', '--port', '80'],
      exe: { path: '/usr/bin/srv', deleted: true },
      uid: 10,
      effectiveUid: 33,
      parentPid: 4,
      startTicks: 12345,
      startedAt: '2023-11-14T22:15:23.450Z',
      cgroup: '/system.slice/srv.service',
      unit: 'srv.service',
      container: undefined,
      namespacePids: [9, 1],
      netns: 'net:[4026531840]',
    })
  })

  test('for a name the command line alone is read, where it holds one', () => {
    const base = procOf({ files, links })
    const read: string[] = []
    const source = { ...base, readFile: (path: string) => (read.push(path), base.readFile(path)) }
    expect(readProcessFacts(source, 9, 'name', undefined)).toEqual({ pid: 9, args: ['/usr/bin/srv', '--port', '80'] })
    expect(read).toEqual(['9/cmdline'])
  })

  test.each([
    ['a title', 'nginx: master process\0'],
    ['nothing', ''],
    ['an empty first argument', '\0x\0'],
  ])('for a name comm is read too where the command line holds %s', (_, cmdline) => {
    const source = procOf({ files: { '9/cmdline': cmdline, '9/comm': 'nginx\n' } })
    expect(readProcessFacts(source, 9, 'name', undefined).comm).toBe('nginx')
  })

  test('a fact that cannot be read is absent, the others stay', () => {
    const base = procOf({ files, links })
    const source = {
      ...base,
      readFile: (path: string) => (path === '9/status' ? refuse('EACCES', path) : base.readFile(path)),
    }
    expect(readProcessFacts(source, 9, 'full', undefined)).toMatchObject({ uid: undefined, startTicks: 12345 })
    expect(readProcessFacts(source, 9, 'full', undefined).startedAt).toBeUndefined()
  })
})

test('ticks since boot, and the second of the boot', () => {
  const source = procOf({ files })
  expect([readStartTicks(source, 9), readStartTicks(source, 8)]).toEqual([12345, undefined])
  expect([readBootTimeMs(source), readBootTimeMs(procOf({}))]).toEqual([1_700_000_000_000, undefined])
})
