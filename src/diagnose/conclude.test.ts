import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../test/support/paths.ts'
import { JOBS } from '../bpf/jobs/catalog.ts'
import { CAUSES } from './causes.ts'
import { diagnose, findAll, pidsToDescribe } from './conclude.ts'
import type { Observation } from './observation.ts'
import { parseObservation } from './recording.ts'
import { RULES } from './rules/all.ts'
import { THRESHOLDS } from './thresholds.ts'

const read = (name: string): Observation =>
  parseObservation(readFileSync(fixture(`diagnose/${name}.diag.json`), 'utf8'), name)

/** What is wrong in each recording: cause, culprit, and one fact without which nothing may be said. */
const INCIDENTS: Record<string, [cause: string, culprit: string, without: (seen: Observation) => void]> = {
  'port-taken': ['port-taken', 'old-api', noFailures],
  'port-taken-netns': ['port-taken', 'vpn-gateway', noFailures],
  'inherited-listener': ['inherited-listener', 'thumbnailer', seen => (noFailures(seen), emptyQueues(seen))],
  'accept-queue-full': ['accept-queue-full', 'orders-api', emptyQueues],
  'reuseport-stuck': ['reuseport-member-stuck', 'worker', emptyQueues],
  'close-wait-leak': ['close-wait-leak', 'session-svc', seen => keep(seen, 'a', ({ state }) => state !== 8)],
  'stuck-reader': ['reader-stuck', 'indexer', seen => everySocket(seen, 'b', socket => (socket.rxQueue += 1))],
  'timewait-exhaustion': ['local-ports-exhausted', 'price-client', noFailures],
  'econnrefused-loop': ['connection-refused', 'invoice-job', seen => (seen.trace!.connects = [])],
  retransmits: ['retransmits', 'primary', seen => counters(seen, 'OutSegs', 10_000_000)],
  'dns-refused': ['connection-refused', 'mailer', seen => counters(seen, 'InDestUnreachs', -100_000)],
  'dns-slow': ['dns-timeout', 'api-server', seen => seen.namespaces.forEach(place => (place.lookups = []))],
  'eagain-spin': [
    'busy-poll',
    'quote-client',
    seen => (noFailures(seen), (seen.trace!.emptyPolls = {}), noThreads(seen)),
  ],
  'cpu-hog-thread': ['cpu-hog', 'order-engine', noThreads],
  'cpu-throttled': [
    'cpu-throttled',
    'pricing',
    seen => (seen.cgroups.forEach(group => (group.b = group.a)), noThreads(seen)),
  ],
  'one-byte-reads': [
    'tiny-io',
    'csv-import',
    seen => (processes(seen, one => (one.b!.readChars! += 1e9)), noThreads(seen)),
  ],
  'fork-storm': ['fork-storm', 'healthcheck.sh', seen => (seen.trace!.forks = {})],
  'deleted-exe': ['deleted-executable', 'ledger-sync', seen => processes(seen, one => delete one.replacedExecutable)],
  'fd-leak': [
    'fd-exhausted',
    'upload-svc',
    seen => (noFailures(seen), processes(seen, one => delete one.descriptorLimit), emptyQueues(seen)),
  ],
  'inotify-exhausted': ['inotify-exhausted', 'file-watcher', noFailures],
  'fsync-storm': ['fsync-storm', 'audit-log', seen => (seen.trace!.syncCalls = {})],
  'log-runaway': ['runaway-log', 'mail-relay', seen => (seen.growingFiles = [])],
  'fs-full': ['disk-full', 'print-spool', seen => (noFailures(seen), (seen.mounts = []))],
  'deleted-open-file': ['deleted-file-space', '', seen => ((seen.deletedFiles = []), (seen.mounts = []))],
  'oom-kill': [
    'oom-kill',
    'report-boss',
    seen => ((seen.trace!.oomVictims = []), seen.cgroups.forEach(group => (group.b = group.a))),
  ],
  'major-faults': [
    'major-faults',
    'search-node',
    seen => (
      processes(seen, one => (one.b!.majorFaults = one.a?.majorFaults ?? 0)),
      (seen.cgroups = []),
      noThreads(seen)
    ),
  ],
  'flock-wait': ['file-lock-wait', 'import-cron', seen => (seen.locks[0] = [])],
  'd-state': [
    'blocked-in-kernel',
    'wal-writer',
    seen => processes(seen, one => one.samples?.splice(1, 1, ['S', 'ep_poll'])),
  ],
  'stopped-process': [
    'stopped-process',
    'auth-api',
    seen => (processes(seen, one => (one.b!.state = 'S')), emptyQueues(seen), keep(seen, 'b', () => false)),
  ],
  'futex-contention': ['lock-contention', 'cache-svc', seen => ((seen.trace!.futexCalls = {}), noThreads(seen))],
  'port-time-wait': ['port-in-time-wait', 'billing', noFailures],
  'port-bound-only': ['port-taken', 'half-started', noFailures],
  'port-taken-unix': ['port-taken', 'old-daemon', noFailures],
  'listener-shadowed': [
    'listener-shadowed',
    'mock-server',
    seen => keep(seen, 'b', ({ local }) => local !== '0.0.0.0'),
  ],
  'accept-not-served': ['accept-queue-not-served', 'rpc-server', emptyQueues],
  'syn-backlog': ['syn-backlog', 'web', seen => keep(seen, 'b', ({ state }) => state !== 3)],
  'unix-stream-full': [
    'unix-queue-full',
    'journald',
    seen => processes(seen, one => one.samples?.splice(1, 1, ['S', 'ep_poll'])),
  ],
  'peer-zero-window': ['peer-zero-window', 'exporter', seen => everySocket(seen, 'b', socket => (socket.timer = 1))],
  'connect-timeout': [
    'connect-timeout',
    'reports',
    seen => (everySocket(seen, 'b', socket => (socket.retransmits = 0)), (seen.trace!.connects = [])),
  ],
  'udp-drops': [
    'udp-receive-drops',
    'netflow',
    seen =>
      seen.namespaces.forEach(({ a, b }) => b?.udp.forEach((socket, at) => (socket.drops = a.udp[at]?.drops ?? 0))),
  ],
  'dns-nxdomain': ['dns-nxdomain', 'webhook', seen => (seen.trace!.notExisting = {})],
  'enoent-storm': ['enoent-storm', 'theme-loader', seen => ((seen.trace!.notFound = []), noThreads(seen))],
  'wakeup-timerfd': ['wakeup-storm', 'ticker', seen => processes(seen, one => (one.wakeups = 100))],
  'crash-segv': ['crash-loop', 'runit', seen => ((seen.trace!.deaths = []), (seen.trace!.ends = []))],
  'exit-config': ['crash-loop', 'runsv', seen => seen.trace!.ends!.forEach(end => (end.status = 0))],
  zombies: ['zombies', 'cron-bridge', seen => processes(seen, one => (one.b!.state = 'S'))],
  'frozen-v2': [
    'frozen-cgroup',
    'runner',
    seen => (seen.cgroups.forEach(group => delete group.b?.frozen), processes(seen, one => delete one.samples)),
  ],
  'pids-limit-fork': ['pids-limit', 'ci-agent', noFailures],
  'nproc-limit': ['nproc-limit', 'build-farm', noFailures],
  'inodes-exhausted': [
    'inodes-exhausted',
    'php-session',
    seen => seen.mounts.forEach(mount => (mount.freeInodes = 9e6)),
  ],
  'disk-hog': ['disk-hog', 'raw-backup', seen => seen.disks.forEach(disk => (disk.queueMs = 0))],
  'memory-pressure': [
    'memory-limit-pressure',
    'catalog-scan',
    seen => seen.cgroups.forEach(group => (group.b = group.a)),
  ],
  'memory-growth': ['memory-growth', 'image-cache', seen => processes(seen, one => delete one.residentPages)],
  'pipe-full': ['pipe-full', 'mailx', seen => processes(seen, one => one.samples?.splice(1, 1, ['S', 'ep_poll']))],
  'fuse-hangs': [
    'fuse-not-answering',
    's3-mount',
    seen => processes(seen, one => one.samples?.splice(1, 1, ['S', 'ep_poll'])),
  ],
  'rwlock-contention': [
    'lock-contention',
    'route-table',
    seen => (processes(seen, one => delete one.lockWaiters), (seen.trace!.futexCalls = {})),
  ],
  'c-stuck-in-traffic': ['reader-stuck', 'indexer', seen => everySocket(seen, 'b', socket => (socket.rxQueue += 1))],
}

