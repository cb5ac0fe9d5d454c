const UNITS: readonly [number, string][] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
  [1, 'ns'],
]

/** Three digits and a unit: `12.3us`, `4.56ms`, `120s`. */
export function formatDuration(ns: number): string {
  for (const [size, unit] of UNITS) if (ns >= size * 0.9995) return `${threeDigits(ns / size)}${unit}`
  return ns === 0 ? '0' : `${threeDigits(ns)}ns`
}

/** `532 B`, `1.50 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (value < 1024) return `${unit === 'B' ? value : threeDigits(value)} ${unit}`
    value /= 1024
  }
  return `${threeDigits(value)} TiB`
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}
