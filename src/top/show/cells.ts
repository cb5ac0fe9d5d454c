import { formatDurationNs } from '../../terminal/units.ts'

/** How a cell is told apart beside its text, which says the same. */
export type Tone = 'plain' | 'good' | 'caution' | 'bad' | 'quiet' | 'strong'

export interface Cell {
  text: string
  tone?: Tone | undefined
}

export const UNKNOWN: Cell = { text: '-', tone: 'quiet' }

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
/** Of the longest unit. */
const UNIT_COLUMNS = 3

/** Bytes with the units below each other: `1.23 MiB`, ` 512 B  `; zero is quiet. */
export function bytesCell(bytes: number | undefined): Cell {
  if (bytes === undefined) return unitless(UNKNOWN)
  if (bytes < 0.5) return unitless({ text: '0', tone: 'quiet' })
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return { text: `${unit === 0 ? value.toFixed(0) : threeDigits(value)} ${UNITS[unit]!.padEnd(UNIT_COLUMNS)}` }
}

/** The same for running text: `1.23 MiB`. */
export const bytesText = (bytes: number | undefined): string => bytesCell(bytes).text.trim()

const unitless = ({ text, tone }: Cell): Cell => ({ text: `${text} ${' '.repeat(UNIT_COLUMNS)}`, tone })

/** How many: `12`, `12.3k`; zero is quiet. */
export function countCell(count: number | undefined, tone?: Tone): Cell {
  if (count === undefined) return UNKNOWN
  if (count === 0) return { text: '0', tone: 'quiet' }
  return { text: countText(count), tone }
}

export function countText(count: number): string {
  if (count < 100_000) return String(Math.round(count))
  return count < 999_500 ? `${Math.round(count / 1000)}k` : `${threeDigits(count / 1e6)}M`
}

/** How often in a second: `0.5`, `12`, `1240`; zero is quiet. */
export function perSecondCell(rate: number | undefined, tone?: Tone): Cell {
  if (rate === undefined) return UNKNOWN
  if (rate < 0.005) return { text: '0', tone: 'quiet' }
  return { text: rate < 99.95 ? threeDigits(rate) : countText(rate), tone }
}

export function durationCell(us: number | undefined): Cell {
  return us === undefined ? UNKNOWN : { text: formatDurationNs(us * 1000) }
}

/** `12s`, `3m 20s`, `2h 5m` */
export function timeText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${Math.round(seconds % 60)}s`
  return `${Math.floor(seconds / 3600)}h ${Math.round((seconds % 3600) / 60)}m`
}

function threeDigits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2)
}
