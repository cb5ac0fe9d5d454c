import { describe, expect, test } from 'vitest'
import { changing, procOf } from '../../../test/support/fake-proc.ts'
import { InodeOwners } from './inode-owners.ts'
import { TrafficOwners, UNKNOWN_OWNER } from './traffic-owners.ts'

const stat = (pid: number, start: number) => `${pid} (x) S 1 ${'0 '.repeat(17)}${start} 0 0`

/** Process → inodes of its sockets. */
function machine(processes: Record<number, number[]>) {
  const files: Record<string, string> = {}
  const links: Record<string, string> = {}
  for (const [pid, inodes] of Object.entries(processes)) {
    files[`${pid}/stat`] = stat(Number(pid), 50)
    files[`${pid}/cmdline`] = `/usr/bin/p${pid}\0-x\0`
    files[`${pid}/cgroup`] = `0::/system.slice/p${pid}.service\n`
    for (const [fd, inode] of inodes.entries()) links[`${pid}/fd/${fd}`] = `socket:[${inode}]`
  }
  return procOf({ files, links })
}

describe('owners by inode', () => {
  test('are not known before a search, and then stay without another', () => {
    const owners = new TrafficOwners()
    const inodes = new InodeOwners(machine({ 7: [100], 8: [200] }), owners)
    expect([inodes.of(100), inodes.of(300), inodes.open]).toEqual([undefined, undefined, 2])
    inodes.search(0)
    expect(owners.ownerOf(inodes.of(100)!)).toEqual({
      pid: 7,
      startTicks: 50,
      program: 'p7',
      unit: 'p7.service',
      container: undefined,
    })
    expect(inodes.of(300)).toBe(UNKNOWN_OWNER)
    expect(inodes.lastSearch.processes).toBe(2)
  })

  test('of several processes the first is the owner', () => {
    const owners = new TrafficOwners()
    const inodes = new InodeOwners(machine({ 9: [100], 7: [100] }), owners)
    inodes.of(100)
    inodes.search(0)
    expect(owners.ownerOf(inodes.known(100)!)?.pid).toBe(7)
  })

  test('between searches of all, those are searched that had sockets and those that are new', () => {
    const owners = new TrafficOwners()
    const now: Record<number, number[]> = { 7: [100], 8: [] }
    const listed: string[] = []
    const live = changing(machine(now), {
      list: path => {
        if (path.endsWith('/fd')) listed.push(path)
        return machine(now).list(path)
      },
      readLink: path => machine(now).readLink(path),
      readFile: path => machine(now).readFile(path),
    })
    const inodes = new InodeOwners(live, owners)
    inodes.of(100)
    inodes.search(0)
    expect(listed.toSorted()).toEqual(['7/fd', '8/fd'])
    listed.length = 0
    Object.assign(now, { 7: [100, 101], 8: [102], 9: [103] })
    for (const inode of [100, 101, 102, 103]) inodes.of(inode)
    inodes.search(0.001)
    expect(listed.toSorted()).toEqual(['7/fd', '9/fd'])
    expect([101, 103].map(inode => owners.ownerOf(inodes.known(inode)!)?.pid)).toEqual([7, 9])
    // Not searched everywhere yet, so not unknown.
    expect(inodes.of(102)).toBeUndefined()
    inodes.search(1e9)
    expect(owners.ownerOf(inodes.known(102)!)?.pid).toBe(8)
  })

  test('what is not asked for any more is forgotten', () => {
    const inodes = new InodeOwners(machine({ 7: [100] }), new TrafficOwners())
    inodes.of(100)
    inodes.search(0)
    inodes.search(1)
    expect(inodes.known(100)).toBeUndefined()
  })

  test('a pid that was given to another process is another owner', () => {
    const owners = new TrafficOwners()
    let start = 50
    const proc = () =>
      procOf({
        files: { '7/stat': stat(7, start), '7/cmdline': `p${start}\0-\0` },
        links: { '7/fd/1': 'socket:[100]', '7/fd/2': `socket:[${start}]` },
      })
    const inodes = new InodeOwners(
      changing(proc(), {
        readFile: p => proc().readFile(p),
        readLink: p => proc().readLink(p),
        list: p => proc().list(p),
      }),
      owners,
    )
    inodes.of(100)
    inodes.search(0)
    start = 60
    inodes.of(60)
    inodes.search(0.001)
    expect(owners.ownerOf(inodes.known(60)!)).toMatchObject({ pid: 7, startTicks: 60, program: 'p60' })
  })
})
