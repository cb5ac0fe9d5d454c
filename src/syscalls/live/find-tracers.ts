import { MachineError } from '../../errors.ts'
import { parseKeyedLines } from '../../proc/keyed-lines.ts'
import { parseStraceVersion, sparesOthers } from './backends/strace-arguments.ts'
import { findTool } from '../../children/find-tool.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readTool } from '../../children/read-tool.ts'
import { tracefsObstacle } from '../../children/tracefs.ts'
import type { TraceLiveOptions } from './contract.ts'
import type { TargetProcess } from './target.ts'
import type { Tracer } from './backends/tracer.ts'

/** A tracer that works here, or why it does not and what would help. */
export type Found = { tracer: Tracer } | Obstacle

export interface Obstacle {
  code: 'tool-missing' | 'not-permitted' | 'no-kernel-support'
  /** Ends a sentence: `… because bpftrace is not installed`. */
  obstacle: string
  hint: string
}

/** Debian package of each tool, and how it says its version. */
const TOOLS = {
  bpftrace: { package: 'bpftrace', ask: '-V', version: /v(\d\S*)/ },
  // bpfcc-tools has another syscount, which compiles itself and wants kernel headers.
  syscount: { package: 'libbpf-tools', ask: '-V', version: /(\d\S*)/ },
  strace: { package: 'strace', ask: '-V', version: /version (\S+)/ },
  perf: { package: 'linux-perf', ask: '--version', version: /version (\S+)/ },
} as const

/** CAP_SYS_PTRACE and CAP_SYS_ADMIN. Source: linux/capability.h */
const CAP_SYS_PTRACE = 19n
const CAP_SYS_ADMIN = 21n

/** A machine that is worth tracing may be busy. */
const ANSWER_WITHIN_MS = 30_000

async function findInstalled(backend: Tracer['backend'], overhead: string): Promise<Found> {
  const tool = TOOLS[backend]
  const file = findTool([backend])
  if (file === undefined)
    return { code: 'tool-missing', obstacle: `${backend} is not installed`, hint: `apt install ${tool.package}` }
  const { stdout, stderr } = await readTool(file, [tool.ask], { timeoutMs: ANSWER_WITHIN_MS })
  return { tracer: { backend, file, version: tool.version.exec(stdout + stderr)?.[1] ?? 'unknown', overhead } }
}

/** What keeps eBPF from counting here, whichever tool loads it. */
function bpfObstacle(proc: ProcSource): Obstacle | undefined {
  const asRoot = 'run it as root (sudo)'
  const status = statusOf(proc)
  if (status.uid !== 0) return { code: 'not-permitted', obstacle: 'eBPF is for root', hint: asRoot }
  if (!status.has(CAP_SYS_ADMIN))
    return {
      code: 'not-permitted',
      obstacle: 'this root lacks CAP_SYS_ADMIN',
      hint: 'give the container --privileged, or run on the host',
    }
  if (!isInitialPidNamespace(proc))
    return {
      code: 'no-kernel-support',
      obstacle: 'eBPF sees other process ids than this pid namespace has',
      hint: 'run it on the host, or in a container with --pid=host',
    }
  const obstacle = tracefsObstacle()
  if (obstacle !== undefined)
    return { code: 'no-kernel-support', obstacle, hint: 'mount -t tracefs nodev /sys/kernel/tracing' }
  return undefined
}

export async function findBpftrace(proc: ProcSource): Promise<Found> {
  return (
    bpfObstacle(proc) ?? findInstalled('bpftrace', 'about 1 µs a call: 5 to 8 times slower where it does nothing else')
  )
}

export async function findSyscount(proc: ProcSource): Promise<Found> {
  return (
    bpfObstacle(proc) ?? findInstalled('syscount', 'about 0.5 µs a call: 3 times slower where it does nothing else')
  )
}

export async function findPerf(proc: ProcSource): Promise<Found> {
  const paranoid = Number(readText(proc, 'sys/kernel/perf_event_paranoid') ?? 0)
  const status = statusOf(proc)
  if (status.uid !== 0 && paranoid > -1)
    return {
      code: 'not-permitted',
      obstacle: `kernel.perf_event_paranoid is ${paranoid}, which keeps tracepoints for root`,
      hint: 'run it as root, or set kernel.perf_event_paranoid to -1',
    }
  return findInstalled('perf', 'about 27 µs a call: 110 times slower where it does nothing else')
}

