import { findBpftrace, holds, mayTrace, tracingObstacle, type BpfMachine, type MachineFiles } from '../../bpf/index.ts'
import { findTool } from '../../children/find-tool.ts'
import { readTool } from '../../children/read-tool.ts'
import { MachineError, UsageError } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parseStraceVersion, sparesOthers } from './backends/strace-arguments.ts'
import type { Tracer } from './backends/tracer.ts'
import type { TraceLiveOptions } from './contract.ts'
import type { TargetProcess } from './target.ts'

/** What the machine offers, as the doctor of `linsight bpf` reads it, and its processes. */
export interface TraceMachine {
  proc: ProcSource
  files: MachineFiles
  facts: BpfMachine
}

/** Debian package of each tool, and how it says its version. */
const TOOLS = {
  strace: { package: 'strace', ask: '-V', version: /version (\S+)/ },
  perf: { package: 'linux-perf', ask: '--version', version: /version (\S+)/ },
} as const

/** What the counting programs attach to. */
const TRACEPOINTS = [
  'raw_syscalls:sys_enter',
  'raw_syscalls:sys_exit',
  'sched:sched_switch',
  'sched:sched_process_exec',
]

/** A machine that is worth tracing may be busy. */
const ANSWER_WITHIN_MS = 30_000

/** @throws MachineError where it is not installed */
async function findInstalled(backend: keyof typeof TOOLS): Promise<{ file: string; version: string }> {
  const tool = TOOLS[backend]
  const file = findTool([backend])
  if (file === undefined)
    throw new MachineError('tool-missing', `${backend} is not installed`, { hint: `apt install ${tool.package}` })
  return { file, version: await versionOf(file, tool.ask, tool.version) }
}

async function versionOf(file: string, ask: string, pattern: RegExp): Promise<string> {
  const { stdout, stderr } = await readTool(file, [ask], { timeoutMs: ANSWER_WITHIN_MS })
  return pattern.exec(stdout + stderr)?.[1] ?? 'unknown'
}

/** @throws MachineError what keeps eBPF from counting here, whichever tool loads it */
function needBpf({ files, facts }: TraceMachine, through: 'bpftrace' | 'libbpf'): void {
  const obstacle = tracingObstacle(files, facts, { through, tracepoints: TRACEPOINTS, byPid: true })
  if (obstacle !== undefined) throw new MachineError(obstacle.code, obstacle.reason, { hint: obstacle.remedy })
}

/** @throws MachineError where it cannot count here; so do the other finders */
export async function findBpftraceTracer(machine: TraceMachine): Promise<Tracer> {
  needBpf(machine, 'bpftrace')
  const { path, version } = await findBpftrace(machine.facts)
  const overhead = 'about 1 µs a call: 5 to 8 times slower where it does nothing else'
  return { backend: 'bpftrace', file: path, version, overhead }
}

export async function findSyscount(machine: TraceMachine): Promise<Tracer> {
  needBpf(machine, 'libbpf')
  // BCC has another syscount, which compiles itself and wants kernel headers.
  const tool = machine.facts.programs.tools.find(({ name, family }) => name === 'syscount' && family === 'libbpf')
  if (tool === undefined)
    throw new MachineError('tool-missing', 'syscount is not installed', { hint: 'apt install libbpf-tools' })
  const version = await versionOf(tool.path, '-V', /(\d\S*)/)
  const overhead = 'about 0.5 µs a call: 3 times slower where it does nothing else'
  return { backend: 'syscount', file: tool.path, version, overhead }
}

export async function findPerf({ facts }: TraceMachine): Promise<Tracer> {
  const paranoid = facts.kernelSettings.perfEventParanoid ?? 0
  if (!mayTrace(facts) && paranoid > -1)
    throw new MachineError(
      'not-permitted',
      `kernel.perf_event_paranoid is ${paranoid}, which keeps tracepoints for privileged users`,
      { hint: 'run it as root, or set kernel.perf_event_paranoid to -1' },
    )
  const overhead = 'about 27 µs a call: 110 times slower where it does nothing else'
  return { backend: 'perf', ...(await findInstalled('perf')), overhead }
}

