import type { MachineError } from '../../errors.ts'
import { predictAttach, type Need } from './attach.ts'
import { checkMachine, type Check, type CheckId } from './check-machine.ts'
import type { MachineFiles } from './machine/machine-files.ts'
import type { BpfMachine } from './machine/machine.ts'
import { AS_ROOT } from './answer.ts'

/** What keeps tracing from working here, and what mends it. */
export interface TracingObstacle {
  code: MachineError['code']
  /** Ends a sentence: `… cannot count here: bpftrace is not installed`. */
  reason: string
  remedy: string | undefined
}

/** Checks that are about rights; the others are about the kernel. */
const RIGHTS = new Set<CheckId>(['user', 'capabilities', 'user-namespace', 'memlock', 'unprivileged'])

export interface TracingWish {
  /** Our own program in bpftrace, or a tool of libbpf. */
  through: 'bpftrace' | 'libbpf'
  /** Each is needed: `raw_syscalls:sys_enter`. */
  tracepoints: readonly string[]
  /** The program compares process ids with those that are seen here. */
  byPid: boolean
}

/**
 * Why these tracepoints cannot be traced here, as the doctor sees the machine; undefined where nothing speaks against
 * it. Reads files only.
 */
export function tracingObstacle(
  files: MachineFiles,
  machine: BpfMachine,
  { through, tracepoints, byPid }: TracingWish,
): TracingObstacle | undefined {
  const checks = checkMachine(machine)
  const needs: Need[] = [through === 'bpftrace' ? 'bpftrace' : 'btf']
  const sections = tracepoints.map(name => ({ section: `tracepoint/${name.replace(':', '/')}`, name: '' }))
  const [against] = predictAttach(sections, needs, checks).against
  if (against !== undefined) return obstacleOf(against)
  const pids = checks.find(check => check.code === 'pid-namespace')
  if (byPid && pids?.severity === 'warning') return obstacleOf(pids)
  const missing = tracepoints.find(name => !hasTracepoint(files, machine, name))
  if (missing === undefined) return undefined
  return {
    code: 'no-kernel-support',
    reason: `this kernel has no tracepoint ${missing}`,
    remedy: 'boot a kernel built with CONFIG_FTRACE_SYSCALLS=y',
  }
}

function obstacleOf({ code: id, finding, do: [remedy] }: Check): TracingObstacle {
  if (id === 'bpftrace') return { code: 'tool-missing', reason: 'bpftrace is not installed', remedy }
  return {
    code: RIGHTS.has(id) ? 'not-permitted' : 'no-kernel-support',
    reason: finding,
    remedy: remedy === AS_ROOT ? 'run it as root (sudo)' : remedy,
  }
}

function hasTracepoint(files: MachineFiles, { kernelFiles }: BpfMachine, name: string): boolean {
  try {
    files.probe(`${kernelFiles.tracefs}/events/${name.replace(':', '/')}/format`)
    return true
  } catch {
    return false
  }
}
