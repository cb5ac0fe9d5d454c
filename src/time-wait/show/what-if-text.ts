import type { TuplePressure } from '../model.ts'
import { endpoint, fixed, percent } from '../words.ts'
import { smallTable } from '../../terminal/table.ts'

/** Ports and rates of each destination with the settings of now and with those asked for. */
export function whatIfText(
  asked: string,
  now: readonly TuplePressure[],
  then: readonly TuplePressure[],
  options: { borders: boolean; top: number },
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
  if (rows.length === 0) return `what if ${asked}: there is no destination to compute it for\n`
  return `what if ${asked}, with the connections of now:\n${smallTable(rows, {
    head: ['DESTINATION', 'NOW TAKEN', 'MAX/S', 'RUNS OUT', 'THEN TAKEN', 'MAX/S', 'RUNS OUT'],
    align: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    borders: options.borders,
  })}`
}

function cells({ utilization, capacity, blocked, forecast }: TuplePressure): string[] {
  const out = forecast?.exhaustedInS
  return [
    utilization === undefined ? `${blocked} of ?` : `${blocked} of ${capacity} ${percent(utilization)}`,
    forecast === undefined || !Number.isFinite(forecast.sustainablePerS) ? '?' : fixed(forecast.sustainablePerS),
    forecast === undefined ? '?' : out === undefined ? 'no' : out === 0 ? 'now' : `in ${fixed(out)} s`,
  ]
}
