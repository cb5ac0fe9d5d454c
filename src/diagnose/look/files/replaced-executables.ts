import { existsSync } from 'node:fs'
import { optional } from '../../../errors.ts'
import { parseExeLink } from '../../../processes/pid-exe.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { NotLooked } from '../../observation.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import type { MountView } from './mountinfo.ts'
import { mountsSeenBy } from './mounts.ts'

const DELETED = ' (deleted)'

/**
 * Finds programs whose file is deleted while another one stands at its path. Where the way there leads through a
 * filesystem that may not answer, nothing is asked, which is what comes back.
 */
export function findReplacedExecutables(source: ProcSource, processes: Iterable<ObservedProcess>): NotLooked[] {
  const views = new Map<string, MountView | undefined>()
  const own = mountsSeenBy(source, 'self')
  let unknown = 0
  for (const process of processes) {
    const { pid, isKernelThread, mntns = String(pid) } = process
    if (isKernelThread) continue
    const link = optional(() => source.readLink(`${pid}/exe`))
    if (!link?.endsWith(DELETED)) continue
    if (!views.has(mntns)) views.set(mntns, mountsSeenBy(source, pid))
    const path = link.slice(0, -DELETED.length)
    // The same text is looked up as this program sees it, too.
    if (views.get(mntns)?.reachesPath(path) && own?.reachesPath(path) !== false)
      process.replacedExecutable = replacedBy(source, pid, link)
    else unknown += 1
  }
  if (unknown === 0) return []
  return [
    {
      what: `whether ${unknown} program${unknown === 1 ? '' : 's'} that ${unknown === 1 ? 'is' : 'are'} deleted ${unknown === 1 ? 'has' : 'have'} been replaced`,
      why: 'the filesystem may not answer',
      causes: ['deleted-executable'],
    },
  ]
}

function replacedBy(source: ProcSource, pid: number, link: string): string | undefined {
  if (!parseExeLink(link, source.isSameFile?.(`${pid}/exe`, link)).deleted) return undefined
  const path = link.slice(0, -DELETED.length)
  // A program that deletes itself is no upgrade.
  return existsSync(Buffer.from(`/proc/${pid}/root${path}`, 'latin1')) ? path : undefined
}
