import { findTool } from '../../children/find-tool.ts'
import { readTool } from '../../children/read-tool.ts'
import { optional, SourceReadError } from '../../errors.ts'
import { parsePidStat } from '../../processes/pid-stat.ts'
import { IN_ONE_PIECE, type ProcSource } from '../../proc/proc-source.ts'
import type { NotLooked, Observation } from '../observation.ts'
import { WAITS } from '../wait-channels.ts'
import { describeProcess } from './describe.ts'

/** Threads that are asked what they do; of a process with more it is not known whether its memory is locked. */
const MOST_THREADS = 2000
/** How long a file is waited for that may not come. */
const ANSWER_WITHIN_MS = 500
const MOST_APART = 16

/**
 * Describes processes of this machine. What reads their memory, or takes the lock that starting a program holds, waits
 * where a thread of them hangs with that lock: then a child reads it, and only for so long.
 */
export async function describeLive(
  source: ProcSource,
  seen: Observation,
  pids: ReadonlySet<number>,
): Promise<NotLooked[]> {
  const named = seen.processes.filter(({ pid }) => pids.has(pid))
  const apart = named.filter(({ pid }) => mayBeLocked(source, pid))
  const late = new Set<number>()
  const contents = new Map<string, Buffer | undefined>()
  await Promise.all(
    apart.flatMap(({ pid, hangingThread }, at) => {
      const task = hangingThread === undefined ? '' : `task/${hangingThread}/`
      return [`${pid}/cmdline`, `${pid}/${task}stack`, `${pid}/${task}syscall`].map(async path => {
        const answer = at < MOST_APART ? await readApart(path) : undefined
        if (answer === undefined) late.add(pid)
        contents.set(path, answer)
      })
    }),
  )
  const careful: ProcSource = {
    ...source,
    readFile(path, isEnough) {
      if (!contents.has(path)) return source.readFile(path, isEnough)
      const content = contents.get(path)
      if (content === undefined) throw new SourceReadError('ETIMEDOUT', path)
      return content
    },
  }
  for (const process of named) process.described = describeProcess(careful, process, seen)
  if (late.size === 0) return []
  return [
    {
      what: `arguments and stack of ${[...late].map(pid => `${nameOf(seen, pid)} (pid ${pid})`).join(', ')}`,
      why: `the kernel did not give them within ${ANSWER_WITHIN_MS / 1000} s: a thread hangs with a lock of its memory`,
      causes: [],
    },
  ]
}

const nameOf = ({ processes }: Observation, wanted: number) =>
  processes.find(({ pid }) => pid === wanted)?.comm ?? 'process'

/** Whether a thread of a process hangs in the kernel, and may hold a lock that others wait for. */
function mayBeLocked(source: ProcSource, pid: number): boolean {
  const tids = optional(() => source.list(`${pid}/task`)) ?? []
  if (tids.length > MOST_THREADS) return true
  return tids.some(tid => {
    const state = optional(() => parsePidStat(source.readFile(`${pid}/task/${tid}/stat`, IN_ONE_PIECE))?.state)
    if (state === 'D') return true
    const channel =
      state === 'S' ? optional(() => source.readFile(`${pid}/task/${tid}/wchan`, IN_ONE_PIECE)) : undefined
    return WAITS.fuse.test(channel?.toString('latin1') ?? '')
  })
}

/** A file of /proc as a child reads it; undefined where that did not come, empty where the kernel refused. */
async function readApart(path: string): Promise<Buffer | undefined> {
  const cat = findTool(['cat'])
  if (cat === undefined) return undefined
  return readTool(cat, [`/proc/${path}`], { timeoutMs: ANSWER_WITHIN_MS }).then(
    ({ stdout }) => Buffer.from(stdout, 'latin1'),
    () => undefined,
  )
}
