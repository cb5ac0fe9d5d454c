// What work that is well and what is wrong have in common, and the one fact by which they are told apart.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import type { Cause } from '../causes.ts'
import { findAll } from '../conclude.ts'
import type { Observation } from '../observation.ts'
import type { ObservedProcess } from '../observed/task.ts'
import type { Halves } from '../observed/traced.ts'
import { parseObservation } from '../recording.ts'

const PID = 4_000_001
const OTHER = 4_000_002

type Counters = NonNullable<ObservedProcess['a']>

const counters: Counters = {
  state: 'S',
  cpuTicks: 0,
  minorFaults: 0,
  majorFaults: 0,
  threads: 1,
  rssPages: 1000,
  blockIoTicks: 0,
  readChars: 0,
  writtenChars: 0,
  readCalls: 0,
  writeCalls: 0,
  readBytes: 0,
  writeBytes: 0,
}

/** An idle machine with two programs more. */
function machine(): Observation {
  const seen = parseObservation(readFileSync(fixture('diagnose/h-idle.diag.json'), 'utf8'), 'h-idle')
  for (const [pid, comm] of [
    [PID, 'program'],
    [OTHER, 'other'],
  ] as const)
    seen.processes.push({
      pid,
      startTicks: 1,
      comm,
      parentPid: 1,
      nice: 0,
      isKernelThread: false,
      a: { ...counters },
      b: { ...counters },
    })
  return seen
}

const program = (seen: Observation) => seen.processes.find(({ pid }) => pid === PID)!
/** So often a second, all the time. */
const often = (seen: Observation, rate: number): Record<string, Halves> => {
  const half = (rate * seen.trace!.durationMs) / 2000
  return { [PID]: [half, half] }
}
const waits = (channel: string): [string, string][] => Array.from({ length: 8 }, () => ['S', channel])

function waitsInPipe(seen: Observation): void {
  Object.assign(program(seen), {
    samples: waits('anon_pipe_write'),
    hangingSwitches: [7, 7],
    waitsFor: { kind: 'pipe', inode: '77' },
  })
  seen.pipeReaders['77'] = [{ pid: OTHER, fd: 0 }]
}

function waitsInUnix(seen: Observation): void {
  Object.assign(program(seen), {
    samples: waits('sock_alloc_send_pskb'),
    hangingSwitches: [7, 7],
    waitsFor: { kind: 'unix', inode: '78' },
  })
  seen.unixPeers['78'] = [{ pid: OTHER, fd: 0 }]
}

function waitsForLock(seen: Observation): void {
  const locks = [
    { id: 9, kind: 'FLOCK', pid: OTHER, file: '08:01:99', waiting: false },
    { id: 9, kind: 'FLOCK', pid: PID, file: '08:01:99', waiting: true },
  ]
  seen.locks = [locks, structuredClone(locks)]
  seen.lockSamples = [structuredClone(locks), structuredClone(locks)]
}

function keepsLookup(seen: Observation): void {
  seen.namespaces[0]!.lookups = Array.from({ length: 10 }, () => ['79 10.77.0.53'])
  seen.socketOwners['79'] = [{ pid: PID, fd: 5 }]
}

function atLimit(seen: Observation): void {
  const a = { memoryLimit: 2 ** 26, memoryFailures: 0, refaults: 0 }
  const b = { ...a, memoryFailures: seen.durationMs, refaults: seen.durationMs }
  seen.cgroups = [{ path: '/sys/fs/cgroup/box', pids: [PID], a, b }]
}

function grows(seen: Observation): void {
  const process = program(seen)
  process.residentPages = Array.from({ length: 8 }, (_, at) => 1000 + at * 40_000)
  process.b!.rssPages = 1000 + 8 * 40_000
}

