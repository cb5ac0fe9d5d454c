import type { PortRange, PortSettings } from '../read/port-settings.ts'
import type { PortCapacity } from '../model.ts'

/**
 * Local ports one tuple may use: the range without the reserved ports and without those somebody listens on, be it on
 * another address: connect() passes over every port that a socket was bound to by its own choice.
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
