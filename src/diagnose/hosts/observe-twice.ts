import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Cause } from '../causes.ts'
import { observeOnce } from '../look/observe-once.ts'
import { joinLater } from '../look/processes.ts'
import type { Observation } from '../observation.ts'
import { RULES } from '../rules/all.ts'
import { SOCKET_RULES } from '../rules/health.ts'

/** What two recordings of one machine show: two looks, without what is seen between them. */
export function observeTwice(first: ProcSource, second: ProcSource): Observation {
  const before = observeOnce(first)
  const after = observeOnce(second)
  const processes = new Map(before.processes.map(process => [process.pid, process]))
  joinLater(processes, new Map(after.processes.map(process => [process.pid, process])))
  for (const { pid, descriptors, descriptorLimit } of after.processes)
    if (descriptors !== undefined) Object.assign(processes.get(pid)!, { descriptors, descriptorLimit })
  const later = new Map(after.namespaces.map(place => [place.netns, place.a]))
  const durationMs = elapsedMs(first, second)
  const isOneLook = durationMs <= 0
  return {
    ...(isOneLook ? after : before),
    ...(!isOneLook && {
      durationMs,
      processes: [...processes.values()],
      namespaces: before.namespaces.flatMap(place => {
        const b = later.get(place.netns)
        return b === undefined ? [] : [{ ...place, b }]
      }),
      locks: [before.locks[0], after.locks[0]],
      machine: [before.machine[0], after.machine[0]],
      socketOwners: { ...before.socketOwners, ...after.socketOwners },
      unreadable: after.unreadable,
      notLooked: [
        {
          what: 'threads, wait channels, control groups, disks, system calls',
          why: 'without linsight there, only /proc is read, twice',
          hint: 'with linsight installed there it looks itself',
          causes: UNTOLD,
        },
        ...after.notLooked.filter(({ causes }) => !causes.some(cause => TWICE.has(cause))),
      ],
    }),
  }
}

/** Told by two looks at /proc alone. */
const TOLD = new Set<Cause>([
  'fd-exhausted',
  'zombies',
  'stopped-process',
  ...SOCKET_RULES.filter(({ cause }) => cause !== 'deleted-executable').map(({ cause }) => cause),
])

const UNTOLD = RULES.map(({ cause }) => cause).filter(cause => !TOLD.has(cause))
const TWICE: ReadonlySet<string> = new Set(RULES.filter(({ looks }) => looks === 2).map(({ cause }) => cause))

/** By the clock of the machine since its start, which nobody sets. */
function elapsedMs(first: ProcSource, second: ProcSource): number {
  const uptime = (source: ProcSource) =>
    optional(() => Number(/^(\d+\.\d+) /.exec(source.readFile('uptime').toString('latin1'))?.[1])) ?? Number.NaN
  const seconds = uptime(second) - uptime(first)
  return seconds > 0 ? seconds * 1000 : 0
}
