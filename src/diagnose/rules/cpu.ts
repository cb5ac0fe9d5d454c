import { groupBy } from '../../group-by.ts'
import type { Finding, Rule } from '../model.ts'
import type { Halves, ObservedProcess } from '../observation.ts'
import { accuse, over, type Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'

const TRACED = 'tracepoint raw_syscalls:sys_exit'

const READS = [
  'read',
  'readv',
  'pread64',
  'recvfrom',
  'recvmsg',
  'recvmmsg',
  'accept',
  'accept4',
  'write',
  'sendto',
  'sendmsg',
]

/** A count between the looks of a process that was there at both; undefined where it is not known. */
function rise(process: ObservedProcess, counter: keyof NonNullable<ObservedProcess['a']>): number | undefined {
  const before = process.a?.[counter]
  const after = process.b?.[counter]
  return typeof before === 'number' && typeof after === 'number' ? after - before : undefined
}

/** Calls in vain for each poll that had something to say, from which on it does not wait for being told. */
const LOOP = 4

function busyPoll(scene: Scene): Finding[] {
  const again = new Map(scene.failed(READS, ['EAGAIN']).map(({ pid, halves }) => [pid, halves]))
  const empty = scene.seen.trace?.emptyPolls ?? {}
  const both: Record<string, Halves> = { ...empty }
  for (const [pid, [first, second]] of again) {
    const [a, b] = empty[pid] ?? [0, 0]
    both[pid] = [a + first, b + second]
  }
  return scene.steadyRates(both).flatMap(({ process, rate }) => {
    if (!scene.isOften(process, rate, THRESHOLDS.busyPoll.value)) return []
    const { pid } = process
    const refused = sum(again.get(pid))
    const polls = sum(empty[pid])
    if (polls > refused && sleepsInPolls(scene, process)) return []
    // An event loop reads until there is nothing more: once for each time that it was told of something.
    if (refused + polls < sum(scene.seen.trace?.readyPolls?.[pid]) * LOOP) return []
    const words = refused > polls ? 'asks again and again whether there is something to read' : 'polls without waiting'
    return [
      accuse('busy-poll', 'warning', words, {
        culprits: [scene.named(pid)],
        measures: [
          over('busyPoll', 'calls a second that had nothing to give', rate, TRACED),
          { what: 'EAGAIN', value: refused, source: TRACED },
          { what: 'polls that returned at once with nothing', value: polls, source: TRACED },
        ],
        do: ['wait for readiness: poll or epoll with a time limit, and no reading before'],
        more: `trace-syscalls -p ${pid}`,
        reach: Math.round(rate),
      }),
    ]
  })
}

const sum = (halves: Halves | undefined) => (halves === undefined ? 0 : halves[0] + halves[1])

/** Share of the time that is taken for free of waiting for a processor at least. */
const LEAST_FREE = 0.2

const FREE = ' of the time in which nobody kept it from a processor'

/** How often a process would do something where no others took the processor from it: the rest of the time it waits. */
function undisturbed({ threadRuns = [] }: ObservedProcess, rate: number): number {
  const shares = threadRuns.map(({ waitNs, durationMs }) => waitNs / 1e6 / durationMs)
  const late = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length)
  return rate / Math.max(LEAST_FREE, 1 - late)
}

/** Where others compete for the processor, who holds a lock is kept from it now and then, and all wait in silence. */
const unevenRate = (steady: number, all: number) => (steady >= THRESHOLDS.futex.value / 5 ? all : steady)

function contention(scene: Scene): Finding[] {
  const callers = scene.steadyRates(scene.seen.trace?.futexCalls).map(({ process, rate, all }) => {
    // Who waits for a time on a condition wakes up by it, and fights with nobody.
    const expired = sum(scene.seen.trace?.futexTimeouts?.[process.pid]) / (scene.tracedSeconds ?? Infinity)
    return {
      process,
      rate: undisturbed(process, unevenRate(rate, all) - 2 * expired),
      threads: process.b?.threads ?? 1,
    }
  })
  const threaded = callers
    .filter(({ process, rate, threads }) => threads > 1 && scene.isOften(process, rate, THRESHOLDS.futex.value))
    .map(({ process, rate, threads }) =>
      contentionOf(scene, [process], rate, `its ${threads} threads wait for each other`),
    )
  // A lock in shared memory: a process of one thread has no other reason to ask the kernel for it.
  const alone = callers.filter(({ threads }) => threads < 2)
  const shared = [...groupBy(alone, ({ process }) => process.comm).values()].flatMap(group => {
    const rate = group.reduce((sum, one) => sum + one.rate, 0)
    if (group.length < 2 || rate < THRESHOLDS.futex.value) return []
    const processes = group.toSorted((a, b) => b.rate - a.rate).map(({ process }) => process)
    return [contentionOf(scene, processes, rate, `${group.length} processes share it and wait for each other`)]
  })
  return [...threaded, ...shared]
}