const HEALTHY = [
  'h-web',
  'h-compile',
  'h-idle',
  'h-copy',
  'h-database',
  'h-prefork',
  'h-backup',
  'h-install',
  'h-cron',
  'h-git-gc',
]

function noFailures(seen: Observation): void {
  seen.trace!.failures = []
}
function noThreads(seen: Observation): void {
  processes(seen, process => delete process.threadRuns)
}
function processes(seen: Observation, change: (process: Observation['processes'][number]) => void): void {
  for (const process of seen.processes) if (process.b !== undefined) change(process)
}
type Socket = Observation['namespaces'][number]['a']['tcp'][number]
function everySocket(seen: Observation, look: 'a' | 'b', change: (socket: Socket) => void): void {
  for (const place of seen.namespaces) for (const socket of place[look]?.tcp ?? []) change(socket)
}
function keep(seen: Observation, look: 'a' | 'b', isKept: (socket: Socket) => boolean): void {
  for (const place of seen.namespaces) if (place[look]) place[look].tcp = place[look].tcp.filter(isKept)
}
function emptyQueues(seen: Observation): void {
  everySocket(seen, 'b', socket => {
    if (socket.state === 10) socket.rxQueue = 0
  })
}
function counters(seen: Observation, name: string, more: number): void {
  for (const { b } of seen.namespaces) if (b) b.counters[name]! += more
}

