import { bytesCell, perSecondCell } from './cells.ts'
import type { Column } from './column.ts'

/** What connections, processes and hosts have in common: rates a second, bytes that wait. */
interface TrafficRow {
  received?: number | undefined
  sent?: number | undefined
  retransmits?: number | undefined
  unread?: number | undefined
  unsent?: number | undefined
}

const COLUMNS = {
  in: { heading: 'IN/s', width: 8, of: 'received' },
  out: { heading: 'OUT/s', width: 8, of: 'sent' },
  retransmits: { heading: 'RETR/s', width: 6, of: 'retransmits' },
  unread: { heading: 'UNREAD', width: 8, of: 'unread' },
  unsent: { heading: 'UNSENT', width: 8, of: 'unsent' },
} as const

/** One of these columns; `leaves` as in {@link Column}. */
export function trafficColumn<Row extends TrafficRow>(name: keyof typeof COLUMNS, leaves?: number): Column<Row> {
  const { heading, width, of } = COLUMNS[name]
  return {
    name,
    heading,
    align: 'right',
    width,
    leaves,
    value: row => row[of],
    cell: row => (name === 'retransmits' ? perSecondCell(row[of], 'caution') : bytesCell(row[of])),
  }
}

/** Both directions together; undefined where neither is known. */
export const trafficOf = ({ received, sent }: TrafficRow): number | undefined =>
  received === undefined && sent === undefined ? undefined : (received ?? 0) + (sent ?? 0)
