import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import {
  findBpftrace,
  openMachine,
  parseBpftraceLine,
  readBpfMachine,
  tracingObstacle,
  type BpfMachine,
} from '../../bpf/index.ts'
import { optional } from '../../errors.ts'
import { startTool } from '../../children/child-tool.ts'
import type { Trace } from '../observed/traced.ts'
import { canTrace, traceProgram, TRACEPOINTS } from './program.ts'
import { traceReader } from './read-trace.ts'

/** A tracer that runs, or why there is none. */
export type Tracer = RunningTracer | { obstacle: string; hint?: string | undefined }

export interface RunningTracer {
  pid: number
  /** Resolves with true when every probe is attached, with false where the tracer ended before. */
  attached: Promise<boolean>
  /** Resolves when the next set of totals is there, or the tracer ended. */
  nextTotals(): Promise<void>
  /** For how long it has counted, milliseconds; undefined before the first totals. */
  durationMs(): number | undefined
  trace(): Trace | undefined
  /** Why it ended by itself; undefined while it runs. */
  failure(): string | undefined
  /** Records that came faster than they were read; bpftrace counts in the kernel and loses none. */
  lost?(): number
  /** It counts, but sees no arguments: why, what mends that, and which causes cannot be told so. */
  blind?: { why: string; hint?: string | undefined; causes: readonly string[] }
  /** Ends it at once: what it counted has been printed. */
  end(): void
}

const SETTINGS = {
  BPFTRACE_MAP_KEYS_MAX: '32768',
  BPFTRACE_MAX_MAP_KEYS: '32768',
  BPFTRACE_STRLEN: '64',
  BPFTRACE_MAX_STRLEN: '64',
  BPFTRACE_PERF_RB_PAGES: '256',
}

/**
 * Starts the one tracing program of a diagnosis in bpftrace; where that does not work, the kernel's own tracing, which
 * counts calls and does not see what they are about.
 */
export async function startTracer(pidNamespace: string | undefined): Promise<Tracer> {
  const files = openMachine(undefined)
  const machine = readBpfMachine(files)
  const obstacle = tracingObstacle(files, machine, { through: 'bpftrace', tracepoints: TRACEPOINTS, byPid: false })
  const why = canTrace(process.arch === 'x64' ? 'x86_64' : process.arch)
    ? obstacle?.reason
    : `its tracing program is written for x86_64, and this machine is ${process.arch}`
  if (why !== undefined)
    return (await withoutBpftrace(why, obstacle?.remedy, pidNamespace)) ?? { obstacle: why, hint: obstacle?.remedy }
  return startBpftrace(machine, pidNamespace)
}

/** The pids of its records are those of the machine: inside another pid namespace they say nothing. */
async function withoutBpftrace(
  why: string,
  hint: string | undefined,
  pidNamespace: string | undefined,
): Promise<RunningTracer | undefined> {
  if (pidNamespace !== undefined) return undefined
  const { startTracefs, WITHOUT_ARGUMENTS } = await import('./tracefs/start-tracefs.ts')
  const tracer = optional(startTracefs)
  return tracer && { ...tracer, blind: { why, hint, causes: WITHOUT_ARGUMENTS } }
}

async function startBpftrace(machine: BpfMachine, pidNamespace: string | undefined): Promise<RunningTracer> {
  const bpftrace = await findBpftrace(machine)
  const reader = traceReader('x86_64')
  let settle: ((isAttached: boolean) => void) | undefined
  const attached = new Promise<boolean>(resolve => (settle = resolve))
  let waiting: (() => void)[] = []
  const wake = () => {
    for (const go of waiting.splice(0)) go()
  }
  const tool = await startTool({
    file: bpftrace.path,
    args: ['-f', 'json', '-'],
    env: SETTINGS,
    stdin: { text: traceProgram({ machine: 'x86_64', pidNamespace }) },
    onLine(line) {
      if (!reader.takeLine(line, text => parseBpftraceLine(text, bpftrace.dialect))) return
      // Nothing is read before all is attached: the first totals say so.
      settle?.(true)
      wake()
    },
  })
  hurry(tool.pid)
  let ended = false
  let failure: string | undefined
  void tool.ended.then(
    ({ stderr, endedBy }) => {
      ended = true
      if (endedBy === 'itself') failure = lastLine(stderr)
      settle?.(false)
      wake()
    },
    () => {},
  )
  return {
    pid: tool.pid,
    attached,
    nextTotals: () => (ended ? Promise.resolve() : new Promise(resolve => waiting.push(resolve))),
    durationMs: () => reader.durationMs(),
    trace: () => reader.trace(),
    failure: () => failure,
    end: () => tool.kill(),
  }
}

/** How much sooner the tracer gets a processor than others do. */
const PRIORITY = -10

/**
 * Compiling the program takes 0.7 s of a processor; on a machine in trouble others would make ten of it. The scheduler
 * groups sessions, so a priority counts against other sessions only as one of the group. Root only.
 */
function hurry(pid: number): void {
  optional(() => setPriority(pid, PRIORITY))
  optional(() => writeFileSync(`/proc/${pid}/autogroup`, String(PRIORITY)))
}

/** What a tool said last that is an error. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  return lines.findLast(line => /error/i.test(line)) ?? lines.at(-1) ?? 'it ended without a word'
}