function contentionOf(scene: Scene, processes: readonly ObservedProcess[], rate: number, who: string): Finding {
  return accuse('lock-contention', 'warning', `fights for a lock: ${who}`, {
    culprits: processes.map(({ pid }) => scene.named(pid)),
    measures: [over('futex', `futex calls a second${FREE}`, rate, TRACED)],
    do: ['look at what the stacks of its threads share; hold the lock shorter, or split it'],
    not: ['more threads: they make it slower'],
    more: `linsight bpf run offcputime --pid ${processes[0]!.pid}`,
    reach: Math.round(rate),
  })
}

function tinyIo(scene: Scene): Finding[] {
  if (scene.seconds === 0) return []
  return scene.processes.flatMap(process => {
    const calls = (rise(process, 'readCalls') ?? 0) + (rise(process, 'writeCalls') ?? 0)
    const bytes = (rise(process, 'readChars') ?? 0) + (rise(process, 'writtenChars') ?? 0)
    const rate = calls / scene.seconds
    if (
      !scene.isOften(process, rate, THRESHOLDS.tinyCalls.value) ||
      bytes > calls * THRESHOLDS.tinyBytes.value ||
      bytes === 0
    )
      return []
    return [
      accuse(
        'tiny-io',
        'warning',
        `reads or writes ${Math.max(1, Math.round(bytes / calls))} byte${bytes > calls * 1.5 ? 's' : ''} a call`,
        {
          culprits: [scene.named(process.pid)],
          measures: [
            over('tinyCalls', 'reads and writes a second', rate, 'PID/io'),
            over('tinyBytes', 'bytes a call', bytes / calls, 'PID/io'),
          ],
          do: ['put a buffer in between'],
          more: `trace-syscalls -p ${process.pid}`,
          reach: Math.round(rate),
        },
      ),
    ]
  })
}

/** As tiny-io, through recv of sockets. */
function tinyMessages(scene: Scene): Finding[] {
  return scene.steadyRates(scene.seen.trace?.tinyMessages).flatMap(({ process, rate }) => {
    if (!scene.isOften(process, rate, THRESHOLDS.tinyCalls.value)) return []
    return [
      accuse('tiny-io', 'warning', 'receives a few bytes a call', {
        culprits: [scene.named(process.pid)],
        measures: [over('tinyCalls', 'recv of at most 16 bytes a second', rate, TRACED)],
        do: ['put a buffer in between'],
        more: `trace-syscalls -p ${process.pid}`,
        reach: Math.round(rate),
      }),
    ]
  })
}

/** Files not found for each that was, from which on it is a search in vain. */
const MOSTLY_MISSING = 3

function notFound(scene: Scene): Finding[] {
  const missing = scene.seen.trace?.notFound ?? []
  const paths = new Map(missing.map(one => [one.pid, one.paths]))
  const counts = Object.fromEntries(missing.map(({ pid, halves }) => [pid, halves]))
  return scene.steadyRates(counts).flatMap(({ process: { pid }, rate }) => {
    // Who unpacks or installs looks for many files that are not there yet, and makes them.
    const found = sum(scene.seen.trace?.found?.[pid])
    if (rate < THRESHOLDS.notFound.value || sum(counts[pid]) < found * MOSTLY_MISSING) return []
    const [example] = paths.get(pid) ?? []
    return [
      accuse(
        'enoent-storm',
        'warning',
        `looks for files that do not exist${example === undefined ? '' : `, as ${example}`}`,
        {
          culprits: [scene.named(pid)],
          measures: [over('notFound', 'files not found a second', rate, TRACED)],
          do: ['look at its search path and at what it expects there; cache what was not found'],
          more: `trace-syscalls -p ${pid}`,
          reach: Math.round(rate),
        },
      ),
    ]
  })
}

/** A wake-up by a timer reads eight bytes: how often it expired. */
const TIMER_BYTES = 8

