import { MachineError, ToolError } from '../../../errors.ts'
import type { SyscallProfile } from '../../profile.ts'
import { StraceLogReader } from '../../strace-log/log-reader.ts'
import { summaryProfile } from '../../formats/strace-summary-profile.ts'
import { parseStraceSummary } from '../../formats/strace-summary.ts'
import { parseStraceVersion, straceArguments } from './strace-arguments.ts'
import { startTool, type RunningTool } from '../../../children/child-tool.ts'
import { openFifo, type Fifo } from '../fifo.ts'
import { findCommand } from '../../../children/find-tool.ts'
import { startCommand, type TracedCommand } from '../../../children/hold-command.ts'
import { straceProblem } from '../find-tracers.ts'
import { keepOnOneCpu } from '../cpu-pinning.ts'
import { commandStatus, pollUntil, settlesWithin, waitForEnd } from '../trace-end.ts'
import type { TraceLiveOptions } from '../contract.ts'
import { readProcess, threadsOf } from '../target.ts'
import { profileMeta, type TraceJob, type TraceRun } from './tracer.ts'

/** strace has to stop each thread once more to let go of it. */
const STOP_GRACE_MS = 5000
/** Between the end of a command and the end of its tracer, unless children of it go on. */
const TRACER_ENDS_WITHIN_MS = 300

/** Has strace stop the target at every call: slow, but it works without root and shows what each call was about. */
export const traceWithStrace: TraceRun = async job => {
  const { options, abort, proc, targets, events } = job
  const { target } = options
  const reader = wantsLog(options) ? logReader(job) : summaryReader(job)
  const fifo = await openFifo(chunk => reader.push(chunk))
  let timer: NodeJS.Timeout | undefined
  let unpin = async () => {}
  try {
    const startedAt = new Date().toISOString()
    const session = target.kind === 'command' ? await start(job, target.argv, fifo) : await attach(job, fifo)
    const from = performance.now()
    const elapsedNs = () => Math.round((performance.now() - from) * 1e6)
    const dressed = (profile: SyscallProfile, durationNs: number): SyscallProfile => ({
      ...profile,
      meta: {
        ...profile.meta,
        ...profileMeta(job, startedAt, durationNs),
        filter: options.expressions.join(' ') || undefined,
      },
    })
    if (options.intervalMs !== undefined)
      timer = setInterval(() => events.interval(dressed(reader.profile(), elapsedNs())), options.intervalMs)
    if (targets.length <= 1) unpin = keepOnOneCpu(proc, session.command?.pid ?? targets[0]!.pid, () => session.tracer())
    await waitForEnd(proc, {
      until: [session.command?.ended ?? session.tool!.ended],
      durationMs: options.durationMs,
      abort,
    })
    clearInterval(timer)
    const durationNs = elapsedNs()
    await session.finish()
    return { profile: dressed(reader.end(), durationNs), status: await commandStatus(session.command) }
  } finally {
    clearInterval(timer)
    await unpin()
    fifo.close()
    fifo.unlink()
  }
}

/** A table names no thread and comes only at the end. */
function wantsLog({ needsLog, byThread, intervalMs }: TraceLiveOptions): boolean {
  return needsLog || byThread || intervalMs !== undefined
}

interface Reader {
  push(chunk: Buffer): void
  profile(): SyscallProfile
  end(): SyscallProfile
}

function logReader({ options, events }: TraceJob): Reader {
  const reader = new StraceLogReader({ threads: true, stacks: options.needsLog })
  return {
    push(chunk) {
      events.log?.(chunk)
      reader.push(chunk)
    },
    profile: () => reader.profile(),
    end: () => reader.end(),
  }
}

function summaryReader({ options }: TraceJob): Reader {
  let text = ''
  const profile = () => {
    const { tables, rejected } = parseStraceSummary(text)
    return summaryProfile(tables, rejected, options.wallOnly)
  }
  return { push: chunk => void (text += chunk.toString('latin1')), profile, end: profile }
}

/** strace at work on a command it became, or attached. */
interface Session {
  command?: TracedCommand | undefined
  tool?: RunningTool | undefined
  /** Pid of strace; 0 where it is gone or not yet there. */
  tracer(): number
  /** Makes strace let go, and waits for all it writes. */
  finish(): Promise<void>
}

/** strace becomes the command and traces it from a process of its own: see strace-arguments.ts. */
async function start(job: TraceJob, argv: readonly string[], fifo: Fifo): Promise<Session> {
  findCommand(argv[0]!)
  const locale = process.env['LC_ALL']
  const args = argumentsOf(job, fifo.path, { argv, userLocale: locale })
  const command = await startCommand(job.tracer.file, args, { env: { LC_ALL: 'C' } })
  const tracer = () => readProcess(job.proc, command.pid)?.tracer ?? 0
  let known = 0
  const timer = setInterval(() => {
    known ||= tracer()
    if (known !== 0) clearInterval(timer)
  }, 20)
  void command.ended.then(() => clearInterval(timer))
  return {
    command,
    tracer,
    async finish() {
      if (await settlesWithin(fifo.ended, TRACER_ENDS_WITHIN_MS)) return
      // Children of the command go on, or the command itself does: strace would stay with them.
      if (known !== 0 && readProcess(job.proc, known)?.name === 'strace') process.kill(known, 'SIGTERM')
      await settlesWithin(fifo.ended, STOP_GRACE_MS)
    },
  }
}

async function attach(job: TraceJob, fifo: Fifo): Promise<Session> {
  const { proc, targets, options } = job
  // Without -f strace takes an id for one thread; ours means a process with all its threads.
  const tids = targets.flatMap(({ pid, processId }) =>
    pid === processId && !options.followChildren ? threadsOf(proc, pid) : [pid],
  )
  const tool = await startTool({
    file: job.tracer.file,
    args: argumentsOf(job, fifo.path, { tids }),
    deathSignal: 'SIGTERM',
  })
  const attached = () => targets.some(({ pid }) => readProcess(proc, pid)?.tracer === tool.pid)
  let gone = false
  void tool.ended.then(() => (gone = true))
  await pollUntil(() => gone || attached())
  return {
    tool,
    tracer: () => (gone ? 0 : tool.pid),
    async finish() {
      tool.stop(STOP_GRACE_MS)
      const { stderr, exitCode } = await tool.ended
      await settlesWithin(fifo.ended, STOP_GRACE_MS)
      const problem = straceProblem(stderr)
      if (exitCode === 1 && problem !== undefined) throw attachFailure(problem)
    },
  }
}

function attachFailure(problem: string): Error {
  const sentence = `strace could not attach: ${problem}`
  if (problem.includes('No such process')) return new MachineError('no-target', sentence)
  if (problem.includes('not permitted')) {
    return new MachineError('not-permitted', sentence, {
      hint: 'run it as root; in a container: --cap-add SYS_PTRACE',
    })
  }
  return new ToolError(sentence)
}

function argumentsOf(job: TraceJob, output: string, target: Parameters<typeof straceArguments>[0]['target']): string[] {
  const { options, tracer } = job
  return straceArguments({
    version: parseStraceVersion(`version ${tracer.version}`) ?? [4, 8],
    mode: wantsLog(options) ? 'log' : 'summary',
    followChildren: options.followChildren,
    wallOnly: options.wallOnly,
    expressions: options.expressions,
    decodeDescriptors: options.needsLog,
    output,
    target,
  })
}
