import { describe, expect, test } from 'vitest'
import { inetSocket, processOwner } from '../../../../test/support/filter-context.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { textWidth } from '../../../terminal/text-width.ts'
import { groupSockets } from '../group-sockets.ts'
import { groupsDocument } from './groups-document.ts'
import { groupsText, type GroupsLayout } from './groups-text.ts'
import { summaryText } from './summary-text.ts'

const owner = (pid: number, name: string) =>
  processOwner({ pid, args: [name, '-x'], startedAt: '2026-01-01T00:00:00.000Z' })
const sockets = [
  inetSocket({ rxQueueBytes: 5 }, { owners: [owner(1, 'a b'), owner(2, 'nginx')] }),
  inetSocket({ state: 10, remotePort: 0 }, { owners: [owner(2, 'nginx')] }),
  inetSocket({ table: 'udp', state: 7 }, { owners: [], ownerless: { reason: 'hidden' } }),
]
const groups = groupSockets(sockets, ['process'], { user: () => undefined })
const LAYOUT: GroupsLayout = { header: true, width: Infinity, theme: createTheme(false), top: undefined, oldest: true }
const text = (layout: Partial<GroupsLayout> = {}) => [...groupsText(groups, { ...LAYOUT, ...layout })].join('')

describe('groups as text', () => {
  test('a line each, and the total of sockets', () => {
    expect(text()).toBe(`Process    Sockets Recv-Q Send-Q Accept-Q Oldest owner         States
2/nginx          2      5      0        0 2026-01-01T00:00:00Z ESTABLISHED 1, LISTEN 1
- (hidden)       1      0      0        - -                    UNCONNECTED 1
'1/a b'          1      5      0        - 2026-01-01T00:00:00Z ESTABLISHED 1
3 sockets in 3 groups; 1 shared by several of them counts in each
`)
  })

  test('--top leaves the rest in one line', () => {
    expect(text({ top: 1, oldest: false }).split('\n').slice(1)).toEqual([
      '2/nginx       2      5      0        0 ESTABLISHED 1, LISTEN 1',
      '… and 2 more groups with 2 sockets',
      '3 sockets in 3 groups; 1 shared by several of them counts in each',
      '',
    ])
    expect(text({ top: 3 })).not.toContain('…')
  })

  test.each([40, 80, 120])('fits %i columns', width => {
    const lines = text({ width }).split('\n')
    expect(Math.max(...lines.slice(0, 4).map(textWidth))).toBeLessThanOrEqual(width)
  })

  test('without a header rows only', () => expect(text({ header: false }).split('\n')).toHaveLength(4))
})

test('the document has what the text has, whole', () => {
  const shown = { top: 1, filter: undefined, failOn: undefined, unreadable: {} }
  const { lists, facts } = groupsDocument({ host: 'x', takenAt: undefined, source: 'live' }, groups, shown)
  expect([...lists!.groups]).toEqual([
    expect.objectContaining({
      values: ['2/nginx'],
      sockets: 2,
      sharedSockets: 1,
      states: { ESTABLISHED: 1, LISTEN: 1 },
    }),
  ])
  expect(facts).toMatchObject({ groupBy: ['process'], rest: { groups: 2, sockets: 2 }, sockets: 3, sharedSockets: 1 })
})

test('a summary tells the numbers of the machine apart', () => {
  const byProtocol = groupSockets(sockets, ['proto'], { user: () => undefined })
  const machine = { tcpAllocated: 78, tcpOrphans: 1, tcpMostOrphans: 9, tcpMemoryPages: 3 }
  expect([...summaryText(byProtocol, machine, 'net:[1]', LAYOUT)].join('')).toBe(`Sockets of net:[1], counted
Proto Sockets Recv-Q Send-Q Accept-Q States
tcp         2      5      0        0 ESTABLISHED 1, LISTEN 1
udp         1      0      0        - UNCONNECTED 1
3 sockets in 2 groups

The whole machine, all its network namespaces
TCP sockets with memory: 78
TCP orphans: 1 of at most 9
TCP memory: 3 pages
`)
})