export async function findStrace(
  proc: ProcSource,
  targets: readonly TargetProcess[],
  options: TraceLiveOptions,
): Promise<Found> {
  for (const target of targets) {
    const obstacle = ptraceObstacle(proc, target)
    if (obstacle !== undefined) return obstacle
  }
  const found = await findInstalled('strace', '')
  if (!('tracer' in found)) return found
  const refused = options.target.kind === 'command' ? await straceRefused(found.tracer.file) : undefined
  if (refused !== undefined) return refused
  const version = parseStraceVersion(`version ${found.tracer.version}`)
  const spared = version !== undefined && options.target.kind === 'command' && sparesOthers({ ...options, version })
  found.tracer.overhead = spared
    ? 'the calls asked for 17 to 110 µs each; other calls next to nothing'
    : '17 to 110 µs a call: 70 to 480 times slower where it does nothing else'
  return found
}

/**
 * Whether strace may trace what it starts: no file tells what a container's seccomp filter refuses, and the messages of
 * the real run would be among those of the command.
 */
async function straceRefused(file: string): Promise<Obstacle | undefined> {
  const quick = ['-qq', '-e', 'trace=none', '-o', '/dev/null', '--', findTool(['true']) ?? 'true']
  const { exitCode, stderr } = await readTool(file, quick, { timeoutMs: ANSWER_WITHIN_MS })
  if (exitCode === 0) return undefined
  return {
    code: 'not-permitted',
    obstacle: straceProblem(stderr) ?? 'strace did not say why',
    hint: 'in a container: --cap-add SYS_PTRACE, and --security-opt seccomp=unconfined before Linux 4.8',
  }
}

/** The line of strace's stderr that says what went wrong, without the name of strace. */
export function straceProblem(stderr: string): string | undefined {
  return /^\S*strace: (.*(?:ptrace|PTRACE|Operation not permitted|No such process|nvalid).*)$/m.exec(stderr)?.[1]
}

/** Why ptrace will not be allowed. Source: ptrace(2), "Ptrace access mode checking"; Yama's documentation. */
function ptraceObstacle(proc: ProcSource, target: TargetProcess): Obstacle | undefined {
  const us = statusOf(proc)
  if (target.tracer !== 0) {
    return {
      code: 'not-permitted',
      obstacle: `process ${target.tracer} (${nameOf(proc, target.tracer)}) traces process ${target.pid} already`,
      hint: 'end that tracer first, or take --backend bpf',
    }
  }
  if (us.has(CAP_SYS_PTRACE)) return undefined
  if (us.uid !== target.uid) {
    return {
      code: 'not-permitted',
      obstacle: `process ${target.pid} belongs to user ${target.uid}, and this is user ${us.uid}`,
      hint: 'run it as that user or as root (sudo)',
    }
  }
  const scope = Number(readText(proc, 'sys/kernel/yama/ptrace_scope') ?? 0)
  if (scope === 0) return undefined
  return {
    code: 'not-permitted',
    obstacle: `kernel.yama.ptrace_scope is ${scope}, which lets a user trace only what was started below the tracer`,
    hint: scope === 3 ? 'reboot with another setting' : 'run it as root, or: sudo sysctl kernel.yama.ptrace_scope=0',
  }
}

/** What strace and its kin would say is forbidden, as an error of ours. */
export function obstacleError(what: string, { code, obstacle, hint }: Obstacle): MachineError {
  return new MachineError(code, `${what}: ${obstacle}`, { hint })
}

function statusOf(proc: ProcSource): { uid: number; has(capability: bigint): boolean } {
  const fields = parseKeyedLines(proc.readFile('self/status').toString('latin1'), ':')
  const effective = BigInt(`0x${fields.get('CapEff') ?? '0'}`)
  return {
    uid: Number(fields.get('Uid')?.split(/\s+/)[1] ?? -1),
    has: capability => ((effective >> capability) & 1n) === 1n,
  }
}

/** Source: PROC_PID_INIT_INO of linux/proc_ns.h. */
function isInitialPidNamespace(proc: ProcSource): boolean {
  try {
    return proc.readLink('self/ns/pid') === 'pid:[4026531836]'
  } catch {
    return true
  }
}

function nameOf(proc: ProcSource, pid: number): string {
  return readText(proc, `${pid}/comm`) ?? 'gone'
}

function readText(proc: ProcSource, path: string): string | undefined {
  try {
    return proc.readFile(path).toString('latin1').trim()
  } catch {
    return undefined
  }
}
