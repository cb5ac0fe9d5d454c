import { MachineError } from '../../errors.ts'
import { shellStatus } from '../../children/child-tool.ts'
import { findCommand, isSetuid } from '../../children/find-tool.ts'
import { openLiveProc } from '../../proc/live-proc.ts'
import { onEndingSignal } from '../../children/signals.ts'
import { holds, openMachine, readBpfMachine } from '../../bpf/index.ts'
import { calledFilter, traceSets } from './called-filter.ts'
import { chooseTracer } from './choose-tracer.ts'
import type { TraceLive, TraceLiveResult } from './contract.ts'
import { findTargets } from './target.ts'
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

/** Traces a command or running processes with the tool that costs them least, and says which one that is and why. */
export const traceLive: TraceLive = async (options, events, abort = new AbortController().signal) => {
  const proc = openLiveProc()
  if (options.target.kind === 'command') findCommand(options.target.argv[0]!)
  const targets = findTargets(proc, options.target, process.pid)
  const files = openMachine(undefined)
  const machine = { proc, files, facts: readBpfMachine(files) }
  const { tracer, because } = await chooseTracer(machine, targets, options)
  if (options.target.kind !== 'command' && targets.length === 0 && tracer.backend !== 'bpftrace') {
    throw new MachineError('no-target', `${tracer.backend} has nothing to attach to: no process matches`, {
      hint: 'with eBPF, as root, processes that come later are counted too',
    })
  }
  // Refused before anything is said of counting.
  if (tracer.backend === 'bpftrace') calledFilter(traceSets(options.expressions).sets, proc.meta.arch ?? '')
  events.remark({
    code: 'backend-chosen',
    message: `counting with ${tracer.backend} ${tracer.version} (${because}); costs ${tracer.overhead}`,
  })
  if (options.target.kind !== 'command' && targets.length === 0)
    events.remark({
      code: 'target-awaited',
      message: `no process ${options.target.kind === 'comm' ? `is called ${options.target.comm}` : 'is in this cgroup'} yet: those that come are counted`,
    })
  if (options.target.kind === 'command' && tracer.backend === 'strace' && !holds(machine.facts, 'SYS_PTRACE')) {
    const [name] = options.target.argv as [string, ...string[]]
    if (isSetuid(findCommand(name)))
      events.remark({
        code: 'setuid-ignored',
        message: `${name} is a set-user-ID program, and traced by strace it runs with the rights of this user only`,
        hint: 'run trace-syscalls as root (sudo)',
      })
  }
  const run = (until: AbortSignal) => RUNS[tracer.backend]({ tracer, options, events, abort: until, proc, targets })
  // A command gets the signals itself, and its end is ours.
  return options.target.kind === 'command' ? run(abort) : endingOnSignal(abort, run)
}

/** A signal that asks us to end ends an attachment. The profile is complete; the exit status names the signal. */
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
