const DURATIONS = [
  [1e3, 1, 'ns'],
  [1e6, 1e3, 'us'],
  [1e9, 1e6, 'ms'],
  [60e9, 1e9, 's'],
  [3600e9, 60e9, 'min'],
  [Infinity, 3600e9, 'h'],
] as const

/** Three digits and a unit: `999ns`, `12.3us`, `1.02ms`, `4.5s`. */
export function formatDurationNs(ns: number): string {
  const [, divisor, unit] = DURATIONS.find(([limit]) => Math.abs(ns) < limit)!
  return `${threeDigits(ns / divisor)}${unit}`
}

const PREFIXES = ['', 'K', 'M', 'G', 'T', 'P']

/** Powers of 1024: `512`, `4K`, `1.5M`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let prefix = 0
  while (Math.abs(value) >= 1024 && prefix < PREFIXES.length - 1) {
    value /= 1024
    prefix += 1
  }
  return `${threeDigits(value)}${PREFIXES[prefix]}`
}

function threeDigits(value: number): string {
  const size = Math.abs(value)
  const text = value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
