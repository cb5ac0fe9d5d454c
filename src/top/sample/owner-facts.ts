import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { ProcessFacts } from '../../processes/process-facts.ts'
import { readProcessFacts } from '../../processes/read-process-facts.ts'
import type { TrafficOwner } from '../../sockets/index.ts'

/** An owner is made anew every few seconds: so long its facts are kept. */
const read = new WeakMap<TrafficOwner, ProcessFacts>()

/** An owner for a filter: what a look does not read is read when the filter asks for it. */
export function ownerFacts(owner: TrafficOwner, source: ProcSource): ProcessFacts {
  const { pid, startTicks, unit, container } = owner
  const all = () => {
    let facts = read.get(owner)
    if (facts === undefined) read.set(owner, (facts = readFacts(owner, source)))
    return facts
  }
  return {
    pid,
    startTicks,
    unit,
    container,
    get args() {
      return all().args
    },
    get comm() {
      return all().comm
    },
    get exe() {
      return all().exe
    },
    get cgroup() {
      return all().cgroup
    },
  }
}

/** Of a process that has gone only its name is known, and it may be another's pid by now. */
function readFacts({ pid, startTicks, program }: TrafficOwner, source: ProcSource): ProcessFacts {
  const facts = optional(() => readProcessFacts(source, pid, 'full', undefined))
  return facts?.startTicks !== undefined && facts.startTicks === startTicks ? facts : { pid, args: [program] }
}
