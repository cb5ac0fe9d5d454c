import { MachineError, ToolError } from '../../../errors.ts'
import { counterReader, type CounterReading, type ThreadEvent } from './counter-output.ts'
import { COUNTER_PROBES } from './counter-program.ts'
import { startTool, type ToolResult } from '../../../children/child-tool.ts'

/** bpftrace detaches probe by probe, about 65 ms each, and prints its maps only then. */
const STOP_GRACE_MS = 3000 + 150 * COUNTER_PROBES

export interface CounterCall {
  /** Path of bpftrace. */
  file: string
  /** Text of counter-program.ts. */
  program: string
  /** Keys a map may hold; the kernel reserves them in advance, a value for each CPU. */
  keyLimit: number
  onTick(reading: CounterReading, sinceReadyNs: number): void
  onThread(event: ThreadEvent, sinceReadyNs: number): void
}

/** The counting program, live in the kernel. */
export interface RunningCounter {
  /** When the last probe went live, on the kernel's monotonic clock. */
  readonly readyNs: number
  /** Settles when bpftrace is gone, asked or not. */
  readonly gone: Promise<unknown>
  /** Ends the counting and reads what was counted. */
  finish(): Promise<CounterEnd>
}

export interface CounterEnd {
  reading: CounterReading
  lostEvents: number
  /** Why this is not the last state of the maps, where it is not. */
  endedEarly?: string | undefined
  mapFull: boolean
}

/** Resolves once every probe is live: not before may the target go. */
export async function runCounter(call: CounterCall): Promise<RunningCounter> {
  let last: CounterReading | undefined
  let whole = false
  let lostEvents = 0
  let refusedKeys = 0
  let readyNs: number | undefined
  let tellReady!: () => void
  const ready = new Promise<undefined>(resolve => (tellReady = () => resolve(undefined)))
  const bpftrace = await startTool({
    file: call.file,
    args: ['-f', 'json', '-'],
    stdin: { text: call.program },
    // Both spellings: the variables were renamed in 0.20.
    env: {
      BPFTRACE_MAP_KEYS_MAX: String(call.keyLimit),
      BPFTRACE_MAX_MAP_KEYS: String(call.keyLimit),
      BPFTRACE_PERF_RB_PAGES: '1024',
    },
    onLine: counterReader(event => {
      switch (event.kind) {
        case 'ready':
          readyNs = event.atNs
          return tellReady()
        case 'tick':
          last = event.reading
          return call.onTick(last, last.atNs - (readyNs ?? last.atNs))
        case 'end':
          last = event.reading
          whole = true
          return
        case 'lost':
          if (event.what === 'events') lostEvents += event.count
          else refusedKeys += event.count
          return
        default:
          call.onThread(event, Math.max(0, event.atNs - (readyNs ?? event.atNs)))
      }
    }),
  })
  const early = await Promise.race([ready, bpftrace.ended])
  if (early !== undefined) throw failureOf(early)
  return {
    readyNs: readyNs!,
    gone: bpftrace.ended,
    async finish() {
      bpftrace.stop(STOP_GRACE_MS)
      const end = await bpftrace.ended
      if (last === undefined) throw failureOf(end)
      return {
        reading: last,
        lostEvents,
        endedEarly: whole ? undefined : (firstProblem(end.stderr) ?? unexplained(end)),
        mapFull: refusedKeys > 0 || last.keys >= call.keyLimit,
      }
    },
  }
}

/** Lines that mean nothing: the limit of locked memory matters before Linux 5.11 only, the other file for kprobes. */
const HARMLESS = /RLIMIT_MEMLOCK|available_filter_functions/

function firstProblem(stderr: string): string | undefined {
  return stderr
    .split('\n')
    .map(line => line.trim())
    .find(line => line !== '' && !HARMLESS.test(line))
}

/** How it ended, where it printed no reason. */
export function unexplained({ exitCode, signal }: Pick<ToolResult, 'exitCode' | 'signal'>): string {
  const how = signal === undefined ? `it ended with status ${exitCode ?? 'unknown'}` : `${signal} ended it`
  return `${how} and did not say why`
}

function failureOf(end: ToolResult): Error {
  const problem = firstProblem(end.stderr) ?? unexplained(end)
  if (/as the root user|Missing CAP_|Operation not permitted|Permission denied/i.test(problem)) {
    return new MachineError('not-permitted', `bpftrace may not trace system calls here: ${problem}`, {
      hint: 'run it as root, or take --backend strace',
    })
  }
  return new ToolError(`bpftrace could not count system calls: ${problem}`, { hint: 'take --backend strace' })
}
