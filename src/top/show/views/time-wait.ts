import { endpoint } from '../../../kernel/ip-address.ts'
import { bar } from '../../../terminal/bar.ts'
import type { TuplePressure } from '../../../time-wait/model.ts'
import { countCell, perSecondCell, timeText, UNKNOWN, type Cell, type Tone } from '../cells.ts'
import { nameText } from '../names.ts'
import type { View } from '../view.ts'

const HIGH = 0.8
const SOON_S = 600

function toneOf({ utilization = 0, forecast }: TuplePressure): Tone {
  if (forecast?.exhaustedInS === 0) return 'bad'
  return utilization >= HIGH || (forecast?.exhaustedInS ?? Infinity) < SOON_S ? 'caution' : 'good'
}

function endCell({ forecast, capacity }: TuplePressure): Cell {
  if (forecast === undefined || capacity === undefined) return UNKNOWN
  const { exhaustedInS, load } = forecast
  if (exhaustedInS === 0) return { text: 'now', tone: 'bad' }
  if (exhaustedInS !== undefined)
    return { text: `in ${timeText(exhaustedInS)}`, tone: exhaustedInS < SOON_S ? 'bad' : 'caution' }
  return load === 'just-begun' ? { text: 'not known yet', tone: 'quiet' } : { text: 'never', tone: 'quiet' }
}

/** Local ports by destination: who holds them, and when they run out. */
export const TIME_WAITS: View<TuplePressure> = {
  name: 'time-wait',
  sort: { column: 'used', descending: true },
  columns: [
    {
      name: 'destination',
      heading: 'DESTINATION',
      align: 'left',
      width: 15,
      weight: 3,
      most: 47,
      value: row => endpoint(row.remoteAddress, row.remotePort),
      cell: row => endpoint(row.remoteAddress, row.remotePort),
    },
    {
      name: 'from',
      heading: 'FROM',
      align: 'left',
      width: 9,
      weight: 2,
      most: 39,
      leaves: 6,
      value: row => row.localAddress,
      cell: row => row.localAddress,
    },
    {
      name: 'time-wait',
      heading: 'TIME_WAIT',
      align: 'right',
      width: 9,
      leaves: 2,
      value: row => row.timeWait,
      cell: row => countCell(row.timeWait),
    },
    {
      name: 'open',
      heading: 'OPEN',
      align: 'right',
      width: 6,
      leaves: 4,
      value: row => row.open,
      cell: row => countCell(row.open),
    },
    {
      name: 'used',
      heading: 'USED',
      align: 'right',
      width: 6,
      leaves: 3,
      value: row => row.used,
      cell: row => countCell(row.used),
    },
    {
      name: 'capacity',
      heading: 'OF',
      align: 'right',
      width: 6,
      leaves: 5,
      value: row => row.capacity,
      cell: row => (row.capacity === undefined ? UNKNOWN : countCell(row.capacity)),
    },
    {
      name: 'share',
      picture: true,
      heading: 'PORTS',
      align: 'left',
      width: 10,
      leaves: 7,
      value: row => row.utilization,
      cell: (row, width) =>
        row.utilization === undefined ? UNKNOWN : { text: bar(row.utilization, width), tone: toneOf(row) },
    },
    {
      name: 'new',
      heading: 'NEW/s',
      align: 'right',
      width: 6,
      leaves: 1,
      value: row => row.forecast?.arrivalsPerS,
      cell: row => perSecondCell(row.forecast?.arrivalsPerS),
    },
    {
      name: 'runs-out',
      heading: 'RUNS OUT',
      align: 'left',
      width: 9,
      weight: 1,
      most: 17,
      value: row => row.forecast?.exhaustedInS,
      cell: endCell,
    },
    {
      name: 'open-by',
      heading: 'OPEN BY',
      align: 'left',
      width: 10,
      weight: 2,
      most: 30,
      leaves: 8,
      value: row => row.candidates[0]?.program,
      cell: row => {
        const [first, ...others] = row.candidates
        if (first === undefined) return { text: '', tone: 'quiet' }
        return `${nameText(first.program)} ${first.pid}${others.length === 0 ? '' : ` and ${others.length} more`}`
      },
    },
  ],
  rows: ({ sample }) => [...(sample.timeWait?.tuples ?? [])],
  keyOf: keyOfTuple,
  enter: row => ({
    kind: 'connections',
    title: `connections to ${endpoint(row.remoteAddress, row.remotePort)}`,
    only: { by: 'destination', local: row.localAddress, remote: row.remoteAddress, port: row.remotePort },
  }),
  empty: ({ sample }) => (sample.timeWait === undefined ? 'looking …' : 'nothing from this machine holds local ports'),
  json: row => ({
    localAddress: row.localAddress,
    remoteAddress: row.remoteAddress,
    remotePort: row.remotePort,
    timeWait: row.timeWait,
    open: row.open,
    usedPorts: row.used,
    capacity: row.capacity,
    arrivalsPerS: row.forecast?.arrivalsPerS,
    exhaustedInS: row.forecast?.exhaustedInS,
  }),
}

function keyOfTuple({ localAddress, remoteAddress, remotePort }: TuplePressure): string {
  return `tuple ${localAddress} ${remoteAddress} ${remotePort}`
}
