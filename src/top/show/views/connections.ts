import { endpoint } from '../../../kernel/ip-address.ts'
import { TCP_STATE, tcpStateName } from '../../../kernel/tcp-state.ts'
import { connectionRows, type ConnectionGrouping, type ConnectionRow } from '../../rules/connection-rows.ts'
import { bytesCell, countCell, durationCell, type Cell } from '../cells.ts'
import { trafficColumn, trafficOf } from '../traffic-columns.ts'
import { nameText, ownerCell } from '../names.ts'
import type { View } from '../view.ts'

/** Who owns what no process holds. */
const WITHOUT = { 'accept-queue': '(queued)', orphan: '(orphan)', various: 'various', unknown: '?' } as const

/** Connections, one a line or by what they have in common. */
export const CONNECTIONS: View<ConnectionRow> = {
  name: 'connections',
  sort: { column: 'traffic', descending: true },
  columns: [
    {
      name: 'program',
      heading: 'PROGRAM',
      align: 'left',
      width: 10,
      weight: 2,
      most: 26,
      leaves: 3,
      value: row => row.owner?.program,
      cell: (row, width) =>
        row.owner === undefined
          ? { text: WITHOUT[row.ownerless ?? 'unknown'], tone: 'quiet' }
          : ownerCell(row.owner, width),
    },
    {
      name: 'local',
      heading: 'LOCAL',
      align: 'left',
      width: 15,
      weight: 2,
      most: 45,
      leaves: 4,
      grouped: false,
      value: row => endpoint(row.local, row.localPort),
      cell: row => endpoint(row.local, row.localPort),
    },
    {
      name: 'remote',
      heading: 'REMOTE',
      align: 'left',
      width: 15,
      weight: 3,
      most: 45,
      grouped: false,
      value: row => endpoint(row.remote, row.remotePort),
      cell: row => endpoint(row.remote, row.remotePort),
    },
    {
      name: 'group',
      heading: 'IN COMMON',
      align: 'left',
      width: 17,
      weight: 3,
      most: 45,
      grouped: true,
      value: row => row.common,
      cell: row => row.common ?? '',
    },
    {
      name: 'connections',
      heading: 'CONNS',
      align: 'right',
      width: 5,
      leaves: 1,
      grouped: true,
      value: row => row.connections,
      cell: row => countCell(row.connections),
    },
    {
      name: 'state',
      heading: 'STATE',
      align: 'left',
      width: 11,
      leaves: 6,
      value: row => row.state,
      cell: stateCell,
    },
    trafficColumn('in'),
    trafficColumn('out', 2),
    {
      name: 'rtt',
      heading: 'RTT',
      align: 'right',
      width: 7,
      leaves: 8,
      value: row => row.rttUs,
      cell: row => durationCell(row.rttUs),
    },
    trafficColumn('retransmits', 9),
    trafficColumn('unread', 7),
    trafficColumn('unsent', 10),
    // No room of its own: the order of who opens the view.
    {
      name: 'traffic',
      heading: 'IN+OUT',
      align: 'right',
      width: 8,
      leaves: 14,
      value: trafficOf,
      cell: row => bytesCell(trafficOf(row)),
    },
  ],
  rows: ({ sample, grouping, only }) => connectionRows(sample, grouping as ConnectionGrouping, only),
  keyOf: row => row.key,
  enter(row, { grouping }) {
    if (row.common === undefined)
      return {
        kind: 'connection',
        title: `${endpoint(row.local, row.localPort)} → ${endpoint(row.remote, row.remotePort)}`,
        key: row.key,
      }
    return {
      kind: 'connections',
      title: `connections: ${row.common}`,
      only: { by: 'common', grouping: grouping as ConnectionGrouping, common: row.common },
    }
  },
  empty: ({ sample }) => (sample.selected === undefined ? 'no connection' : 'the filter selects no connection'),
  json: row => ({
    ...(row.common !== undefined && { common: row.common, connections: row.connections }),
    pid: row.owner?.pid,
    program: row.owner && nameText(row.owner.program),
    ...(row.common === undefined && {
      cookie: row.key,
      localAddress: row.local,
      localPort: row.localPort,
      remoteAddress: row.remote,
      remotePort: row.remotePort,
    }),
    state: row.state === undefined ? undefined : tcpStateName(row.state),
    receivedBytesPerS: row.received,
    sentBytesPerS: row.sent,
    retransmitsPerS: row.retransmits,
    rttUs: row.rttUs,
    unreadBytes: row.unread,
    unsentBytes: row.unsent,
  }),
}

function stateCell({ state }: ConnectionRow): Cell {
  if (state === undefined) return { text: 'various', tone: 'quiet' }
  const tone = state === TCP_STATE.established ? 'plain' : state === TCP_STATE.closeWait ? 'caution' : 'quiet'
  return { text: tcpStateName(state), tone }
}
