import { bar } from '../../../terminal/bar.ts'
import { processRows, type ProcessGrouping, type ProcessRow } from '../../rules/process-rows.ts'
import { countCell } from '../cells.ts'
import { trafficColumn, trafficOf } from '../traffic-columns.ts'
import { nameText, placeCell, programCell } from '../names.ts'
import type { View } from '../view.ts'

interface Shown extends ProcessRow {
  /** Of all that is shown: 0 to 1. */
  share: number
}

/** Who moves how much. */
export const PROCESSES: View<Shown> = {
  name: 'processes',
  sort: { column: 'traffic', descending: true },
  otherwise: 'sockets',
  columns: [
    {
      name: 'pid',
      heading: 'PID',
      align: 'right',
      width: 7,
      leaves: 4,
      value: row => row.pid,
      cell: row => ({
        text: row.pid === undefined ? (row.processes > 0 ? `×${row.processes}` : '-') : String(row.pid),
        tone: 'quiet',
      }),
    },
    {
      name: 'program',
      heading: 'PROGRAM',
      align: 'left',
      width: 12,
      weight: 3,
      most: 28,
      value: row => row.program,
      cell: row =>
        row.program === undefined && row.processes > 0
          ? { text: `${row.processes} processes`, tone: 'quiet' }
          : row.program === undefined
            ? { text: '(unknown)', tone: 'quiet' }
            : programCell(row.program),
    },
    {
      name: 'unit',
      heading: 'UNIT/CONTAINER',
      align: 'left',
      width: 20,
      weight: 2,
      most: 32,
      leaves: 9,
      value: row => row.container ?? row.unit,
      cell: placeCell,
    },
    {
      name: 'sockets',
      heading: 'SOCKETS',
      align: 'right',
      width: 7,
      leaves: 6,
      value: row => row.sockets,
      cell: row => countCell(row.sockets),
    },
    trafficColumn('in'),
    trafficColumn('out'),
    trafficColumn('retransmits', 5),
    trafficColumn('unread', 7),
    trafficColumn('unsent', 10),
    {
      name: 'close-wait',
      heading: 'CLOSE_WAIT',
      align: 'right',
      width: 10,
      leaves: 11,
      value: row => row.closeWait,
      cell: row => countCell(row.closeWait, 'caution'),
    },
    {
      name: 'listening',
      heading: 'LISTENS',
      align: 'right',
      width: 7,
      leaves: 12,
      value: row => row.listening,
      cell: row => countCell(row.listening),
    },
    {
      name: 'traffic',
      picture: true,
      heading: 'TRAFFIC',
      align: 'left',
      width: 8,
      weight: 1,
      most: 20,
      leaves: 8,
      value: trafficOf,
      cell: (row, width) => ({ text: row.share > 0 ? bar(row.share, width).replaceAll('░', '') : '', tone: 'good' }),
    },
  ],
  rows({ sample, grouping }) {
    const rows = processRows(sample, grouping as ProcessGrouping)
    const all = rows.reduce((sum, row) => sum + (trafficOf(row) ?? 0), 0)
    return rows.map(row => ({ ...row, share: all === 0 ? 0 : (trafficOf(row) ?? 0) / all }))
  },
  keyOf: row => row.key,
  enter: row => ({
    kind: 'connections',
    title: titleOf(row),
    only: { by: 'owners', owners: row.owners },
  }),
  empty: ({ sample }) =>
    sample.selected === undefined ? 'no process has a TCP socket' : 'the filter selects no socket',
  json: ({ pid, program, unit, container, processes, sockets, listening, closeWait, ...row }) => ({
    pid,
    program: program && nameText(program),
    unit: unit && nameText(unit),
    container,
    processes,
    sockets,
    listening,
    receivedBytesPerS: row.received,
    sentBytesPerS: row.sent,
    retransmitsPerS: row.retransmits,
    unreadBytes: row.unread,
    unsentBytes: row.unsent,
    closeWait,
  }),
}

function titleOf({ pid, program, processes, unit, container }: ProcessRow): string {
  if (processes === 0) return 'connections of no known process'
  if (pid !== undefined) return `connections of ${nameText(program ?? '?')} ${pid}`
  return `connections of ${nameText(program ?? unit ?? container ?? `${processes} processes`)}`
}