describe('recorded incidents', () => {
  test.each(Object.keys(INCIDENTS))('%s: cause and culprit stand first', name => {
    const [cause, culprit] = INCIDENTS[name]!
    const [first] = diagnose(read(name)).findings
    expect(first?.cause).toBe(cause)
    if (culprit !== '') expect(first!.culprit!.comm).toBe(culprit)
    expect(first!.evidence.length).toBeGreaterThan(0)
    expect(first!.do.length).toBeGreaterThan(0)
  })

  test.each(Object.keys(INCIDENTS))('%s: without the fact it rests on its cause is not said', name => {
    const [cause, , without] = INCIDENTS[name]!
    const seen = read(name)
    without(seen)
    expect(findAll(seen).map(finding => finding.cause)).not.toContain(cause)
  })
})

test('what is named to see more are jobs and commands that there are', () => {
  const jobs = new Set(JOBS.map(({ name }) => name))
  const commands = Object.keys(INCIDENTS).flatMap(name => findAll(read(name)).flatMap(({ more }) => more ?? []))
  for (const command of new Set(commands)) {
    const job = /^linsight bpf run (\S+)/.exec(command)?.[1]
    if (job === undefined) expect(command).toMatch(/^(?:mynetstat -|trace-syscalls -p \d|tw-stats$|linsight diagnose )/)
    else expect(jobs).toContain(job)
  }
})

