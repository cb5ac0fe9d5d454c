import type { Grouping, TimeWaitFigures, TimeWaitGroup } from '../model.ts'
import { ownerNames, clientName } from '../words.ts'

/**
 * Sums up destinations and local ports by service port, remote address or owner; an owner of destinations may be a guess.
 */
export function timeWaitGroups({ tuples, ports }: TimeWaitFigures, by: Exclude<Grouping, 'tuple'>): TimeWaitGroup[] {
  const groups = new Map<string, TimeWaitGroup>()
  const add = (group: TimeWaitGroup) => {
    const id = `${group.side} ${group.key}`
    const known = groups.get(id)
    if (known === undefined) {
      groups.set(id, { ...group })
      return
    }
    known.timeWait += group.timeWait
    known.finWait2 += group.finWait2
    if (group.utilization !== undefined) known.utilization = Math.max(known.utilization ?? 0, group.utilization)
  }
  for (const tuple of tuples) {
    const key = by === 'port' ? String(tuple.remotePort) : by === 'remote' ? tuple.remoteAddress : clientName(tuple)
    add({ key, side: 'active', timeWait: tuple.timeWait, finWait2: tuple.finWait2, utilization: tuple.utilization })
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
    else add({ ...counts, key: by === 'port' ? String(port.port) : (ownerNames(port.owners) ?? 'not known') })
  }
  return [...groups.values()].sort((a, b) => b.timeWait + b.finWait2 - a.timeWait - a.finWait2)
}
