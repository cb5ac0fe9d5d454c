import type { ProcSource } from '../../proc/proc-source.ts'
import { findAll, pidsToDescribe } from '../conclude.ts'
import type { Observation } from '../observation.ts'
import { describeLive } from './describe-live.ts'
import { observe, type ObserveOptions } from './observe.ts'

/** Looks at this machine, and describes whom findings name, and `pids`. */
export async function lookLive(
  source: ProcSource,
  options: ObserveOptions,
  pids: readonly (number | undefined)[] = [],
): Promise<Observation> {
  const seen = await observe(source, options)
  const named = new Set([...pidsToDescribe(findAll(seen)), ...pids.filter(pid => pid !== undefined)])
  seen.notLooked.push(...(await describeLive(source, seen, named)))
  return seen
}
