import { perfSyscalls, perfThreads } from '../../rules/perf-trace-profile.ts'
import { MachineError, ToolError } from '../../../errors.ts'
import { syscallName } from '../../../kernel/syscall-names.ts'
import { parsePerfTraceSummary } from '../../formats/perf-trace-summary.ts'
import { startTool } from '../../../children/child-tool.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { holdCommand } from '../../../children/hold-command.ts'
import { commandStatus, pollUntil, waitForEnd } from '../trace-end.ts'
import { profileMeta, type TraceRun } from './tracer.ts'

const STOP_GRACE_MS = 10_000

/** Counts with `perf trace -s`, which works from records that the kernel writes: under load it loses some unsaid. */
export const traceWithPerf: TraceRun = async job => {
  const { tracer, options, abort, proc, targets } = job
  const { target } = options
  if (target.kind === 'comm' || target.kind === 'cgroup') {
    throw new MachineError('no-kernel-support', `perf trace takes processes, not a ${target.kind}`, {
      hint: 'take --backend bpf',
    })
  }
  const startedAt = new Date().toISOString()
  const command = target.kind === 'command' ? await holdCommand(target.argv) : undefined
  const pids = command === undefined ? targets.map(process => process.pid) : [command.pid]
  let text = ''
  const perf = await startTool({
    file: tracer.file,
    args: ['trace', '-s', '--errno-summary', ...(options.followChildren ? [] : ['--no-inherit']), '-p', pids.join(',')],
    onStderrLine: line => void (text += `${line}\n`),
  })
  let gone = false
  void perf.ended.then(() => (gone = true))
  await pollUntil(() => gone || waitsForEvents(proc, perf.pid))
  const from = performance.now()
  if (!gone) command?.release()
  await waitForEnd(proc, {
    until: [perf.ended, ...(command === undefined || gone ? [] : [command.ended])],
    pids,
    durationMs: options.durationMs,
    abort,
  })
  const durationNs = Math.round((performance.now() - from) * 1e6)
  perf.stop(STOP_GRACE_MS)
  const { stderr } = await perf.ended
  if (!text.includes('Summary of events')) {
    if (gone) command?.end()
    throw new ToolError(`perf trace could not count system calls: ${stderr.trim().split('\n')[0] ?? ''}`, {
      hint: 'take --backend bpf or --backend strace',
    })
  }
  const threads = parsePerfTraceSummary(text)
  return {
    profile: {
      meta: profileMeta(job, startedAt, durationNs),
      syscalls: perfSyscalls(threads),
      threads: options.byThread ? perfThreads(threads) : undefined,
      rejected: [],
      warnings: [
        {
          code: 'perf-limits',
          message:
            'perf trace names 32-bit calls wrongly and may lose calls without a word' +
            (command === undefined ? '' : '; a few calls of the shell that starts the command are counted too'),
          hint: 'take --backend bpf where the counts must be exact',
        },
      ],
    },
    status: await commandStatus(command),
  }
}

/** Once perf has enabled its events it polls. */
function waitsForEvents(proc: ProcSource, pid: number): boolean {
  try {
    const number = parseInt(proc.readFile(`${pid}/syscall`).toString('latin1'), 10)
    return /^p?poll$/.test(syscallName(proc.meta.arch ?? '', 'native', number))
  } catch {
    return false
  }
}
