import { MachineError } from '../../errors.ts'
import type { Tracer } from './backends/tracer.ts'
import { traceSets } from './called-filter.ts'
import type { TraceLiveOptions } from './contract.ts'
import { findBpftraceTracer, findPerf, findStrace, findSyscount, type TraceMachine } from './find-tracers.ts'
import type { TargetProcess } from './target.ts'

export interface TracerChoice {
  tracer: Tracer
  /** Why this one, as one phrase. */
  because: string
}

/**
 * The tracer that was asked for, or the one that costs the target least.
 *
 * @throws MachineError where it cannot trace here
 */
export async function chooseTracer(
  machine: TraceMachine,
  targets: readonly TargetProcess[],
  options: TraceLiveOptions,
): Promise<TracerChoice> {
  const because = 'asked for with --backend'
  switch (options.backend) {
    case 'bpf':
      return chooseBpf(machine, options)
    case 'syscount':
      return { tracer: await explained('syscount', findSyscount(machine)), because }
    case 'perf':
      return { tracer: await explained('perf', findPerf(machine)), because }
    case 'strace':
      return { tracer: await explained('strace', findStrace(machine, targets, options)), because }
    default:
      return chooseAuto(machine, targets, options)
  }
}

/** What only strace can do of what was asked, if anything. */
function straceReason({ needsLog, expressions }: TraceLiveOptions): string | undefined {
  if (needsLog) return 'only a full log shows files, peers and single calls'
  const [other] = traceSets(expressions).others
  return other === undefined ? undefined : `only strace understands -e ${other}`
}

async function chooseBpf(machine: TraceMachine, options: TraceLiveOptions): Promise<TracerChoice> {
  const reason = straceReason(options)
  if (reason !== undefined)
    throw new MachineError('no-kernel-support', `--backend bpf cannot answer this: ${reason}`, {
      hint: 'use --backend strace',
    })
  try {
    const tracer = await findBpftraceTracer(machine)
    return { tracer, because: options.backend === 'bpf' ? 'eBPF, as asked for' : 'eBPF works here and costs least' }
  } catch (error) {
    if (!(error instanceof MachineError)) throw error
    // libbpf's syscount can do the simple case where bpftrace is missing, or refuses this user.
    const tracer = isSimple(options) ? await findSyscount(machine).catch(ignoreMachineError) : undefined
    if (tracer === undefined) throw refusal('eBPF cannot count system calls here', error)
    return { tracer, because: `eBPF without bpftrace, which shows more: ${error.message}` }
  }
}

function ignoreMachineError(error: unknown): undefined {
  if (!(error instanceof MachineError)) throw error
}

/** One process, all its calls together: what syscount counts. */
function isSimple({ followChildren, byThread, expressions, target }: TraceLiveOptions): boolean {
  return !followChildren && !byThread && expressions.length === 0 && target.kind === 'pids' && target.pids.length === 1
}

async function chooseAuto(
  machine: TraceMachine,
  targets: readonly TargetProcess[],
  options: TraceLiveOptions,
): Promise<TracerChoice> {
  let reason = straceReason(options)
  let remedy: string | undefined
  if (reason === undefined) {
    try {
      return await chooseBpf(machine, options)
    } catch (error) {
      if (!(error instanceof MachineError)) throw error
      reason = error.message
      remedy = error.hint
    }
  }
  if (options.target.kind === 'command') {
    const tracer = await explained(`strace (and ${reason})`, findStrace(machine, targets, options))
    return { tracer, because: reason }
  }
  throw new MachineError('not-permitted', `running processes are not traced with strace unless asked for: ${reason}`, {
    hint: `${remedy === undefined ? '' : `${remedy}; or, `}if they may be stopped at every call (70 to 480 times slower), add --backend strace`,
  })
}

/** The tracer, or the reason as a whole sentence. */
async function explained(name: string, found: Promise<Tracer>): Promise<Tracer> {
  try {
    return await found
  } catch (error) {
    throw error instanceof MachineError ? refusal(`${name} cannot trace here`, error) : error
  }
}

function refusal(what: string, { code, message, hint }: MachineError): MachineError {
  return new MachineError(code, `${what}: ${message}`, { hint })
}
