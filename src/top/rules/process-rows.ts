import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { TrafficOwner } from '../../sockets/index.ts'
import type { Sample } from '../model.ts'

/** What a process, or several of one kind, does on TCP. Rates are per second, undefined where only one look was taken. */
export interface ProcessRow {
  key: string
  /** Numbers of the owners that are in it. */
  owners: ReadonlySet<number>
  /** Undefined of several processes, and of what no process was found for. */
  pid: number | undefined
  /** Byte string; undefined of what no process was found for, and where the processes have none in common. */
  program: string | undefined
  unit: string | undefined
  container: string | undefined
  processes: number
  /** Connections and what begins and ends; without TIME_WAIT. */
  sockets: number
  listening: number
  received: number | undefined
  sent: number | undefined
  retransmits: number | undefined
  unread: number
  unsent: number
  /** Connections whose peer has said that it is done, and that are not closed here. */
  closeWait: number
}

export type ProcessGrouping = 'process' | 'program' | 'unit' | 'container'

/** Rows by process, or by what processes have in common. */
export function processRows({ look, selected }: Sample, by: ProcessGrouping): ProcessRow[] {
  const rows = new Map<string, ProcessRow>()
  const rowOf = (number: number): ProcessRow => {
    const owner = look.owners.get(number)?.owner
    const key = keyOf(owner, by)
    let row = rows.get(key)
    if (row === undefined) rows.set(key, (row = emptyRow(key, owner, by)))
    const owners = row.owners as Set<number>
    if (!owners.has(number)) {
      owners.add(number)
      if (owner !== undefined) row.processes += 1
      if (by !== 'program' && row.program !== owner?.program) row.program = undefined
    }
    return row
  }
  const { rows: sockets } = look
  for (let i = 0; i < sockets.length; i += 1) {
    if (selected?.[i] === 0) continue
    const row = rowOf(sockets.owner[i]!)
    if (sockets.state[i] === TCP_STATE.listen) {
      row.listening += 1
      continue
    }
    row.sockets += 1
    row.unread += sockets.unread[i]!
    row.unsent += sockets.unsent[i]!
    if (sockets.state[i] === TCP_STATE.closeWait) row.closeWait += 1
    // Of what a filter selects there are no other counts than those of the rows.
    if (selected === undefined || Number.isNaN(sockets.received[i]!)) continue
    row.received = (row.received ?? 0) + sockets.received[i]!
    row.sent = (row.sent ?? 0) + sockets.sent[i]!
    row.retransmits = (row.retransmits ?? 0) + sockets.retransmits[i]!
  }
  if (selected === undefined && look.seconds !== undefined) {
    for (const [number, { amounts }] of look.owners) {
      const { receivedBytes, sentBytes, retransmits } = amounts
      if (receivedBytes + sentBytes + retransmits === 0 && !isShown(rows, look.owners.get(number)?.owner, by)) continue
      const row = rowOf(number)
      row.received = (row.received ?? 0) + receivedBytes / look.seconds
      row.sent = (row.sent ?? 0) + sentBytes / look.seconds
      row.retransmits = (row.retransmits ?? 0) + retransmits / look.seconds
    }
  }
  return [...rows.values()]
}

const isShown = (rows: ReadonlyMap<string, ProcessRow>, owner: TrafficOwner | undefined, by: ProcessGrouping) =>
  rows.has(keyOf(owner, by))

const UNKNOWN = 'unknown'

function keyOf(owner: TrafficOwner | undefined, by: ProcessGrouping): string {
  if (owner === undefined) return UNKNOWN
  if (by === 'process') return `process ${owner.pid} ${owner.startTicks}`
  return `${by} ${owner[by] ?? ''}`
}

function emptyRow(key: string, owner: TrafficOwner | undefined, by: ProcessGrouping): ProcessRow {
  return {
    key,
    owners: new Set(),
    pid: by === 'process' ? owner?.pid : undefined,
    program: owner?.program,
    unit: by === 'process' || by === 'unit' ? owner?.unit : undefined,
    container: by === 'process' || by === 'container' ? owner?.container : undefined,
    processes: 0,
    sockets: 0,
    listening: 0,
    received: undefined,
    sent: undefined,
    retransmits: undefined,
    unread: 0,
    unsent: 0,
    closeWait: 0,
  }
}