/** How often a second a process is woken up by a time it sleeps for, a timer, or the limit of a poll. */
function timerRate(scene: Scene, process: ObservedProcess): number {
  const { sleepsIn = [], hasTimer = false, wakeups: rate = 0 } = process
  const calls = rise(process, 'readCalls') ?? 0
  const bytes = rise(process, 'readChars') ?? 0
  const moved = bytes + (rise(process, 'writtenChars') ?? 0)
  const { trace } = scene.seen
  const steady = (halves: Halves | undefined) => (halves === undefined ? 0 : Math.min(rate, scene.steady(halves)))
  const polls = steady(trace?.emptyPolls[process.pid])
  if (hasTimer && calls >= (rate * scene.seconds) / 4 && bytes <= calls * (TIMER_BYTES + 2)) return rate
  // Who moves data in between does its work in small pieces.
  if (moved > rate * scene.seconds * TIMER_BYTES * 2) return polls
  // Signals of a timer.
  if (sleepsIn.filter(channel => /sigtimedwait|sigsuspend|pause/.test(channel)).length * 2 > sleepsIn.length)
    return rate
  if (trace !== undefined)
    return Math.max(polls, steady(trace.sleeps?.[process.pid]), steady(trace.futexTimeouts?.[process.pid]))
  return sleepsIn.filter(channel => /nanosleep/.test(channel)).length * 2 > sleepsIn.length ? rate : 0
}

/** Polls that end without anything, of a process that slept in them. */
const sleepsInPolls = (scene: Scene, process: ObservedProcess) =>
  (process.wakeups ?? 0) >= scene.steady(scene.seen.trace?.emptyPolls[process.pid] ?? [0, 0]) / 2

function wakeups(scene: Scene): Finding[] {
  return scene.processes.flatMap(process => {
    const rate = timerRate(scene, process)
    const alone = undisturbed(process, rate)
    if (alone < THRESHOLDS.wakeups.value) return []
    return [
      accuse('wakeup-storm', 'warning', 'wakes up by a timer thousands of times a second', {
        culprits: [scene.named(process.pid)],
        measures: [over('wakeups', `wake-ups a second${FREE}`, alone, 'voluntary_ctxt_switches of PID/status')],
        do: ['a longer interval, or wait for the event instead of the time'],
        more: `trace-syscalls -p ${process.pid}`,
        reach: Math.round(rate),
      }),
    ]
  })
}

function forkStorm(scene: Scene): Finding[] {
  return scene.steadyRates(scene.seen.trace?.forks).flatMap(({ process, rate }) => {
    const { pid } = process
    const alone = undisturbed(process, rate)
    if (alone < THRESHOLDS.forks.value) return []
    return [
      accuse('fork-storm', 'warning', 'starts processes at a high rate', {
        culprits: [scene.named(pid)],
        measures: [over('forks', `processes started a second${FREE}`, alone, 'tracepoint task:task_newtask')],
        do: ['do the work inside the program instead of starting one for every piece'],
        more: 'linsight bpf run execsnoop',
        reach: Math.round(rate),
      }),
    ]
  })
}

/** A task that computes changes its memory; one that runs in a circle does not. */
const FEW_FAULTS_A_SECOND = 20
const FEW_BYTES_A_SECOND = 4096
const LOW_PRIORITY = 10

function hogs(scene: Scene): Finding[] {
  return scene.processes.flatMap(process => {
    const { threadRuns = [], nice, a, b } = process
    const hot = threadRuns.filter(
      ({ runNs, waitNs, durationMs }) => (runNs + waitNs) / 1e6 / durationMs >= THRESHOLDS.hog.value,
    )
    if (hot.length === 0 || nice >= LOW_PRIORITY || a === undefined || b === undefined) return []
    const faults = b.minorFaults - a.minorFaults + (b.majorFaults - a.majorFaults)
    const bytes = (rise(process, 'readChars') ?? 0) + (rise(process, 'writtenChars') ?? 0)
    if (faults > FEW_FAULTS_A_SECOND * scene.seconds || bytes > FEW_BYTES_A_SECOND * scene.seconds) return []
    const [first] = hot
    const { runNs, waitNs, durationMs } = first!
    const share = (runNs + waitNs) / 1e6 / durationMs
    const which = b.threads > 1 ? `thread ${first!.comm} (${first!.tid}) of its ${b.threads}` : 'it'
    return [
      accuse('cpu-hog', 'warning', `uses a processor all the time and moves no data`, {
        culprits: [{ ...scene.named(process.pid), tid: first!.tid }],
        measures: [
          over('hog', `${which} runs or waits for a processor`, share, 'PID/task/TID/schedstat'),
          { what: 'on a processor', value: runNs / 1e6 / durationMs, source: 'PID/task/TID/schedstat' },
          { what: 'bytes read and written a second', value: bytes / scene.seconds, source: 'PID/io' },
        ],
        doing:
          b.threads > 1
            ? `thread ${first!.comm} (${first!.tid}) running, ${b.threads - hot.length} others asleep`
            : 'running',
        do: ['see which function it is in; nice it where the work is meant'],
        more: `linsight bpf run profile --pid ${process.pid}`,
        reach: hot.length,
      }),
    ]
  })
}