const CASES: [
  title: string,
  cause: Cause,
  culprit: number,
  wrong: (s: Observation) => void,
  well: (s: Observation) => void,
][] = [
  [
    'an event loop reads until nothing is left, once for each time it is told',
    'busy-poll',
    PID,
    seen => (seen.trace!.emptyPolls = often(seen, 9000)),
    seen => (seen.trace!.readyPolls = often(seen, 9000)),
  ],
  [
    'an installation looks for files that it then makes',
    'enoent-storm',
    PID,
    seen => (seen.trace!.notFound = [{ pid: PID, halves: often(seen, 2000)[PID]!, paths: [] }]),
    seen => (seen.trace!.found = often(seen, 1500)),
  ],
  [
    'a wait with a time limit is no fight for a lock',
    'lock-contention',
    PID,
    seen => ((seen.trace!.futexCalls = often(seen, 20_000)), (program(seen).b!.threads = 4)),
    seen => (seen.trace!.futexTimeouts = often(seen, 10_000)),
  ],
  [
    'a pool that is handed work waits for conditions, not for a lock',
    'lock-contention',
    PID,
    seen => {
      seen.trace!.futexCalls = often(seen, 3000)
      seen.trace!.lockWaits = often(seen, 1400)
      program(seen).b!.threads = 4
    },
    seen => (seen.trace!.lockWaits = often(seen, 900)),
  ],
  [
    'a lock that most threads wait for whenever one looks takes few calls, and one that a few wait for is in use',
    'lock-contention',
    PID,
    seen => {
      seen.trace!.futexCalls = often(seen, 300)
      seen.trace!.lockWaits = often(seen, 150)
      program(seen).b!.threads = 8
      program(seen).lockWaiters = 5
    },
    seen => (program(seen).lockWaiters = 3),
  ],
  [
    'a service ends as a failure each time, and one that succeeds now and then does not',
    'crash-loop',
    OTHER,
    seen => (seen.trace!.ends = ends(78, 78, 78)),
    seen => (seen.trace!.ends = ends(78, 0, 78, 78)),
  ],
  [
    'what ends as a failure with other arguments each time is a batch or a test',
    'crash-loop',
    OTHER,
    seen => (seen.trace!.ends = ends(1, 1, 1)),
    seen => seen.trace!.ends!.forEach((end, at) => (end.program = `20 run --case ${at}`)),
  ],
  [
    'who starts many at a time has jobs, and no service that cannot start',
    'crash-loop',
    OTHER,
    seen => (seen.trace!.ends = ends(...Array.from({ length: 12 }, () => 1))),
    seen => seen.trace!.ends!.forEach((end, at) => (end.endedAtMs = 5000 + at)),
  ],
  [
    'a program whose status is an answer does not fail',
    'crash-loop',
    OTHER,
    seen => (seen.trace!.ends = ends(1, 1, 1)),
    seen => seen.trace!.ends!.forEach(end => (end.comm = 'grep')),
  ],
  [
    'a program that moves data between its sleeps works in small pieces',
    'wakeup-storm',
    PID,
    seen => ((program(seen).wakeups = 9000), (seen.trace!.sleeps = often(seen, 9000))),
    seen => (program(seen).b!.writtenChars = 1e9),
  ],
  [
    'small writes into memory are cheap, those that reach the disk one by one are not',
    'fsync-storm',
    PID,
    seen => {
      const process = program(seen)
      process.syncFile = '/srv/redo'
      Object.assign(process.b!, { writeCalls: 2000, writtenChars: 14_000, writeBytes: 2000 * 4096 })
    },
    seen => (program(seen).b!.writeBytes = 16_384),
  ],
  [
    'a full pipe that is read is normal',
    'pipe-full',
    OTHER,
    waitsInPipe,
    seen => (program(seen).hangingSwitches = [7, 90]),
  ],
  [
    'a full unix socket that is read is normal',
    'unix-queue-full',
    OTHER,
    waitsInUnix,
    seen => (program(seen).hangingSwitches = [7, 90]),
  ],
  [
    'a lock that changes hands is in use',
    'file-lock-wait',
    OTHER,
    waitsForLock,
    seen => (seen.lockSamples![1]![0]!.pid = 5),
  ],
  [
    'a socket that is kept for all questions, with answers',
    'dns-timeout',
    PID,
    keepsLookup,
    seen => (seen.trace!.answers = [{ pid: PID, fd: 5, count: 100 }]),
  ],
  [
    'a copy passes through the memory of a container up to its limit, and is read once',
    'memory-limit-pressure',
    PID,
    atLimit,
    seen => (seen.cgroups[0]!.b!.refaults = 10),
  ],
  [
    'what grows is mapped from a file',
    'memory-growth',
    PID,
    grows,
    seen => (program(seen).residentPages = [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007]),
  ],
  ['a heap that breathes', 'memory-growth', PID, grows, seen => (program(seen).residentPages![4] = 1000)],
  [
    'direct input and output is in state D again and again, and goes on',
    'blocked-in-kernel',
    PID,
    seen => {
      Object.assign(program(seen), {
        hangingThread: PID + 10,
        samples: Array.from({ length: 8 }, () => ['D', '__iomap_dio_rw']),
        hangingSwitches: [3, 3],
      })
    },
    seen => (program(seen).hangingSwitches = [3, 200]),
  ],
  [
    'a program that looks for a free port asks for another one each time',
    'port-taken',
    PID,
    seen => (seen.trace!.failures = [bindFailures(seen, 8080, 8080, 8080)]),
    seen => (seen.trace!.failures = [bindFailures(seen, 8080, 8081, 8082)]),
  ],
]

