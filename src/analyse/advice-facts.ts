import type { TimeWaitReading } from '../model/time-wait-reading.ts'
import type { SocketHolder } from '../model/socket-holder.ts'
import type { TimeWaitReport } from '../model/time-wait.ts'

/** What a rule may look at; `report` is complete but for its verdict and advice. */
export interface AdviceFacts {
  reading: TimeWaitReading
  report: Omit<TimeWaitReport, 'verdict' | 'advice'>
}

export function fixed(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1)
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

export function tupleName(tuple: { localAddress: string; remoteAddress: string; remotePort: number }): string {
  return `${endpoint(tuple.remoteAddress, tuple.remotePort)} from ${tuple.localAddress}`
}

/** `nginx (pid 7)`, `nginx (pids 7, 8, 9 and 5 more)`; a byte string. */
export function holderNames(holders: readonly SocketHolder[]): string | undefined {
  if (holders.length === 0) return undefined
  const [first] = holders
  const pids = holders.slice(0, 3).map(holder => holder.pid)
  const more = holders.length > 3 ? ` and ${holders.length - 3} more` : ''
  return `${first!.program} (pid${holders.length > 1 ? 's' : ''} ${pids.join(', ')}${more})`
}
