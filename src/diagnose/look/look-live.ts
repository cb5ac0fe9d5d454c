import { MachineError, optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { pidsToDescribe } from '../conclude.ts'
import type { Observation } from '../observation.ts'
import { describeLive } from './describe-live.ts'
import { observe, type ObserveOptions } from './observe.ts'

/**
 * Looks at this machine, and describes whom findings name, and `pids`.
 *
 * @throws MachineError `no-target` where there is no such process: of one that is not there nothing can be wrong
 */
export async function lookLive(
  source: ProcSource,
  options: ObserveOptions,
  pids: readonly (number | undefined)[] = [],
): Promise<Observation> {
  const asked = pids.filter(pid => pid !== undefined)
  const absent = asked.find(pid => optional(() => source.readFile(`${pid}/stat`)) === undefined)
  if (absent !== undefined) throw new MachineError('no-target', `there is no process ${absent} that this user can see`)
  const seen = await observe(source, options)
  const named = new Set([...pidsToDescribe(seen), ...asked])
  seen.notLooked.push(...(await describeLive(source, seen, named)))
  return seen
}
