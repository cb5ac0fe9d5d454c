import type { Dialect } from '../model.ts'
import { familyProgram } from './condition.ts'
import type { Job, ProgramContext } from './job.ts'

/** How often the program reports that it runs and how far it is. */
export const BEAT_MS = 50
/** Begins the records of the clock that a user's script gets. */
export const SCRIPT_BEAT = 'linsight-beat'
/** Probes of that clock. */
export const SCRIPT_BEAT_PROBES = 1
/** Names of the processes in the results. */
export const NAMES_MAP = '@comm'
/** Threads of a traced command and of all it started. */
export const FAMILY_MAP = '@tree'

/**
 * The whole program of a job: its own probes, then the clock.
 *
 * bpftrace reads nothing before all probes are attached, so the first heartbeat says that they are; later ones say how far
 * it has read. Every interval it prints all results so far, so that even a tracer that is killed leaves them.
 */
export function buildProgram(job: Job, context: ProgramContext): string {
  const body = familyProgram(context, job.seesOwnExec !== true) + job.program(context)
  const results = resultMaps(job).filter(map => body.includes(`${map}[`) || body.includes(`${map} `))
  // Maps that only serve are emptied, so that they are not printed at the end; who still runs then is of interest.
  const served = [...new Set([...body.matchAll(/@[a-z]+/g)].map(match => match[0]))].filter(
    map => map !== FAMILY_MAP && !results.includes(map),
  )
  return `${body}${beatProbe('beat')}
interval:s:${context.intervalS} { ${results.map(map => `print(${map}); `).join('')}print(("tick", nsecs)); }
${served.length === 0 ? '' : `END { ${served.map(map => `clear(${map});`).join(' ')} }\n`}`
}

/**
 * A user's script with the clock behind it, see {@link buildProgram}. What bpftrace says of lines is still true, and a
 * comment without a line break does not swallow it.
 */
export const withBeat = (script: string) => `${script}\n${beatProbe(SCRIPT_BEAT)}\n`

const beatProbe = (tag: string) => `interval:ms:${BEAT_MS} { print(("${tag}", nsecs)); }`

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

/** Settings of bpftrace in each of their spellings: names changed with 0.20. */
const STRLEN = ['BPFTRACE_STRLEN', 'BPFTRACE_MAX_STRLEN']
const SETTINGS: readonly (readonly [names: readonly string[], value: string])[] = [
  [['BPFTRACE_MAP_KEYS_MAX', 'BPFTRACE_MAX_MAP_KEYS'], String(MAP_KEYS)],
  // 4 MiB for each CPU: the default of 64 pages loses half the events when the reader is held up for 2 s.
  [['BPFTRACE_PERF_RB_PAGES'], '1024'],
  // Without it 0.17 reads the symbols of a program anew for every stack.
  [['BPFTRACE_CACHE_USER_SYMBOLS'], '1'],
]

type Environment = Readonly<Record<string, string | undefined>>

/** Environment of bpftrace for a program of ours. */
export function bpftraceEnv(stringBytes: number): Record<string, string> {
  return inAllSpellings([[STRLEN, String(stringBytes)], ...SETTINGS])
}

/** The same for a user's script: what the user set stays, and strings are as long as bpftrace makes them unless asked for. */
export function scriptEnv(own: Environment, stringBytes: number | undefined): Record<string, string> {
  const free = SETTINGS.filter(([names]) => names.every(name => own[name] === undefined))
  return inAllSpellings(stringBytes === undefined ? free : [[STRLEN, String(stringBytes)], ...free])
}

/** Bytes of a string in a user's script: asked for, set by the user or in the script, or what bpftrace takes. */
export function scriptStringBytes(
  own: Environment,
  asked: number | undefined,
  program: string,
  dialect: Dialect,
): number {
  const inScript = /\bmax_strlen\s*=\s*(\d+)/.exec(program)?.[1]
  const set = STRLEN.map(name => own[name]).find(value => value !== undefined && /^\d+$/.test(value))
  return asked ?? Number(inScript ?? set ?? (dialect === 'A' ? 64 : 1024))
}

const inAllSpellings = (settings: typeof SETTINGS) =>
  Object.fromEntries(settings.flatMap(([names, value]) => names.map(name => [name, value])))
