import type { PortRange, PortSettings } from '../../read/port-settings.ts'
import type { PortCapacity } from '../../model.ts'

/**
 * Counts the local ports one tuple may use, from the settings and the listeners: the port range without reserved ports and
 * without ports that have a listener, even on another address, because connect() skips ports that were bound explicitly.
 *
 * Source: Linux net/ipv4/inet_hashtables.c __inet_hash_connect. Sockets bound but neither listening nor connected block
 * their port as well; no table shows them.
 */
export function portCapacity(settings: PortSettings, listening: Iterable<number>): PortCapacity | undefined {
  const { range, reserved } = settings
  if (range === undefined || reserved === undefined) return undefined
  const free = new Uint8Array(65536).fill(1, range.low, range.high + 1)
  const inRange = () => {
    let ports = 0
    for (let port = range.low; port <= range.high; port += 1) ports += free[port]!
    return ports
  }
  for (const { low, high } of reserved) free.fill(0, low, high + 1)
  const unreserved = inRange()
  for (const port of listening) free[port] = 0
  const ports = inRange()
  return {
    ports,
    low: range.low,
    high: range.high,
    reserved: sizeOf(range) - unreserved,
    listening: unreserved - ports,
  }
}

export function sizeOf(range: PortRange): number {
  return range.high - range.low + 1
}
