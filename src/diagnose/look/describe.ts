import { optional } from '../../errors.ts'
import { syscallName } from '../../kernel/syscall-names.ts'
import { parseCmdline } from '../../processes/pid-cmdline.ts'
import { parsePidCgroup } from '../../processes/pid-cgroup.ts'
import { parsePidStatus } from '../../processes/pid-status.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Description, ObservedProcess } from '../observed/task.ts'

/** Frames of a kernel stack that are kept. */
const FRAMES = 8

/** What is worth knowing of a process that a finding names. */
export function describeProcess(
  source: ProcSource,
  process: ObservedProcess,
  { userHz, bootedAtMs }: { userHz: number; bootedAtMs?: number | undefined },
): Description {
  const { pid } = process
  const read = (file: string) => optional(() => source.readFile(`${pid}/${file}`))
  const task = process.hangingThread === undefined ? '' : `task/${process.hangingThread}/`
  const status = optional(() => parsePidStatus(source.readFile(`${pid}/status`)))
  const cgroup = optional(() => parsePidCgroup(source.readFile(`${pid}/cgroup`)))
  return {
    args: optional(() => parseCmdline(source.readFile(`${pid}/cmdline`))),
    unit: cgroup?.unit,
    container: cgroup?.container,
    cgroup: cgroup?.path,
    startedAt:
      bootedAtMs === undefined ? undefined : new Date(bootedAtMs + (process.startTicks / userHz) * 1000).toISOString(),
    uid: status?.uids?.[1],
    ...(status?.tracerPid && { tracerPid: status.tracerPid }),
    stack: stackOf(read(`${task}stack`)),
    syscall: syscallOf(read(`${task}syscall`), source.meta.arch),
  }
}

/** /proc/PID/stack: `[<0>] hrtimer_nanosleep+0x7f/0x120`, for root. */
function stackOf(bytes: Buffer | undefined): string[] | undefined {
  if (bytes === undefined) return undefined
  const frames = [...bytes.toString('latin1').matchAll(/^\[<\w+>\] ([^+\s]+)/gm)].map(([, name]) => name!)
  return frames.length === 0 ? undefined : frames.slice(0, FRAMES)
}

/** /proc/PID/syscall: the number and the arguments of the call a task sleeps in. Source: proc_pid_syscall(5). */
function syscallOf(bytes: Buffer | undefined, arch: string | undefined): string | undefined {
  const number = /^(\d+) /.exec(bytes?.toString('latin1') ?? '')?.[1]
  return number === undefined || arch === undefined ? undefined : syscallName(arch, 'native', Number(number))
}

/** The first argument of the call a task sleeps in, where it is a descriptor. */
export function descriptorItWaitsFor(source: ProcSource, folder: string): number | undefined {
  const text = optional(() => source.readFile(`${folder}/syscall`).toString('latin1'))
  const digits = /^\d+ 0x([0-9a-f]+) /.exec(text ?? '')?.[1]
  const fd = digits === undefined ? undefined : Number.parseInt(digits, 16)
  return fd !== undefined && fd < 0x1000_0000 ? fd : undefined
}
