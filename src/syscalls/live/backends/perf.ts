import { perfSyscalls, perfThreads } from '../../rules/perf-trace-profile.ts'
import { isKind, KIND } from '../../../kernel/syscall-kind.ts'
import type { Warning } from '../../../warnings.ts'
import type { SyscallStats } from '../../profile.ts'
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
  if (options.followChildren)
    throw new MachineError(
      'no-kernel-support',
      'perf trace does not follow: attached to a process, it counts the threads there are, and none that come later',
      { hint: 'take --backend bpf or --backend strace with -f' },
    )
  const startedAt = new Date().toISOString()
  const command = target.kind === 'command' ? await holdCommand(target.argv) : undefined
  const pids = command === undefined ? targets.map(process => process.pid) : [command.pid]
  let text = ''
  const perf = await startTool({
    file: tracer.file,
    args: ['trace', '-s', '--errno-summary', '--no-inherit', '-p', pids.join(',')],
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
  const syscalls = perfSyscalls(threads)
  return {
    profile: {
      meta: profileMeta(job, startedAt, durationNs),
      syscalls,
      threads: options.byThread ? perfThreads(threads) : undefined,
      rejected: [],
      warnings: [
        {
          code: 'perf-limits',
          message:
            (syscalls.length === 0 && command !== undefined
              ? 'perf trace lost every call of the command; it names'
              : 'perf trace may lose calls without a word, and names') +
            ' 32-bit calls wrongly' +
            (command === undefined ? '' : '; a few calls of the shell that starts the command are counted too'),
          hint: 'take --backend bpf where the counts must be exact',
        },
        ...uncountedThreads(syscalls),
      ],
    },
    status: await commandStatus(command),
  }
}

/** Threads and children that came after perf was attached. */
export function uncountedThreads(syscalls: readonly SyscallStats[]): Warning[] {
  const made = syscalls
    .filter(row => isKind(row.name, KIND.forks))
    .reduce((sum, row) => sum + row.calls - row.errors, 0)
  if (made === 0) return []
  return [
    {
      code: 'threads-uncounted',
      message: `${made} threads or children were made, whose calls are not in these counts: perf trace does not follow them`,
      hint: 'take --backend bpf, with -f for children',
    },
  ]
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
