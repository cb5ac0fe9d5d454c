import { describe, expect, test } from 'vitest'
import { changing, procOf, tcpRow, UNIX_HEADER } from '../../test/support/fake-proc.ts'
import { tcp } from '../../test/support/look-at-sockets.ts'
import { scanOwners } from '../processes/socket-owners.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { joinOwners } from './join-owners.ts'
import type { Socket } from './model.ts'
import type { OwnerPlan } from './plan.ts'
import { ALL_TABLES, readSocketTables } from './tables/read-tables.ts'

const PLAN: OwnerPlan = {
  level: 'name',
  countUnlisted: false,
  listUnlisted: false,
  skipReasons: false,
  asListed: false,
}

/** Joins what a source holds; `now` is what its tables hold when they are read again. */
function join(source: ProcSource, plan: Partial<OwnerPlan> = {}, now = source) {
  const read = (from: ProcSource, tables = ALL_TABLES) => readSocketTables(from, { tables, littleEndian: true }).rows
  const rows = read(source)
  const sockets: Socket[] = rows.map(row => ({ row, owners: undefined }))
  const again: string[][] = []
  const search = joinOwners(source, {
    sockets,
    rows,
    scan: scanOwners(source),
    plan: { ...PLAN, ...plan },
    readAgain: tables => (again.push([...tables]), read(now, [...tables])),
  })
  return { sockets, search, again }
}

const files = { ...tcp(tcpRow({ inode: '7' }) + tcpRow({ inode: '8' })), '9/cmdline': 'a\0', '4/cmdline': 'b\0' }
const links = { '9/fd/3': 'socket:[7]', '4/fd/3': 'socket:[7]' }

describe('owners of sockets', () => {
  test.each([
    ['by pid', false, [4, 9]],
    ['as netstat meets them', true, [9, 4]],
  ])('%s', (_, asListed, pids) => {
    const { sockets } = join(procOf({ files, links }), { asListed })
    expect(sockets[0]!.owners!.map(({ process }) => process.pid)).toEqual(pids)
  })

  test('tables are read again only where a socket lacks an owner, and only its table', () => {
    expect(join(changing(procOf({ files, links }), {})).again).toEqual([['tcp']])
    const owned = procOf({ files, links: { ...links, '9/fd/4': 'socket:[8]' } })
    expect(join(changing(owned, {})).again).toEqual([])
    expect(join(procOf({ files, links })).again).toEqual([])
    expect(join(changing(procOf({ files, links }), {}), { asListed: true }).again).toEqual([])
  })

  test('what has gone cannot be what is in flight', () => {
    const unix = `${UNIX_HEADER}00000000aaaaaaaa: 00000003 00000000 00000000 0001 03 50\n`
    const inFlight = { '9/fdinfo/5': 'pos:\t0\nscm_fds: 1\n' }
    const source = (rows: string) =>
      changing(
        procOf({
          files: { ...files, ...tcp(rows), 'net/unix': unix, ...inFlight },
          links: { ...links, '9/fd/5': 'socket:[50]' },
          errors: { '8/fd': 'EACCES' },
        }),
        {},
      )
    const both = tcpRow({ inode: '7' }) + tcpRow({ inode: '8' }) + tcpRow({ inode: '10', local: '0100007F:1F91' })
    const { sockets, search } = join(source(both), {}, source(tcpRow({ inode: '8' })))
    expect(sockets.map(({ ownerless }) => ownerless?.reason)).toEqual([undefined, 'in-flight', 'gone', undefined])
    // A process that cannot be looked into may as well hold it.
    expect(search.hiddenSockets).toBe(1)
    expect(join(source(both)).sockets.map(({ ownerless }) => ownerless?.reason)).toEqual([
      undefined,
      'hidden',
      'hidden',
      undefined,
    ])
  })
})
