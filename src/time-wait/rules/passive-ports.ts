import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { PassivePort, TimeWaitTiming } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import type { PassiveGroup } from './connections-by-opener.ts'

/**
 * Local ports whose connections the other side opened and this host closed first: who listens there, which clients had
 * them, and when the last row is gone. Decided from the rows of each port and the timers they show.
 */
export function passivePorts(snapshot: TimeWaitSnapshot, timing: TimeWaitTiming | undefined): PassivePort[] {
  const { connections, owners } = snapshot
  return connections.passive
    .map(group => {
      const servers = group.listeners.flatMap(row => owners.get(row.inode) ?? [])
      return {
        port: group.port,
        localAddresses: [...group.localAddresses],
        timeWait: group.timeWait,
        finWait2: group.finWait2,
        remotes: remotesOf(group, snapshot),
        listening: group.listeners.length > 0,
        owners: [...new Map(servers.map(owner => [owner.pid, owner])).values()],
        clearsInS: timing && secondsLeft(group, snapshot) + timing.granuleS,
      }
    })
    .sort(byRows)
}

const byRows = (a: { timeWait: number; finWait2: number }, b: { timeWait: number; finWait2: number }) =>
  b.timeWait + b.finWait2 - a.timeWait - a.finWait2

/** Until the longest timer of the group's rows fires. */
function secondsLeft(group: PassiveGroup, { timeWaitSockets, userHz = 100 }: TimeWaitSnapshot): number {
  let ticks = 0
  for (const row of group.rows) ticks = Math.max(ticks, timeWaitSockets.ticks[row]!)
  return ticks / userHz
}

function remotesOf(group: PassiveGroup, { timeWaitSockets }: TimeWaitSnapshot): PassivePort['remotes'] {
  const byAddress = new Map<number, { timeWait: number; finWait2: number }>()
  for (const row of group.rows) {
    const at = timeWaitSockets.remote[row]!
    let counts = byAddress.get(at)
    if (counts === undefined) byAddress.set(at, (counts = { timeWait: 0, finWait2: 0 }))
    if (timeWaitSockets.state[row] === TCP_STATE.timeWait) counts.timeWait += 1
    else counts.finWait2 += 1
  }
  return [...byAddress].map(([at, counts]) => ({ address: timeWaitSockets.addresses[at]!, ...counts })).sort(byRows)
}
