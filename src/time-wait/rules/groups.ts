import type { Grouping, TimeWaitFigures, TimeWaitGroup, TuplePressure } from '../model.ts'
import { ownerNames, pidsText, programLabel } from '../words.ts'

const NOT_KNOWN = 'not known'

/**
 * Sums up destinations and local ports by service port, remote address or owner. The owner of a destination is whoever was
 * traced closing its connections; of rows without a trace nobody is named.
 */
export function timeWaitGroups({ tuples, ports }: TimeWaitFigures, by: Exclude<Grouping, 'tuple'>): TimeWaitGroup[] {
  const groups = new Map<string, TimeWaitGroup & { pids: Set<number> }>()
  const add = (group: TimeWaitGroup, pid?: number) => {
    const id = `${group.side} ${group.key}`
    let known = groups.get(id)
    if (known === undefined) groups.set(id, (known = { ...group, timeWait: 0, finWait2: 0, pids: new Set() }))
    known.timeWait += group.timeWait
    known.finWait2 += group.finWait2
    if (group.utilization !== undefined) known.utilization = Math.max(known.utilization ?? 0, group.utilization)
    if (pid !== undefined) known.pids.add(pid)
  }
  for (const tuple of tuples) {
    const { utilization } = tuple
    if (by === 'owner')
      for (const { label = NOT_KNOWN, pid, rows } of ownedRows(tuple))
        add({ key: label, side: 'active', ...rows, utilization }, pid)
    else
      add({
        key: by === 'port' ? String(tuple.remotePort) : tuple.remoteAddress,
        side: 'active',
        timeWait: tuple.timeWait,
        finWait2: tuple.finWait2,
        utilization,
      })
  }
  for (const port of ports) {
    const counts = {
      side: 'passive',
      timeWait: port.timeWait,
      finWait2: port.finWait2,
      utilization: undefined,
    } as const
    if (by === 'remote')
      for (const remote of port.remotes)
        add({ ...counts, key: remote.address, timeWait: remote.timeWait, finWait2: remote.finWait2 })
    else add({ ...counts, key: by === 'port' ? String(port.port) : (ownerNames(port.owners) ?? NOT_KNOWN) })
  }
  return [...groups.values()]
    .map(({ pids, ...group }) => (pids.size === 0 ? group : { ...group, key: `${group.key} (${pidsText([...pids])})` }))
    .sort((a, b) => b.timeWait + b.finWait2 - a.timeWait - a.finWait2)
}

interface OwnedRows {
  label?: string
  pid?: number
  rows: { timeWait: number; finWait2: number }
}

/** The rows of a destination by the process that was traced, and the rest. */
function ownedRows(tuple: TuplePressure): OwnedRows[] {
  const traced = tuple.candidates.flatMap(({ rows, ...process }) =>
    rows === undefined ? [] : [{ label: programLabel(process), pid: process.pid, rows }],
  )
  const rest = traced.reduce(
    ({ timeWait, finWait2 }, { rows }) => ({ timeWait: timeWait - rows.timeWait, finWait2: finWait2 - rows.finWait2 }),
    { timeWait: tuple.timeWait, finWait2: tuple.finWait2 },
  )
  return rest.timeWait + rest.finWait2 > 0 || traced.length === 0 ? [...traced, { rows: rest }] : traced
}
