import { MachineError, optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { pidsToDescribe } from '../conclude.ts'
import { parsePidCgroup } from '../../processes/pid-cgroup.ts'
import type { NotLooked, Observation } from '../observation.ts'
import { isIn, type Scope } from '../rank/narrow.ts'
import { describeLive } from './describe-live.ts'
import { observe, type ObserveOptions } from './observe.ts'

/**
 * Looks at this machine, and describes whom findings name, and the process of `scope`.
 *
 * @throws MachineError `no-target` where there is no such process: of one that is not there nothing can be wrong
 */
export async function lookLive(source: ProcSource, options: ObserveOptions, scope: Scope = {}): Promise<Observation> {
  const { pid } = scope
  if (pid !== undefined && optional(() => source.readFile(`${pid}/stat`)) === undefined)
    throw new MachineError('no-target', `there is no process ${pid} that this user can see`)
  const seen = await observe(source, options)
  const named = new Set([...pidsToDescribe(seen), ...(pid === undefined ? [] : [pid])])
  seen.notLooked.push(...(await describeLive(source, seen, named)), ...absentScope(source, seen, scope))
  return seen
}

/** Of a unit, container or cgroup without a process nothing can be wrong; its name may be mistyped. */
function absentScope(source: ProcSource, seen: Observation, scope: Scope): NotLooked[] {
  const kind = (['unit', 'container', 'cgroup'] as const).find(name => scope[name] !== undefined)
  if (kind === undefined) return []
  const isThere = seen.processes.some(({ pid, described }) => {
    if (described !== undefined) return isIn(scope, described)
    const facts = optional(() => parsePidCgroup(source.readFile(`${pid}/cgroup`)))
    return facts !== undefined && isIn(scope, { ...facts, cgroup: facts.path })
  })
  if (isThere) return []
  return [{ what: `${kind} ${scope[kind]!}`, why: 'no process of it was there', causes: [] }]
}
