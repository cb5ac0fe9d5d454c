import { connectionRows } from './connection-rows.ts'
import type { Sample } from '../model.ts'

/** The machines at the other end: one, or those of a network. */
export interface HostRow {
  key: string
  /** An address, or a network: `192.0.2.0/24`. */
  name: string
  addresses: ReadonlySet<string>
  connections: number
  /** Byte strings, those with most connections first. */
  programs: string[]
  received: number | undefined
  sent: number | undefined
  retransmits: number | undefined
  /** Mean of its connections. */
  rttUs: number | undefined
  unread: number
}

export function hostRows(sample: Sample, by: 'address' | 'network'): HostRow[] {
  const hosts = new Map<string, { row: HostRow; programs: Map<string, number>; rtts: number; rttSum: number }>()
  for (const connection of connectionRows(sample, 'connection')) {
    const name = by === 'network' ? networkOf(connection.remote) : connection.remote
    let host = hosts.get(name)
    if (host === undefined) {
      const row: HostRow = {
        key: `host ${name}`,
        name,
        addresses: new Set(),
        connections: 0,
        programs: [],
        received: undefined,
        sent: undefined,
        retransmits: undefined,
        rttUs: undefined,
        unread: 0,
      }
      hosts.set(name, (host = { row, programs: new Map(), rtts: 0, rttSum: 0 }))
    }
    const { row, programs } = host
    ;(row.addresses as Set<string>).add(connection.remote)
    row.connections += 1
    row.unread += connection.unread
    row.received = plus(row.received, connection.received)
    row.sent = plus(row.sent, connection.sent)
    row.retransmits = plus(row.retransmits, connection.retransmits)
    if (connection.rttUs !== undefined) {
      host.rtts += 1
      host.rttSum += connection.rttUs
    }
    const program = connection.owner?.program
    if (program !== undefined) programs.set(program, (programs.get(program) ?? 0) + 1)
  }
  return [...hosts.values()].map(({ row, programs, rtts, rttSum }) => ({
    ...row,
    programs: [...programs].toSorted(([, a], [, b]) => b - a).map(([program]) => program),
    rttUs: rtts === 0 ? undefined : rttSum / rtts,
  }))
}

/** /24 of IPv4, /64 of IPv6 as its first four groups. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])]
  return `${all.slice(0, 4).join(':')}::/64`
}

const plus = (a: number | undefined, b: number | undefined) => (a === undefined ? b : b === undefined ? a : a + b)