function throttled(scene: Scene): Finding[] {
  return scene.seen.cgroups.flatMap(({ path, pids, a, b }) => {
    const periods = (b?.periods ?? 0) - (a.periods ?? 0)
    const times = (b?.throttled ?? 0) - (a.throttled ?? 0)
    if (periods < 5 || times / periods < THRESHOLDS.throttled.value) return []
    const members = pids.flatMap(pid => scene.process(pid) ?? [])
    const [busiest] = members.toSorted((x, y) => (rise(y, 'cpuTicks') ?? 0) - (rise(x, 'cpuTicks') ?? 0))
    if (busiest === undefined || scene.isObserver(busiest.pid)) return []
    const quota = b?.quota
    return [
      accuse(
        'cpu-throttled',
        'warning',
        `may use ${quota === undefined ? 'less' : `${Math.round(quota * 100) / 100} of a`} processor${quota === undefined ? ' time than it needs' : ', and needs more'}`,
        {
          culprits: [scene.named(busiest.pid)],
          victims: members.slice(0, 5).map(({ pid }) => scene.named(pid)),
          measures: [
            over('throttled', 'throttled', times / periods, `cpu.stat of ${path}`),
            {
              what: 'stood still for',
              value: Math.round(((b?.throttledUs ?? 0) - (a.throttledUs ?? 0)) / 1000),
              unit: 'ms',
              source: 'cpu.stat',
            },
          ],
          do: [`raise the quota of ${path}, or let it use fewer threads`],
          not: ['nice, priorities: the quota holds whatever they are'],
          more: `linsight bpf run runqlat`,
          reach: times,
        },
      ),
    ]
  })
}

export const CPU_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'busy-poll',
    family: 'cpu',
    looks: 2,
    needs: ['trace'],
    thresholds: ['busyPoll'],
    why: 'Reads and accepts that end with EAGAIN, and polls that return nothing at once.',
    find: busyPoll,
  },
  {
    cause: 'lock-contention',
    family: 'cpu',
    looks: 2,
    needs: ['trace'],
    thresholds: ['futex'],
    why: 'Futex calls of a process with several threads, or of several processes of one name: a lock that is free costs none.',
    find: contention,
  },
  {
    cause: 'tiny-io',
    family: 'cpu',
    looks: 2,
    needs: ['root'],
    thresholds: ['tinyCalls', 'tinyBytes'],
    why: 'Bytes moved for each read or write, and how many there are.',
    find: scene => [...tinyIo(scene), ...tinyMessages(scene)],
  },
  {
    cause: 'enoent-storm',
    family: 'cpu',
    looks: 2,
    needs: ['trace'],
    thresholds: ['notFound'],
    why: 'Calls of one process that end with ENOENT, at least three for each file that it finds: an installation looks for many files that it then makes.',
    find: notFound,
  },
  {
    cause: 'wakeup-storm',
    family: 'cpu',
    looks: 2,
    needs: [],
    thresholds: ['wakeups'],
    why: 'Voluntary switches of a process that sleeps for a time or has a timer, and moves no data.',
    find: wakeups,
  },
  {
    cause: 'fork-storm',
    family: 'cpu',
    looks: 2,
    needs: ['trace'],
    thresholds: ['forks'],
    why: 'Processes started by one parent, as a rate over the whole look, since a shell starts some in a burst. Threads do not count.',
    find: forkStorm,
  },
  {
    cause: 'cpu-hog',
    family: 'cpu',
    looks: 2,
    needs: [],
    thresholds: ['hog'],
    why: 'A thread that is always on a processor or waiting for one, whose process reads and writes nothing and touches no new memory, and is not niced. Use of a processor alone is no finding: work that moves data or grows is work.',
    find: hogs,
  },
  {
    cause: 'cpu-throttled',
    family: 'cpu',
    looks: 2,
    needs: [],
    thresholds: ['throttled'],
    why: 'Periods in which the control group had used up its quota, of at least 5. The culprit is its busiest process.',
    find: throttled,
  },
]
