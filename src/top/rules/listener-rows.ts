import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { TrafficOwner } from '../../sockets/index.ts'
import type { Sample } from '../model.ts'

/** A port that is listened on: its queues of connections that wait for accept(), added up. */
export interface ListenerRow {
  key: string
  port: number
  addresses: string[]
  owner: TrafficOwner | undefined
  /** Several programs listen on it. */
  shared: boolean
  sockets: number
  waiting: number
  /** Undefined where the kernel could not be asked. */
  limit: number | undefined
  /** Connections there are. */
  connections: number
  /** Accepted per second; undefined before the second look, and where ends are not told. */
  accepts: number | undefined
}

export function listenerRows(sample: Sample): ListenerRow[] {
  const { look, selected, waited } = sample
  const { rows } = look
  const ports = new Map<number, ListenerRow>()
  for (let i = 0; i < rows.length; i += 1) {
    if (rows.state[i] !== TCP_STATE.listen || selected?.[i] === 0) continue
    const port = rows.localPort[i]!
    const owner = look.owners.get(rows.owner[i]!)?.owner
    const limit = Number.isNaN(rows.unsent[i]!) ? undefined : rows.unsent[i]!
    const address = rows.addressesAt(i).local
    const row = ports.get(port)
    if (row === undefined) {
      ports.set(port, {
        key: `port ${port}`,
        port,
        addresses: [address],
        owner,
        shared: false,
        sockets: 1,
        waiting: rows.unread[i]!,
        limit,
        connections: 0,
        accepts: undefined,
      })
      continue
    }
    row.sockets += 1
    if (!row.addresses.includes(address)) row.addresses.push(address)
    row.waiting += rows.unread[i]!
    row.limit = row.limit === undefined || limit === undefined ? undefined : row.limit + limit
    if (row.owner?.program !== owner?.program) row.shared = true
  }
  for (let i = 0; i < rows.length; i += 1) {
    if (rows.state[i] === TCP_STATE.listen) continue
    const row = ports.get(rows.localPort[i]!)
    if (row !== undefined) row.connections += 1
  }
  const { opened, seconds } = look
  if (seconds !== undefined && waited !== undefined && opened !== undefined)
    for (const row of ports.values()) row.accepts = acceptsOf(row, opened.get(row.port) ?? 0, waited, seconds)
  return [...ports.values()]
}

/** What began, without what joined the queue in that time. */
function acceptsOf(row: ListenerRow, opened: number, waited: ReadonlyMap<number, number>, seconds: number): number {
  return Math.max(0, opened - (row.waiting - (waited.get(row.port) ?? 0))) / seconds
}

/** How many wait on each port, for the look after. */
export function waitingByPort({ rows }: Sample['look']): Map<number, number> {
  const waiting = new Map<number, number>()
  for (let i = 0; i < rows.length; i += 1) {
    if (rows.state[i] !== TCP_STATE.listen) continue
    const port = rows.localPort[i]!
    waiting.set(port, (waiting.get(port) ?? 0) + rows.unread[i]!)
  }
  return waiting
}
