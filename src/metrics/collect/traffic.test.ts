import { describe, expect, test } from 'vitest'
import { needs } from '../../../test/support/needs.ts'
import { dumpOf } from '../../../test/support/socket-dump.ts'
import { procOf } from '../../../test/support/fake-proc.ts'
import { loadLibc } from '../../libc/libc.ts'
import { MetricSet } from '../metric-set.ts'
import { InodeTable } from '../owners/inode-table.ts'
import { Owners } from '../owners/owners.ts'
import type { OwnerSearch } from '../owners/search.ts'
import { readTcp } from './reading.ts'
import { Traffic } from './traffic.ts'

/** Every socket of the recorded dump has a program of its own. */
async function manyOwners(inodes: readonly number[]): Promise<Owners> {
  const ofInode = new InodeTable()
  const holders: OwnerSearch['holders'][number][] = [undefined]
  for (const inode of inodes)
    ofInode.set(
      inode,
      holders.push({ pid: 7, startTicks: 1, program: `p${inode}`, unit: undefined, container: undefined }) - 1,
    )
  const search = { holders, ofInode, processes: 1, unreadable: 0, beganAtMs: 0, tookMs: 1 }
  const owners = new Owners(procOf({}), { search: () => Promise.resolve(search) })
  await owners.refresh(new Set(inodes), performance.now() + 10_000)
  return owners
}

// It listens to the kernel for sockets that end.
describe('bytes by program', needs('Linux'), () => {
  test('have no more series than may be, and nobody loses one: those that come later count for other', async () => {
    const libc = await loadLibc()
    if (libc === undefined) throw new Error('koffi is a dependency of these tests')
    const dumps = [dumpOf('tcp')]
    const source = { ...procOf({}), dumpSockets: () => dumps[0]!.wire.bytes }
    const reading = readTcp(source)
    const inodes: number[] = []
    reading.forEach(({ inode }) => inode !== 0 && inodes.push(inode))
    expect(new Set(inodes).size).toBeGreaterThan(6)
    const traffic = new Traffic(libc, await manyOwners(inodes), 5)
    const programs = () => {
      const set = new MetricSet(5)
      traffic.addTo(set)
      const { families } = set.exposition('')
      expect(families.some(({ name }) => name === 'linsight_folded_series')).toBe(false)
      return families[0]!.samples.map(({ labels }) => labels['program'])
    }
    const readings = [{ place: { key: 'own', labels: {}, source }, reading: { ...reading, dumps } }]
    traffic.look(readings)
    const first = programs()
    expect(first.length).toBe(5)
    expect(first).toContain('other')
    expect(first).toContain('')
    traffic.look(readings)
    expect(programs()).toEqual(first)
    traffic.close()
  })
})
