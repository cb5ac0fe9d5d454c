import { bar } from '../../../terminal/bar.ts'
import { listenerRows, type ListenerRow } from '../../rules/listener-rows.ts'
import { countCell, perSecondCell, UNKNOWN, type Tone } from '../cells.ts'
import { nameText, ownerCell } from '../names.ts'
import type { View } from '../view.ts'

/** From here on clients will soon be refused. */
const NEARLY_FULL = 0.8

const shareOf = ({ waiting, limit }: ListenerRow) => (limit === undefined || limit === 0 ? undefined : waiting / limit)

function toneOf(row: ListenerRow): Tone {
  const share = shareOf(row) ?? 0
  // The kernel takes one more than the limit.
  return row.limit !== undefined && row.waiting > row.limit ? 'bad' : share >= NEARLY_FULL ? 'caution' : 'plain'
}

/** Ports that are listened on, with who waits to be accepted. */
export const LISTENERS: View<ListenerRow> = {
  name: 'listeners',
  sort: { column: 'queue', descending: true },
  otherwise: 'connections',
  columns: [
    {
      name: 'port',
      heading: 'PORT',
      align: 'right',
      width: 5,
      value: row => row.port,
      cell: row => ({ text: String(row.port), tone: 'strong' }),
    },
    {
      name: 'program',
      heading: 'PROGRAM',
      align: 'left',
      width: 8,
      weight: 2,
      most: 28,
      value: row => row.owner?.program,
      cell: (row, width) => {
        if (!row.shared) return ownerCell(row.owner, width)
        const others = ' and others'
        const cell = ownerCell(row.owner, Math.max(8, width - others.length))
        return { ...cell, text: cell.text + others }
      },
    },
    {
      name: 'address',
      heading: 'ADDRESS',
      align: 'left',
      width: 9,
      weight: 2,
      most: 41,
      leaves: 5,
      value: row => row.addresses.join(' '),
      cell: row => row.addresses.join(' '),
    },
    {
      name: 'queue',
      heading: 'QUEUE',
      align: 'right',
      width: 6,
      value: row => row.waiting,
      cell: row => countCell(row.waiting, toneOf(row)),
    },
    {
      name: 'limit',
      heading: 'LIMIT',
      align: 'right',
      width: 6,
      leaves: 1,
      value: row => row.limit,
      cell: row => (row.limit === undefined ? UNKNOWN : { text: String(row.limit) }),
    },
    {
      name: 'full',
      picture: true,
      heading: 'FULL',
      align: 'left',
      width: 10,
      leaves: 6,
      value: shareOf,
      cell: (row, width) => {
        const share = shareOf(row)
        return share === undefined ? UNKNOWN : { text: bar(share, width), tone: share === 0 ? 'quiet' : toneOf(row) }
      },
    },
    {
      name: 'accepts',
      heading: 'ACCEPTS/s',
      align: 'right',
      width: 9,
      value: row => row.accepts,
      cell: row => perSecondCell(row.accepts),
    },
    {
      name: 'connections',
      heading: 'CONNS',
      align: 'right',
      width: 6,
      leaves: 3,
      value: row => row.connections,
      cell: row => countCell(row.connections),
    },
    {
      name: 'sockets',
      heading: 'SOCKETS',
      align: 'right',
      width: 7,
      leaves: 7,
      value: row => row.sockets,
      cell: row => countCell(row.sockets),
    },
  ],
  rows: ({ sample }) => listenerRows(sample),
  keyOf: row => row.key,
  enter: row => ({
    kind: 'connections',
    title: `connections to port ${row.port}`,
    only: { by: 'port', port: row.port },
  }),
  empty: ({ sample }) => (sample.selected === undefined ? 'nothing listens on TCP' : 'the filter selects no listener'),
  json: row => ({
    port: row.port,
    addresses: row.addresses,
    pid: row.owner?.pid,
    program: row.owner && nameText(row.owner.program),
    sockets: row.sockets,
    queue: row.waiting,
    queueLimit: row.limit,
    connections: row.connections,
    acceptsPerS: row.accepts,
  }),
}
