import type { PortRange } from './port-settings.ts'

/** `32768	60999`, `32768-60999` or `32768 60999`; `undefined` where it is no range of ports. */
export function parsePortRange(text: string): PortRange | undefined {
  const match = /^\s*(\d+)(?:\s+|\s*-\s*)(\d+)\s*$/.exec(text)
  return match ? rangeOf(Number(match[1]), Number(match[2])) : undefined
}

/** ip_local_reserved_ports: `8080,10004-10013`; empty where none is reserved, `undefined` where it is no such list. */
export function parsePortList(text: string): PortRange[] | undefined {
  const parts = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
  const ranges = parts.map(part => parsePortRange(part.includes('-') ? part : `${part}-${part}`))
  return ranges.every(range => range !== undefined) ? ranges : undefined
}

function rangeOf(low: number, high: number): PortRange | undefined {
  return low <= high && high <= 65535 ? { low, high } : undefined
}
