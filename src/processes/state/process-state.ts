import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parseExeLink } from '../pid-exe.ts'
import { parsePidStat } from '../pid-stat.ts'
import { parseOpenFilesLimit } from './pid-limits.ts'

/** What a process does at one moment. Absent facts could not be read; texts are byte strings. */
export interface ProcessState {
  /** `R`, `S`, `D`, `T` (stopped), `t` (traced) … of its main thread. */
  state?: string | undefined
  /** The kernel function its main thread sleeps in; absent for one that runs, and where it may not be seen. */
  waitsIn?: string | undefined
  threads?: number | undefined
  /** Soft limit on open files. */
  openFilesLimit?: number | undefined
  exe?: ExecutableState | undefined
}

/** The program that a process runs, as its file is now. */
export interface ExecutableState {
  path: string
  deleted: boolean
  /** Of a deleted one: whether another file stands at its path now; undefined where that cannot be seen. */
  replaced: boolean | undefined
}

export function readProcessState(source: ProcSource, pid: number): ProcessState {
  const stat = optional(() => parsePidStat(source.readFile(`${pid}/stat`)))
  const waitsIn = optional(() => source.readFile(`${pid}/wchan`).toString('latin1').trim())
  return {
    state: stat?.state,
    threads: stat?.threads,
    // The kernel prints 0 for one that runs, and for a reader who may not know.
    waitsIn: waitsIn === '' || waitsIn === '0' ? undefined : waitsIn,
    openFilesLimit: optional(() => parseOpenFilesLimit(source.readFile(`${pid}/limits`))),
    exe: readExecutable(source, pid),
  }
}

function readExecutable(source: ProcSource, pid: number): ExecutableState | undefined {
  const link = optional(() => source.readLink(`${pid}/exe`))
  if (link === undefined) return undefined
  const { path, deleted } = parseExeLink(link, source.isSameFile?.(`${pid}/exe`, link))
  return { path, deleted, replaced: deleted ? isThere(source, `${pid}/root${path}`) : undefined }
}

/** Whether a file stands there, seen from inside the process; a recording does not tell. */
function isThere(source: ProcSource, path: string): boolean | undefined {
  if (!source.isThisMachine) return undefined
  try {
    source.readFile(path, () => true)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'ENOENT' ? false : undefined
  }
}
