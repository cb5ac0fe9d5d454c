import type { ProcSource } from '../../proc/proc-source.ts'
import { readProcView } from '../../processes/proc-view.ts'
import { unreadableRemedy } from '../../processes/unreadable-remedy.ts'
import type { Warning } from '../../warnings.ts'

/** What keeps owners from being found, and what helps; undefined where nothing does. */
export function unreadableWarning(unreadable: number, source: ProcSource): Warning | undefined {
  const which = `${unreadable} ${unreadable === 1 ? 'process' : 'processes'} could not be looked into`
  if (source.kind !== 'live')
    return unreadable === 0
      ? undefined
      : { code: 'processes-unreadable', message: `${which} when the recording was made` }
  const view = readProcView(source)
  const hint = unreadableRemedy(view)
  if (unreadable > 0)
    return { code: 'processes-unreadable', message: `${which}; connections of nobody known may be theirs`, hint }
  if (!view.hidepid) return undefined
  const message = '/proc is mounted with hidepid and shows no process of other users; connections may be theirs'
  return { code: 'processes-hidden', message, hint }
}
