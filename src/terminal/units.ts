const DURATIONS = [
  [3600e9, 'h'],
  [60e9, 'min'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
  [1, 'ns'],
] as const

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Three digits and a unit: `999 ns`, `12.3 us`, `1.5 ms`, `4 s`. */
export function formatDurationNs(ns: number): string {
  // What rounds up to the next unit is written in it: no `1000 us`.
  const [size, unit] = DURATIONS.find(([least]) => Math.abs(ns) >= least * 0.9995) ?? DURATIONS.at(-1)!
  return `${threeDigits(ns / size)} ${unit}`
}

/** Three digits and a unit of powers of 1024: `512 B`, `4 KiB`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= 1023.5 && unit < BYTES.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${threeDigits(value)} ${BYTES[unit]}`
}

function threeDigits(value: number): string {
  const size = Math.abs(value)
  const text = value.toFixed(size >= 99.95 || Number.isInteger(value) ? 0 : size >= 9.995 ? 1 : 2)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** How many of what: `1 socket`, `7 sockets`, `2 processes` with `es`. */
export const counted = (count: number, noun: string, ending = 's'): string =>
  `${count} ${noun}${count === 1 ? '' : ending}`