describe('healthy machines', () => {
  test.each(HEALTHY)('%s: nobody is accused', name => {
    expect(diagnose(read(name)).findings).toEqual([])
  })

  test.each(HEALTHY)('%s: nobody either, whatever processes and sockets are not seen, in whatever order', name => {
    const whole = read(name)
    const [first] = whole.namespaces
    const property = fc.property(
      fc.shuffledSubarray(whole.processes),
      fc.infiniteStream(fc.boolean()),
      (processes, coins) => {
        const seen = { ...whole, processes: [...processes], namespaces: [...whole.namespaces] }
        if (first !== undefined) {
          const tcp = first.a.tcp.filter(() => coins.next().value)
          seen.namespaces[0] = { ...first, a: { ...first.a, tcp } }
        }
        expect(findAll(seen).filter(({ severity }) => severity !== 'info')).toEqual([])
      },
    )
    fc.assert(property, { numRuns: 30 })
  })
})

test('every recording is of an incident or a healthy machine', () => {
  const names = readdirSync(fixture('diagnose')).map(name => name.replace('.diag.json', ''))
  expect(names.filter(name => !(name in INCIDENTS) && !HEALTHY.includes(name) && name !== 'fin-wait2-pile')).toEqual([])
})

test('one look says only what one look can tell', () => {
  const two = new Set<string>(RULES.filter(({ looks }) => looks === 2).map(({ cause }) => cause))
  for (const name of Object.keys(INCIDENTS)) {
    const causes = findAll({ ...read(name), durationMs: 0 }).map(({ cause }) => cause)
    expect(causes.filter(cause => two.has(cause))).toEqual([])
  }
})

describe('the rules', () => {
  test('are one for each cause', () => {
    expect(RULES.map(({ cause }) => cause).toSorted()).toEqual(Object.keys(CAUSES).toSorted())
  })

  test('each has a recording in which it speaks; those without one have a test of their own', () => {
    const told = new Set(Object.values(INCIDENTS).map(([cause]) => cause))
    const causes = Object.keys(CAUSES).filter(cause => !told.has(cause))
    // A pile beside whose waiting side the leaking one is told; totals of the machine (rules/health.test.ts).
    expect(causes).toEqual(['fin-wait2-pile', 'tcp-orphans', 'tcp-memory'])
  })

  test('a pile in FIN_WAIT2 stands behind the leak at its other end, where that is on this machine', () => {
    const told = diagnose(read('fin-wait2-pile')).findings.map(({ cause, culprit }) => [cause, culprit!.comm])
    expect(told).toEqual([
      ['close-wait-leak', 'legacy-app'],
      ['fin-wait2-pile', 'legacy-app'],
    ])
    const seen = read('fin-wait2-pile')
    keep(seen, 'b', ({ state }) => state !== 5)
    expect(findAll(seen).map(({ cause }) => cause)).not.toContain('fin-wait2-pile')
  })

  test('name only thresholds that there are, and every threshold is of some rule', () => {
    const named = new Set(RULES.flatMap(({ thresholds }) => thresholds))
    expect(Object.keys(THRESHOLDS).filter(name => !named.has(name as never))).toEqual([])
  })
})

test('whoever is described after the first pass is named so in the diagnosis', () => {
  const seen = read('accept-queue-full')
  for (const process of seen.processes) delete process.described
  const pids = pidsToDescribe(seen)
  expect(pids.length).toBeGreaterThan(0)
  for (const process of seen.processes)
    if (pids.includes(process.pid)) process.described = { args: ['described'], unit: 'a.service' }
  const report = diagnose(seen)
  expect(report.findings[0]!.culprit).toMatchObject({ cmdline: 'described', unit: 'a.service' })
  expect(report).toEqual(diagnose(structuredClone(seen)))
})

test('what changed after a diagnosis counts in the next one', () => {
  const seen = read('accept-queue-full')
  pidsToDescribe(seen)
  expect(diagnose(seen).findings.map(({ cause }) => cause)).toContain('accept-queue-full')
  emptyQueues(seen)
  expect(diagnose(seen).findings.map(({ cause }) => cause)).not.toContain('accept-queue-full')
})
