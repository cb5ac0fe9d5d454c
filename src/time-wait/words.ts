import type { ProcessName } from '../processes/process-facts.ts'
import type { TuplePressure } from './model.ts'

export function fixed(value: number): string {
  return value === 0 ? '0' : value.toFixed(value >= 100 ? 0 : value >= 1 ? 1 : 2)
}

export function percent(share: number): string {
  return share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

export function tupleName(tuple: { localAddress: string; remoteAddress: string; remotePort: number }): string {
  return `${endpoint(tuple.remoteAddress, tuple.remotePort)} from ${tuple.localAddress}`
}

/** `nginx (pid 7)`, `nginx (pids 7, 8, 9 and 5 more)`; a byte string. */
export function ownerNames(owners: readonly ProcessName[]): string | undefined {
  if (owners.length === 0) return undefined
  const [first] = owners
  const pids = owners.slice(0, 3).map(owner => owner.pid)
  const more = owners.length > 3 ? ` and ${owners.length - 3} more` : ''
  const others = new Set(owners.map(owner => owner.program)).size > 1 ? ' and others' : ''
  return `${first!.program}${others} (pid${owners.length > 1 ? 's' : ''} ${pids.join(', ')}${more})`
}

/** Names that fit a cell. */
const OPENERS = 2

/**
 * Who opened the connections of a tuple, with what it rests on: connections traced, or live ones seen, which is a guess
 * and marked as one: a process with a live connection to the same place need not have made the closed ones.
 */
export function clientName({ candidates, traced }: Pick<TuplePressure, 'candidates' | 'traced'>): string {
  if (candidates.length === 0) return 'not known'
  const names = candidates
    .slice(0, OPENERS)
    .map(({ program, pid, hits }) => `${program} (pid ${pid}, ${hits} ${traced ? 'traced' : 'live'})`)
  const more = candidates.length > OPENERS ? ` and ${candidates.length - OPENERS} more` : ''
  return traced ? names.join(', ') + more : `perhaps ${names.join(' or ')}${more}`
}
