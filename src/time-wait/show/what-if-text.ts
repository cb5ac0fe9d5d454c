import type { PortForecast, TuplePressure } from '../model.ts'
import { endpoint, fixed, percent } from '../words.ts'
import { smallTable } from '../../terminal/table.ts'
import { wrap } from '../../terminal/wrap.ts'

/** Below that the table would not fit: a line for now and one for then. */
const TABLE_COLUMNS = 90

/** Ports and rates of each destination with the settings of now and with those asked for. */
export function whatIfText(
  asked: string,
  now: readonly TuplePressure[],
  then: readonly TuplePressure[],
  options: { borders: boolean; top: number; width: number },
): string {
  const key = (tuple: TuplePressure) => `${tuple.localAddress} ${tuple.remoteAddress} ${tuple.remotePort}`
  const changed = new Map(then.map(tuple => [key(tuple), tuple]))
  const rows = now.slice(0, options.top).map(tuple => {
    const other = changed.get(key(tuple))
    return [
      endpoint(tuple.remoteAddress, tuple.remotePort),
      ...cells(tuple),
      ...(other ? cells(other) : ['?', '?', '?']),
    ]
  })
  if (rows.length === 0)
    return `${wrap(`what if ${asked}: there is no destination to compute it for`, options.width, 2)}\n`
  if (options.width < TABLE_COLUMNS)
    return [
      wrap(`what if ${asked}, with the connections of now:`, options.width, 2),
      ...rows.flatMap(([destination, ...cells]) => [
        destination!,
        `  ${wrap(`now   ${sentence(cells.slice(0, 3))}`, options.width - 2, 8)}`,
        `  ${wrap(`then  ${sentence(cells.slice(3))}`, options.width - 2, 8)}`,
      ]),
      '',
    ].join('\n')
  return `${wrap(`what if ${asked}, with the connections of now:`, options.width, 2)}\n${smallTable(rows, {
    head: ['DESTINATION', 'NOW TAKEN', 'MAX/S', 'RUNS OUT', 'THEN TAKEN', 'MAX/S', 'RUNS OUT'],
    align: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    borders: options.borders,
    width: options.width,
    shrinksTo: { DESTINATION: 9 },
  })}`
}

function cells({ utilization, capacity, blocked, forecast }: TuplePressure): string[] {
  // Connections that are kept open arrive no more.
  const rateText = ({ sustainablePerS, load }: PortForecast) =>
    load === 'none' || !Number.isFinite(sustainablePerS) ? '-' : fixed(sustainablePerS)
  const out = forecast?.exhaustedInS
  return [
    utilization === undefined ? `${blocked} of ?` : `${blocked} of ${capacity} ${percent(utilization)}`,
    forecast === undefined ? '?' : rateText(forecast),
    forecast === undefined ? '?' : out === undefined ? 'no' : out === 0 ? 'now' : `in ${fixed(out)} s`,
  ]
}

function sentence([taken, maxPerS, runsOut]: string[]): string {
  return [`${taken} taken`, ...(maxPerS === '-' ? [] : [`at most ${maxPerS}/s`]), `runs out: ${runsOut}`].join(', ')
}