export async function findStrace(
  machine: TraceMachine,
  targets: readonly TargetProcess[],
  options: TraceLiveOptions,
): Promise<Tracer> {
  for (const target of targets) needPtrace(machine, target)
  const { file, version } = await findInstalled('strace')
  await checkExpressions(file, options.expressions)
  const starts = options.target.kind === 'command'
  if (starts) await tryStrace(file)
  const known = parseStraceVersion(`version ${version}`)
  const spared = known !== undefined && starts && sparesOthers({ ...options, version: known })
  const overhead = spared
    ? 'the calls asked for 17 to 110 µs each; other calls next to nothing'
    : '17 to 110 µs a call: 70 to 480 times slower where it does nothing else'
  return { backend: 'strace', file, version, overhead }
}

/**
 * What strace does not understand it says before it does anything, so that the command need not be started.
 *
 * @throws UsageError
 */
async function checkExpressions(file: string, expressions: readonly string[]): Promise<void> {
  if (expressions.length === 0) return
  const words = expressions.flatMap(expression => ['-e', expression])
  const { exitCode, stderr } = await readTool(file, [...words, '-V'], { timeoutMs: ANSWER_WITHIN_MS })
  if (exitCode === 0) return
  const reason = /^\S*strace: (.*)$/m.exec(stderr)?.[1] ?? 'it did not say why'
  throw new UsageError(`strace does not take -e ${expressions.join(' -e ')}: ${reason}`, {
    hint: 'man strace, "Filtering", has the words',
  })
}

/**
 * Whether strace may trace what it starts: no file tells what a container's seccomp filter refuses, and the messages of
 * the real run would be among those of the command.
 */
async function tryStrace(file: string): Promise<void> {
  const quick = ['-qq', '-e', 'trace=none', '-o', '/dev/null', '--', findTool(['true']) ?? 'true']
  const { exitCode, stderr } = await readTool(file, quick, { timeoutMs: ANSWER_WITHIN_MS })
  if (exitCode === 0) return
  throw new MachineError('not-permitted', straceProblem(stderr) ?? 'strace did not say why', {
    hint: 'in a container: --cap-add SYS_PTRACE, and --security-opt seccomp=unconfined before Linux 4.8',
  })
}

/** The line of strace's stderr that says what went wrong, without the name of strace. */
export function straceProblem(stderr: string): string | undefined {
  return /^\S*strace: (.*(?:ptrace|PTRACE|Operation not permitted|No such process|nvalid).*)$/m.exec(stderr)?.[1]
}

/**
 * Source: ptrace(2), "Ptrace access mode checking"; Yama's documentation.
 *
 * @throws MachineError why ptrace will not be allowed
 */
function needPtrace({ proc, facts }: TraceMachine, target: TargetProcess): void {
  const refuse = (reason: string, hint: string) => new MachineError('not-permitted', reason, { hint })
  if (target.tracer !== 0) {
    const tracer = `process ${target.tracer} (${nameOf(proc, target.tracer)})`
    throw refuse(`${tracer} traces process ${target.pid} already`, 'end that tracer first, or use --backend bpf')
  }
  if (holds(facts, 'SYS_PTRACE')) return
  const { effectiveUid } = facts.user
  if (effectiveUid !== target.uid)
    throw refuse(
      `process ${target.pid} belongs to user ${target.uid}, and this is user ${effectiveUid}`,
      'run it as that user or as root (sudo)',
    )
  const scope = Number(readText(proc, 'sys/kernel/yama/ptrace_scope') ?? 0)
  if (scope === 0) return
  throw refuse(
    `kernel.yama.ptrace_scope is ${scope}, which lets a user trace only what was started below the tracer`,
    scope === 3 ? 'reboot with another setting' : 'run it as root, or: sudo sysctl kernel.yama.ptrace_scope=0',
  )
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
