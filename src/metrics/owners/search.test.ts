import { describe, expect, test } from 'vitest'
import { changing, procOf, refuse } from '../../../test/support/fake-proc.ts'
import { searchOwners } from './search.ts'

const stat = (pid: number, start: number) => `${pid} (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${start} 0 0`

function processOf(pid: number, name: string, inodes: readonly number[], start = 5) {
  return {
    files: {
      [`${pid}/stat`]: stat(pid, start),
      [`${pid}/cmdline`]: `/usr/bin/${name}\0-x\0`,
      [`${pid}/cgroup`]: `0::/system.slice/${name}.service\n`,
    },
    links: Object.fromEntries(inodes.map((inode, at) => [`${pid}/fd/${at + 3}`, `socket:[${inode}]`])),
  }
}

function proc(...processes: ReturnType<typeof processOf>[]) {
  return procOf({
    files: Object.assign({}, ...processes.map(({ files }) => files)) as Record<string, string>,
    links: Object.assign({}, ...processes.map(({ links }) => links)) as Record<string, string>,
  })
}

describe('searching owners', () => {
  test('program, unit and the sockets they hold', async () => {
    const found = await searchOwners(proc(processOf(7, 'nginx', [100, 101])))
    expect(found.processes).toBe(1)
    expect([found.ofInode.size, found.ofInode.get(100), found.ofInode.get(101)]).toEqual([2, 1, 1])
    expect(found.holders[1]).toEqual({
      pid: 7,
      startTicks: 5,
      program: 'nginx',
      unit: 'nginx.service',
      container: undefined,
    })
  })

  test('the first process counts only where nobody else holds the socket', async () => {
    const found = await searchOwners(proc(processOf(1, 'systemd', [100, 200]), processOf(7, 'nginx', [100])))
    expect(found.holders[found.ofInode.get(100)]!.program).toBe('nginx')
    expect(found.holders[found.ofInode.get(200)]!.program).toBe('systemd')
  })

  test('of several that share a socket the lowest pid counts', async () => {
    const found = await searchOwners(proc(processOf(7, 'master', [100]), processOf(9, 'worker', [100, 101])))
    expect(found.holders[found.ofInode.get(100)]!.program).toBe('master')
    expect(found.holders[found.ofInode.get(101)]!.program).toBe('worker')
  })

  test('a process whose start time has changed meanwhile is another one', async () => {
    const source = proc(processOf(7, 'nginx', [100]))
    let reads = 0
    const found = await searchOwners(
      changing(source, {
        readFile: path => (path === '7/stat' ? Buffer.from(stat(7, (reads += 1))) : source.readFile(path)),
      }),
    )
    expect(found.ofInode.size).toBe(0)
  })

  test('refused processes are counted, ended ones are not', async () => {
    const source = proc(processOf(7, 'nginx', [100]), processOf(8, 'a', [101]), processOf(9, 'b', [102]))
    const found = await searchOwners(
      changing(source, {
        list: path =>
          path === '8/fd' ? refuse('EACCES', path) : path === '9/fd' ? refuse('ENOENT', path) : source.list(path),
      }),
    )
    expect([found.processes, found.unreadable]).toEqual([1, 1])
  })

  test.each([
    ['/usr/bin/nginx\0-g\0', 'nginx'],
    ['./relative/server\0', 'server'],
    ['postgres: eve shop 10.0.0.1(4711) idle\0\0\0', 'postgres'],
    ['nginx: master process /usr/sbin/nginx -g daemon off;\0x\0', 'postgres'],
    ['', 'postgres'],
  ])('%j is called %s', async (cmdline, program) => {
    const { files, links } = processOf(7, 'nginx', [100])
    const source = procOf({ files: { ...files, '7/cmdline': cmdline, '7/comm': 'postgres\n' }, links })
    expect((await searchOwners(source)).holders[1]!.program).toBe(program)
  })

  test('a process with very many descriptors is read in parts', async () => {
    const inodes = Array.from({ length: 4500 }, (_, at) => at + 1)
    const found = await searchOwners(proc(processOf(7, 'nginx', inodes)))
    expect(found.ofInode.size).toBe(4500)
  })
})
