import { readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { optional } from '../../errors.ts'

/** How much sooner a processor comes to who looks than to others. */
const PRIORITY = -10

const OWN = '/proc/self/autogroup'

/**
 * Looks come late on a machine where twenty others want a processor, and then they miss what they are for. The scheduler
 * shares processors between sessions first, so the priority is that of the session: it is given back at exit. Root only;
 * little of a processor is used.
 */
export function hurry(): void {
  optional(() => setPriority(PRIORITY))
  const nice = /nice (-?\d+)/.exec(optional(() => readFileSync(OWN, 'latin1')) ?? '')?.[1]
  if (nice === undefined || Number(nice) <= PRIORITY) return
  if (optional(() => (writeFileSync(OWN, String(PRIORITY)), true)) === undefined) return
  process.once('exit', () => optional(() => writeFileSync(OWN, nice)))
}
