import { familyProgram } from './condition.ts'
import type { Job, ProgramContext } from './job.ts'

/** How often the program reports that it runs and how far it is. */
const BEAT_MS = 50
/** Names of the processes in the results. */
export const NAMES_MAP = '@comm'

/**
 * The whole program of a job: its own probes, then the clock.
 *
 * The clock comes last and so runs last: its first heartbeat says that everything is attached, and every further one that all
 * events before it were read. Every interval it prints all results so far, so that even a tracer that is killed leaves them.
 */
export function buildProgram(job: Job, context: ProgramContext): string {
  const body = familyProgram(context) + job.program(context)
  const results = resultMaps(job).filter(map => body.includes(`${map}[`) || body.includes(`${map} `))
  // Maps that only serve are emptied, so that they are not printed at the end.
  const served = [...new Set([...body.matchAll(/@[a-z]+/g)].map(match => match[0]))].filter(
    map => !results.includes(map),
  )
  return `${body}interval:ms:${BEAT_MS} { print(("beat", nsecs)); }
interval:s:${context.intervalS} { ${results.map(map => `print(${map}); `).join('')}print(("tick", nsecs)); }
${served.length === 0 ? '' : `END { ${served.map(map => `clear(${map});`).join(' ')} }\n`}`
}

/** Maps a job's results are in; `@comm` holds the names of the processes in them. */
export function resultMaps(job: Job): string[] {
  if (job.shape === 'histogram') return [job.map]
  if (job.shape === 'counts') return [...Object.keys(job.maps), NAMES_MAP]
  return job.shape === 'stacks' && job.map !== undefined ? [job.map, NAMES_MAP] : []
}

/** Strings longer than that are cut; 200 is the most bpftrace 0.17 takes. */
export const STRING_BYTES = 200
/** Entries a map can hold. */
export const MAP_KEYS = 10_240

/** Environment of bpftrace: names changed with 0.20, so each is set in both spellings. */
export const bpftraceEnv = (stringBytes: number): Record<string, string> => ({
  BPFTRACE_STRLEN: String(stringBytes),
  BPFTRACE_MAX_STRLEN: String(stringBytes),
  BPFTRACE_MAP_KEYS_MAX: String(MAP_KEYS),
  BPFTRACE_MAX_MAP_KEYS: String(MAP_KEYS),
  // 4 MiB for each CPU: the default of 64 pages loses half the events when the reader is held up for 2 s.
  BPFTRACE_PERF_RB_PAGES: '1024',
  // Without it 0.17 reads the symbols of a program anew for every stack.
  BPFTRACE_CACHE_USER_SYMBOLS: '1',
})
