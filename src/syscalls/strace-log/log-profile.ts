import type { InFlightCall, SeenCall, SlowCall, SyscallProfile, SyscallStats, ThreadProfile } from '../profile.ts'
import type { Warning } from '../../warnings.ts'
import { CallTally } from './call-tally.ts'
import type { KeptCall } from './slowest-calls.ts'
import type { SeenSyscall } from './seen-syscalls.ts'
import type { LogState } from './log-state.ts'
import { known } from './threads/thread-lifecycle.ts'
import type { TracedThread } from './threads/traced-thread.ts'

/** The profile of what a log has told so far. */
export function logProfile(state: LogState): SyscallProfile {
  const { clock } = state
  const since = (ns: number | undefined) => (ns === undefined || Number.isNaN(ns) ? undefined : ns - clock.minNs)
  const { files, peers } = state.files.list()
  const neverReturned: Record<string, number> = {}
  for (const { name, neverReturned: calls } of state.syscalls)
    if (calls > 0) neverReturned[name] = (neverReturned[name] ?? 0) + calls
  const slowCall = (call: KeptCall): SlowCall => ({ ...seenCall(call, since), durationNs: call.durationNs })
  const inFlightCall = ({ thread, syscall }: { thread: TracedThread; syscall: SeenSyscall }): InFlightCall => ({
    ...seenCall({ thread, syscall, text: thread.pendingText, atNs: thread.pendingAtNs }, since),
    ageNs: known(clock.maxNs - thread.pendingAtNs),
  })
  return {
    meta: {
      backend: 'strace-log',
      command: state.lifecycle.command,
      startedAt:
        clock.epochS === undefined ? undefined : new Date((clock.epochS + clock.minNs / 1e9) * 1e3).toISOString(),
      durationNs: clock.maxNs > clock.minNs ? clock.maxNs - clock.minNs : undefined,
    },
    syscalls: wholeSyscalls(state),
    ...(state.byThread && { threads: state.roster.threads.map(thread => threadProfile(thread, state, since)) }),
    ...(state.allFiles ? { files, peers } : { lookups: files }),
    failedConnects: state.connects.list(),
    seeksThenMoves: state.seeksThenMoves,
    ...(state.stacks !== undefined && {
      stacks: [...state.stacks.list()].map(({ program, syscall, file, calls, timed, wallNs }) => ({
        program,
        name: state.syscalls[syscall]!.name,
        abi: state.syscalls[syscall]!.abi,
        target: file < 0 ? undefined : state.files.name(file),
        calls,
        wallNs: timed > 0 ? wallNs : undefined,
      })),
    }),
    slowest: state.slowest.list().map(slowCall),
    inFlight: [...state.inFlight()].map(inFlightCall),
    neverReturned,
    halves: { first: state.firstHalves, second: state.secondHalves },
    rejected: [...state.rejected],
    warnings: logWarnings(state),
  }
}

function seenCall(
  { thread, syscall, text, atNs }: Omit<KeptCall, 'durationNs'>,
  since: (ns: number | undefined) => number | undefined,
): SeenCall {
  return {
    name: syscall.name,
    abi: syscall.abi,
    tid: tidOf(thread),
    comm: thread.comm ?? thread.process.program,
    text,
    atNs: since(atNs),
  }
}

function wholeSyscalls(state: LogState): SyscallStats[] {
  const totals = state.syscalls.map(({ tally }) => tally ?? new CallTally())
  for (const { tallies } of state.roster.threads)
    tallies.forEach((tally, syscall) => tally !== undefined && totals[syscall]!.merge(tally))
  return state.syscalls.flatMap(({ name, abi, latency }, i) =>
    totals[i]!.calls === 0 ? [] : [{ name, abi, ...totals[i]!.stats(errno => state.errnoName(errno), latency) }],
  )
}

function threadProfile(
  thread: TracedThread,
  state: LogState,
  since: (ns: number | undefined) => number | undefined,
): ThreadProfile {
  const errnoName = (errno: number) => state.errnoName(errno)
  const total = new CallTally()
  const syscalls: SyscallStats[] = []
  thread.tallies.forEach((tally, syscall) => {
    if (tally === undefined) return
    total.merge(tally)
    const { name, abi } = state.syscalls[syscall]!
    syscalls.push({ name, abi, ...tally.stats(errnoName) })
  })
  return {
    id: thread.id,
    tid: tidOf(thread),
    pid: tidOf(thread.process),
    comm: thread.comm ?? thread.process.program,
    parentId: thread.parent?.id,
    execs: thread.execs.map(exec => ({ ...exec, atNs: since(exec.atNs) })),
    startNs: since(thread.startNs),
    endNs: since(thread.endNs),
    end: thread.end,
    total: total.stats(errnoName, thread.latency),
    syscalls,
  }
}

function tidOf(thread: TracedThread): number | undefined {
  return thread.tid < 0 ? undefined : thread.tid
}

function logWarnings(state: LogState): Warning[] {
  const warnings: Warning[] = []
  const { firstHalves, secondHalves } = state
  if (firstHalves > 0)
    warnings.push({
      code: 'unfinished-lost',
      message: `${firstHalves} unfinished ${firstHalves === 1 ? 'call was never resumed and is' : 'calls were never resumed and are'} not counted: lines are missing, or strace hid them (-z, -Z, -e status)`,
    })
  if (secondHalves > 0)
    warnings.push({
      code: 'resumed-alone',
      message: `${secondHalves} resumed ${secondHalves === 1 ? 'call' : 'calls'} had not begun in the log and ${secondHalves === 1 ? 'counts' : 'count'} without ${secondHalves === 1 ? 'its' : 'their'} arguments`,
    })
  if (state.files.overflow > 0)
    warnings.push({
      code: 'files-limited',
      message: `${state.files.overflow} ${state.files.overflow === 1 ? 'call' : 'calls'} went to more files than are told apart and count for their system call, not by file`,
    })
  if (state.roster.folded > 0)
    warnings.push({
      code: 'threads-limited',
      message: `${state.roster.folded} threads that had ended are told together by program: there were too many to tell apart`,
    })
  return warnings
}
