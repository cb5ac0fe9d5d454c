import { describe, expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { InodeTable } from './inode-table.ts'
import { ownerLabels, Owners } from './owners.ts'
import type { OwnerSearch } from './search.ts'

const source = procOf({})

function tableOf(entries: readonly [number, number][]): InodeTable {
  const table = new InodeTable()
  for (const [inode, value] of entries) table.set(inode, value)
  return table
}

/** A search that ends when it is told to. */
function searches() {
  let nowMs = 1000
  const open: ((ofInode: [number, number][]) => void)[] = []
  const owners = new Owners(source, {
    nowMs: () => nowMs,
    search: () =>
      new Promise<OwnerSearch>(resolve => {
        const beganAtMs = nowMs
        const holder = { pid: 7, startTicks: 1, program: 'nginx', unit: undefined, container: undefined }
        open.push(ofInode =>
          resolve({
            holders: [undefined, holder],
            ofInode: tableOf(ofInode),
            processes: 1,
            unreadable: 0,
            beganAtMs,
            tookMs: nowMs - beganAtMs,
          }),
        )
      }),
  })
  return { owners, open, later: (ms: number) => (nowMs += ms), now: () => nowMs }
}

describe('owners of sockets', () => {
  test('a search that is slower than the deadline: what was found before is served, and it goes on', async () => {
    const { owners, open, now, later } = searches()
    expect(await owners.refresh(new Set([100]), now() + 5)).toBe(false)
    expect(owners.labelsOf(owners.numberOf(100))['program']).toBe('')
    expect(await owners.refresh(new Set([100]), now() + 5)).toBe(false)
    expect(open.length).toBe(1)
    later(20)
    open[0]!([[100, 1]])
    expect(await owners.refresh(new Set([100]), now() + 5)).toBe(true)
    expect(owners.labelsOf(owners.numberOf(100))['program']).toBe('nginx')
    expect(owners.ageMs).toBe(20)
  })

  test('what is known is not searched again, what is new not at once', async () => {
    const { owners, open, now, later } = searches()
    const first = owners.refresh(new Set([100]), now() + 9999)
    open[0]!([[100, 1]])
    await first
    later(500)
    expect(await owners.refresh(new Set([100]), now())).toBe(true)
    expect(await owners.refresh(new Set([100, 101]), now())).toBe(false)
    expect(owners.searches).toBe(1)
    later(600)
    void owners.refresh(new Set([100, 101]), now())
    expect(owners.searches).toBe(2)
  })

  test('a socket that nobody holds is searched for once', async () => {
    const { owners, open, now, later } = searches()
    const first = owners.refresh(new Set([100, 300]), now() + 9999)
    open[0]!([[100, 1]])
    await first
    later(5000)
    expect(await owners.refresh(new Set([100, 300]), now())).toBe(true)
    expect([owners.searches, owners.isSearched(300), owners.isSearched(301)]).toEqual([1, true, false])
  })

  test('all are searched again after a minute: programs change', async () => {
    const { owners, open, now, later } = searches()
    const first = owners.refresh(new Set([100]), now() + 9999)
    open[0]!([[100, 1]])
    await first
    later(61_000)
    void owners.refresh(new Set([100]), now())
    expect(owners.searches).toBe(2)
  })

  test('a search that fails is tried again', async () => {
    let count = 0
    const owners = new Owners(source, {
      search: () => Promise.reject(new Error(`no /proc ${(count += 1)}`)),
    })
    await expect(owners.refresh(new Set([1]), performance.now() + 999)).rejects.toThrow('no /proc 1')
    await expect(owners.refresh(new Set([1]), performance.now() + 999)).rejects.toThrow('no /proc 2')
  })
})

test('labels of an owner are bounded: template of the unit, beginning of the container', () => {
  const holder = { program: 'web\xff', unit: 'web@7.service', container: 'ab'.repeat(32) }
  expect(ownerLabels(holder)).toEqual({ program: 'web\\xff', unit: 'web@.service', container: 'abababababab' })
  expect(ownerLabels({ program: 'x', unit: undefined, container: 'lxc-web' })['container']).toBe('lxc-web')
})
