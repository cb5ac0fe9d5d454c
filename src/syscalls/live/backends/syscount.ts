import { MachineError, ToolError } from '../../../errors.ts'
import { syscallName } from '../../../kernel/syscall-names.ts'
import { parseSyscount } from '../../formats/syscount-table.ts'
import { startTool } from '../../../children/child-tool.ts'
import { findTool } from '../../../children/find-tool.ts'
import { holdCommand } from '../../../children/hold-command.ts'
import { commandStatus, waitForEnd } from '../trace-end.ts'
import { profileMeta, type TraceRun } from './tracer.ts'

const STOP_GRACE_MS = 5000
/** More rows than there are system calls: syscount shows ten of them by default. */
const ALL_ROWS = '100000'

/** Counts with libbpf's syscount, which costs least and tells least: calls and wall time of one process or cgroup. */
export const traceWithSyscount: TraceRun = async job => {
  const { tracer, options, abort, proc, targets } = job
  const { target } = options
  if (target.kind === 'comm' || targets.length > 1 || options.followChildren || options.byThread) {
    throw new MachineError('no-kernel-support', 'syscount counts one process or cgroup, all its threads together', {
      hint: 'take --backend bpf',
    })
  }
  const startedAt = new Date().toISOString()
  const command = target.kind === 'command' ? await holdCommand(target.argv) : undefined
  const whom = target.kind === 'cgroup' ? ['-c', target.path] : ['-p', String(command?.pid ?? targets[0]!.processId)]
  let text = ''
  let tellReady!: () => void
  const ready = new Promise<undefined>(resolve => (tellReady = () => resolve(undefined)))
  // Its stdout is a pipe: without line buffering it would say only at the end that it is ready.
  const stdbuf = findTool(['stdbuf'])
  const args = ['-L', '-T', ALL_ROWS, ...whom]
  const syscount = await startTool({
    ...(stdbuf === undefined ? { file: tracer.file, args } : { file: stdbuf, args: ['-oL', tracer.file, ...args] }),
    onLine(line) {
      if (line.startsWith('Tracing syscalls')) tellReady()
      text += `${line}\n`
    },
  })
  const early = await Promise.race([ready, syscount.ended])
  if (early !== undefined) {
    command?.end()
    throw new ToolError(`syscount could not count system calls: ${early.stderr.trim().split('\n')[0] ?? ''}`, {
      hint: 'take --backend bpf or --backend strace',
    })
  }
  const from = performance.now()
  command?.release()
  await waitForEnd(proc, {
    until: [syscount.ended, ...(command === undefined ? [] : [command.ended])],
    pids: targets.map(process => process.processId),
    durationMs: options.durationMs,
    abort,
  })
  const durationNs = Math.round((performance.now() - from) * 1e6)
  syscount.stop(STOP_GRACE_MS)
  await syscount.ended
  const rows = parseSyscount(text, number => syscallName(proc.meta.arch ?? '', 'native', number))
  return {
    profile: {
      meta: profileMeta(job, startedAt, durationNs),
      syscalls: rows.map(({ name, calls, wallNs }) => ({
        name,
        abi: 'native',
        calls,
        errors: 0,
        wall: wallNs === undefined ? undefined : { totalNs: wallNs },
      })),
      rejected: [],
      warnings: [
        {
          code: 'error-counts-missing',
          message:
            'syscount tells no errors, no 32-bit calls from native ones, and nothing of rt_sigreturn' +
            (command === undefined ? '' : '; a few calls of the shell that starts the command are counted too'),
          hint: 'take --backend bpf for these',
        },
      ],
    },
    status: await commandStatus(command),
  }
}
