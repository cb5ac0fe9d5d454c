import { hostRows, type HostRow } from '../../rules/host-rows.ts'
import { bytesCell, countCell, durationCell } from '../cells.ts'
import { trafficColumn, trafficOf } from '../traffic-columns.ts'
import { nameText, namesIn } from '../names.ts'
import type { View } from '../view.ts'

/** Machines at the other end. */
export const HOSTS: View<HostRow> = {
  name: 'hosts',
  sort: { column: 'traffic', descending: true },
  otherwise: 'connections',
  columns: [
    {
      name: 'host',
      heading: 'REMOTE HOST',
      align: 'left',
      width: 15,
      weight: 3,
      most: 39,
      value: row => row.name,
      cell: row => row.name,
    },
    {
      name: 'connections',
      heading: 'CONNS',
      align: 'right',
      width: 6,
      leaves: 1,
      value: row => row.connections,
      cell: row => countCell(row.connections),
    },
    trafficColumn('in'),
    trafficColumn('out', 0),
    {
      name: 'rtt',
      heading: 'RTT',
      align: 'right',
      width: 7,
      leaves: 3,
      value: row => row.rttUs,
      cell: row => durationCell(row.rttUs),
    },
    trafficColumn('retransmits', 4),
    trafficColumn('unread', 6),
    {
      name: 'programs',
      heading: 'PROGRAMS',
      align: 'left',
      width: 10,
      weight: 3,
      most: 60,
      leaves: 5,
      value: row => row.programs[0],
      cell: (row, width) => (row.programs.length === 0 ? { text: '?', tone: 'quiet' } : namesIn(row.programs, width)),
    },
    {
      name: 'traffic',
      heading: 'IN+OUT',
      align: 'right',
      width: 8,
      leaves: 7,
      value: trafficOf,
      cell: row => bytesCell(trafficOf(row)),
    },
  ],
  rows: ({ sample, grouping }) => hostRows(sample, grouping as 'address' | 'network'),
  keyOf: row => row.key,
  enter: row => ({
    kind: 'connections',
    title: `connections to ${row.name}`,
    only: { by: 'remote', addresses: row.addresses },
  }),
  empty: ({ sample }) => (sample.selected === undefined ? 'no connection' : 'the filter selects no connection'),
  json: row => ({
    host: row.name,
    connections: row.connections,
    receivedBytesPerS: row.received,
    sentBytesPerS: row.sent,
    retransmitsPerS: row.retransmits,
    rttUs: row.rttUs,
    unreadBytes: row.unread,
    programs: row.programs.map(nameText),
  }),
}
