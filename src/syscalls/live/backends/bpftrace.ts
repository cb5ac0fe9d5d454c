import { calledFilter, isWanted, traceSets } from '../called-filter.ts'
import { callsInFlight } from '../counter/calls-in-flight.ts'
import { countedSyscalls, type CounterFacts } from '../counter/counted-syscalls.ts'
import { countedThreads } from '../counter/counted-threads.ts'
import { countingWarnings } from '../counter/counting-warnings.ts'
import { syscallName } from '../../../kernel/syscall-names.ts'
import type { SyscallProfile } from '../../profile.ts'
import type { CounterReading } from '../counter/counter-output.ts'
import type { CounterTarget } from '../counter/counter-target.ts'
import { syscallCounter } from '../counter/counter-program.ts'
import { readCgroups } from '../../../children/cgroup.ts'
import { holdCommand } from '../../../children/hold-command.ts'
import { blockedCalls } from '../counter/blocked-calls.ts'
import { runCounter } from '../counter/run-counter.ts'
import { readComm } from '../../../processes/pid-comm.ts'
import { threadNotes } from '../counter/thread-notes.ts'
import { commandStatus, waitForEnd } from '../trace-end.ts'
import type { TraceTarget } from '../contract.ts'
import { readProcess, type TargetProcess } from '../target.ts'
import { profileMeta, type TraceRun } from './tracer.ts'

/** Detaching the first probe takes so long. */
const STOPS_WITHIN_NS = 150e6
/** Keys a map may hold. Splitting by thread multiplies them. */
const KEY_LIMIT = { together: 16_384, byThread: 65_536 }

/**
 * Counts with our own program in the kernel. The target runs on at its own speed but for about a microsecond a call;
 * nothing of it changes, whatever becomes of us.
 */
export const traceWithBpftrace: TraceRun = async job => {
  const { tracer, options, events, abort, proc, targets } = job
  const { target, byThread } = options
  const machine = proc.meta.arch ?? ''
  const facts: CounterFacts = { machine, systemTime: !options.wallOnly }
  const keyLimit = byThread ? KEY_LIMIT.byThread : KEY_LIMIT.together
  const { sets } = traceSets(options.expressions)
  const only = calledFilter(sets, machine)
  const pids = targets.map(process => process.processId)
  const notes = threadNotes(proc)
  if (byThread) for (const pid of pids) notes.seed(pid)

  const startedAt = new Date().toISOString()
  const profileOf = (reading: CounterReading, durationNs: number): SyscallProfile => {
    if (byThread) notes.finish(reading.cells.flatMap(cell => cell.thread?.tid ?? []))
    return {
      meta: { ...profileMeta(job, startedAt, durationNs), filter: sets.at(-1) },
      syscalls: countedSyscalls(reading.cells, facts),
      threads: byThread ? countedThreads(reading.cells, notes.notes, facts) : undefined,
      neverReturned: Object.fromEntries(
        reading.never.map(({ abi, number, calls }) => [syscallName(machine, abi, number), calls]),
      ),
      rejected: [],
      warnings: [],
    }
  }

  const command = target.kind === 'command' ? await holdCommand(target.argv) : undefined
  if (command !== undefined && target.kind === 'command') notes.expect(command.pid, target.argv)
  const blockedBefore = blockedCalls(proc, pids)
  const counter = await runCounter({
    file: tracer.file,
    program: syscallCounter({
      target: counterTarget(target, targets, command?.pid),
      machine,
      followChildren: options.followChildren,
      byThread,
      systemTime: facts.systemTime,
      only,
      intervalMs: options.intervalMs,
      ownPid: process.pid,
    }),
    keyLimit,
    onTick: (reading, durationNs) => events.interval(profileOf(reading, durationNs)),
    onThread: (event, atNs) => notes.take(event, atNs),
  }).catch((error: unknown) => {
    command?.end()
    throw error
  })
  const { readyNs } = counter
  const from = performance.now()
  command?.release()
  await waitForEnd(proc, {
    until: [counter.gone, ...(command === undefined ? [] : [command.ended])],
    pids: target.kind === 'pids' ? pids : [],
    durationMs: options.durationMs,
    abort,
  })
  const askedNs = Math.round((performance.now() - from) * 1e6)
  const blockedAfter = blockedCalls(proc, pids)
  const { reading, lostEvents, endedEarly, mapFull } = await counter.finish()
  const profile = profileOf(reading, command === undefined ? countedFor(reading, readyNs, askedNs) : askedNs)
  profile.inFlight = callsInFlight(reading, {
    machine,
    readyNs,
    isWanted: number => isWanted(only, number),
    blockedBefore,
    blockedAfter,
  })
  for (const call of profile.inFlight) call.comm = readComm(proc, call.tid!)
  if (lostEvents > 0) profile.lost = lostEvents
  if (endedEarly !== undefined) {
    profile.warnings.push({
      code: 'ended-early',
      message: `bpftrace ended before it was asked to (${endedEarly}): what it counted last is missing`,
    })
  }
  const left = reading.members.filter(pid => pid !== command?.pid && readProcess(proc, pid)?.processId === pid)
  profile.warnings.push(
    ...countingWarnings({
      events: lostEvents,
      mapFull,
      keyLimit,
      byThread,
      childrenLeft:
        command !== undefined && options.followChildren && options.durationMs === undefined ? left.length : 0,
      syscalls: profile.syscalls,
    }),
  )
  return { profile, status: await commandStatus(command) }
}

/** bpftrace stops counting at once when it is asked to, unless it gets no CPU. */
function countedFor({ seenNs = 0 }: CounterReading, readyNs: number, askedNs: number): number {
  const seenFor = seenNs - readyNs
  return seenFor > askedNs + STOPS_WITHIN_NS ? seenFor : askedNs
}

function counterTarget(
  target: TraceTarget,
  targets: readonly TargetProcess[],
  heldPid: number | undefined,
): CounterTarget {
  if (target.kind === 'command') return { heldPid }
  if (target.kind === 'comm') return { comm: target.comm.slice(0, 15) }
  if (target.kind === 'cgroup') return { cgroups: readCgroups(target.path).map(cgroup => cgroup.id) }
  const leads = (process: TargetProcess) => process.pid === process.processId
  return {
    pids: targets.filter(leads).map(process => process.pid),
    tids: targets.filter(process => !leads(process)).map(process => process.pid),
  }
}
