const BARS = '▁▂▃▄▅▆▇█'

/**
 * One character a value, scaled to the largest; 0 is a blank of its own (`·`), so that quiet and little are told apart.
 */
export function sparkline(values: readonly number[], ceiling = Math.max(...values)): string {
  if (ceiling <= 0) return '·'.repeat(values.length)
  return values
    .map(value => (value <= 0 ? '·' : BARS[Math.min(BARS.length - 1, Math.ceil((value / ceiling) * BARS.length) - 1)]!))
    .join('')
}
