import { traceSets } from './called-filter.ts'
import { MachineError } from '../../errors.ts'
import { shellStatus } from '../../children/child-tool.ts'
import { openLiveProc } from '../../proc/live-proc.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { onEndingSignal } from '../../children/signals.ts'
import {
  findBpftrace,
  findPerf,
  findStrace,
  findSyscount,
  obstacleError,
  type Found,
  type Obstacle,
} from './find-tracers.ts'
import type { TraceLive, TraceLiveOptions, TraceLiveResult } from './contract.ts'
import { findTargets, type TargetProcess } from './target.ts'
import { traceWithBpftrace } from './backends/bpftrace.ts'
import { traceWithPerf } from './backends/perf.ts'
import { traceWithStrace } from './backends/strace.ts'
import { traceWithSyscount } from './backends/syscount.ts'
import type { Tracer, TraceRun } from './backends/tracer.ts'

const RUNS: Readonly<Record<Tracer['backend'], TraceRun>> = {
  bpftrace: traceWithBpftrace,
  syscount: traceWithSyscount,
  strace: traceWithStrace,
  perf: traceWithPerf,
}

/** Traces a command or running processes with the tool that hurts least, and says which one that is and why. */
export const traceLive: TraceLive = async (options, events, abort = new AbortController().signal) => {
  const proc = openLiveProc()
  const targets = findTargets(proc, options.target, process.pid)
  const { tracer, because } = await chooseTracer(proc, targets, options)
  if (options.target.kind !== 'command' && targets.length === 0 && tracer.backend !== 'bpftrace') {
    throw new MachineError('no-target', `${tracer.backend} has nothing to attach to: no process matches`, {
      hint: 'with eBPF, as root, processes that come later are counted too',
    })
  }
  events.remark({
    code: 'backend-chosen',
    message: `counting with ${tracer.backend} ${tracer.version} (${because}); costs ${tracer.overhead}`,
  })
  const run = (until: AbortSignal) => RUNS[tracer.backend]({ tracer, options, events, abort: until, proc, targets })
  // A command gets the signals itself, and its end is ours.
  return options.target.kind === 'command' ? run(abort) : endingOnSignal(abort, run)
}

/** Ctrl-C and its kin end an attachment, which is no failure of it, but what our status tells. */
async function endingOnSignal(
  abort: AbortSignal,
  run: (until: AbortSignal) => Promise<TraceLiveResult>,
): Promise<TraceLiveResult> {
  const stop = new AbortController()
  let signal: NodeJS.Signals | undefined
  const ignore = onEndingSignal(name => {
    signal ??= name
    stop.abort()
  })
  try {
    const { profile, status } = await run(AbortSignal.any([abort, stop.signal]))
    return { profile, status: signal === undefined ? status : shellStatus({ exitCode: undefined, signal }) }
  } finally {
    ignore()
  }
}

interface Choice {
  tracer: Tracer
  /** Why this one, as one phrase. */
  because: string
}

async function chooseTracer(
  proc: ProcSource,
  targets: readonly TargetProcess[],
  options: TraceLiveOptions,
): Promise<Choice> {
  const { backend } = options
  if (backend === 'bpf') return chooseBpf(proc, options)
  const asked = 'asked for with --backend'
  if (backend === 'syscount') return { tracer: need(await findSyscount(proc), 'syscount'), because: asked }
  if (backend === 'perf') return { tracer: need(await findPerf(proc), 'perf'), because: asked }
  if (backend === 'strace') return { tracer: need(await findStrace(proc, targets, options), 'strace'), because: asked }
  return chooseAuto(proc, targets, options)
}

function need(found: Found, name: string): Tracer {
  if ('tracer' in found) return found.tracer
  throw obstacleError(`${name} cannot trace here`, found)
}

/** What only strace can do of what was asked, if anything. */
function straceReason({ needsLog, expressions }: TraceLiveOptions): string | undefined {
  if (needsLog) return 'only a full log shows files, peers and single calls'
  const [other] = traceSets(expressions).others
  return other === undefined ? undefined : `only strace understands -e ${other}`
}

async function chooseBpf(proc: ProcSource, options: TraceLiveOptions): Promise<Choice> {
  const reason = straceReason(options)
  if (reason !== undefined)
    throw new MachineError('no-kernel-support', `--backend bpf cannot answer this: ${reason}`, {
      hint: 'take --backend strace',
    })
  const found = await findBpftrace(proc)
  if ('tracer' in found) return { tracer: found.tracer, because: 'eBPF, as asked for' }
  return chooseSyscount(proc, options, found)
}

/** libbpf's syscount, for the simple case that it can do, where bpftrace is missing. */
async function chooseSyscount(proc: ProcSource, options: TraceLiveOptions, missing: Obstacle): Promise<Choice> {
  const simple =
    !options.followChildren &&
    !options.byThread &&
    options.expressions.length === 0 &&
    options.target.kind === 'pids' &&
    options.target.pids.length === 1
  const found = simple && missing.code === 'tool-missing' ? await findSyscount(proc) : missing
  if ('tracer' in found) return { tracer: found.tracer, because: 'eBPF; bpftrace, which shows more, is not installed' }
  throw obstacleError('eBPF cannot count system calls here', missing)
}

async function chooseAuto(
  proc: ProcSource,
  targets: readonly TargetProcess[],
  options: TraceLiveOptions,
): Promise<Choice> {
  let reason = straceReason(options)
  let remedy: string | undefined
  if (reason === undefined) {
    try {
      const { tracer } = await chooseBpf(proc, options)
      return { tracer, because: 'eBPF works here and hurts least' }
    } catch (error) {
      if (!(error instanceof MachineError)) throw error
      reason = error.message
      remedy = error.hint
    }
  }
  if (options.target.kind === 'command') {
    const tracer = need(await findStrace(proc, targets, options), `strace (and ${reason})`)
    return { tracer, because: reason }
  }
  throw new MachineError('not-permitted', `running processes are not traced with strace unasked: ${reason}`, {
    hint: `${remedy === undefined ? '' : `${remedy}; or, `}if they bear being stopped at every call (70 to 480 times slower), add --backend strace`,
  })
}