function bindFailures(
  { namespaces }: Observation,
  ...ports: number[]
): NonNullable<Observation['trace']>['failures'][number] {
  return {
    pid: PID,
    call: 'bind',
    error: 'EADDRINUSE',
    count: ports.length,
    early: 1,
    examples: ports.map(port => ({
      comm: 'program',
      parentPid: 1,
      parentComm: 'init',
      netns: namespaces[0]!.netns,
      fd: 3,
      address: { family: 'inet', address: '127.0.0.1', port },
    })),
  }
}

const ends = (...statuses: number[]) =>
  statuses.map((status, at) => ({
    pid: 9000 + at,
    comm: 'billing',
    status,
    lifeMs: 80,
    program: '16 billing --serve',
    parentPid: OTHER,
    parentComm: 'other',
    early: at === 0,
  }))

const accused = (seen: Observation, cause: Cause) =>
  findAll(seen)
    .filter(finding => finding.cause === cause && finding.severity !== 'info')
    .flatMap(({ culprits }) => culprits.flatMap(({ pid }) => (pid === PID || pid === OTHER ? pid : [])))

test.each(CASES)('%s: %s', (_, cause, culprit, wrong, well) => {
  const seen = machine()
  expect(accused(seen, cause)).toEqual([])
  wrong(seen)
  expect(accused(seen, cause)).toEqual([culprit])
  well(seen)
  expect(accused(seen, cause)).toEqual([])
})

test.each<[string, boolean, boolean]>([
  ['/var/log/app/today', false, true],
  ['/srv/app.log', false, true],
  ['/srv/app.log.1', false, true],
  ['/srv/nohup.out', false, true],
  ['/srv/worker.stderr', false, true],
  ['/srv/anything', true, true],
  ['/srv/out.tgz', false, false],
  ['/backup/logs.tar.gz', false, false],
  ['/srv/out/video.mkv', false, false],
  ['/srv/anything', false, false],
])('a file that grows fast is a log: %s, opened to append: %j', (path, appendOnly, isLog) => {
  const seen = machine()
  seen.growingFiles.push({ pid: PID, fd: 3, path, bytesPerSecond: 5e6, appended: true, appendOnly })
  expect(findAll(seen).some(({ cause }) => cause === 'runaway-log')).toBe(isLog)
})

test.each<[string, number, number, number]>([
  ['who holds them', 100, 0, PID],
  ['who gets none, where nobody holds the most', 60, 60, OTHER],
  ['who gets none, where the holder is another user', 100, 1000, OTHER],
])('instances of inotify: %s', (_, instances, uid, culprit) => {
  const seen = machine()
  seen.machine[1].inotifyLimits = { instances: 100 }
  program(seen).inotify = { instances, watches: 0, uid: 0 }
  const other = seen.processes.find(({ pid }) => pid === OTHER)!
  if (uid > 0) other.inotify = { instances: uid === 60 ? 60 : 1, watches: 0, uid: uid === 60 ? 0 : uid }
  seen.trace!.failures = [{ pid: OTHER, call: 'inotify_init1', error: 'EMFILE', count: 3, early: 1, examples: [] }]
  expect(accused(seen, 'inotify-exhausted')).toEqual([culprit])
})
