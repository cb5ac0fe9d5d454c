import type { FileStats, SyscallProfile, SyscallStats } from '../profile.ts'
import { isKind, KIND } from '../../kernel/syscall-kind.ts'
import type { Finding } from '../model.ts'
import { statement, type Severity } from '../../statement.ts'
import { addStats } from './call-stats.ts'

/** What a profile says to someone who has read many. A finding needs its numbers: where they are unknown it is silent. */
export function findings(profile: SyscallProfile): Finding[] {
  return RULES.flatMap(rule => rule(profile) ?? []).map(statementOf)
}

function lookedUp({ files, lookups }: SyscallProfile): FileStats[] {
  return files ?? lookups ?? []
}

/** A view to look at next, or how to get a source that has it. */
function view(profile: SyscallProfile, option: '--by file' | '--by thread' | '--tree', answer: string): string {
  // A log names threads, though they are distinguished only where that is asked for.
  const byThread = profile.threads !== undefined || profile.meta.backend === 'strace-log'
  const has = option === '--by file' ? lookedUp(profile).length > 0 : byThread
  return `${option}${has ? '' : ' of a log (strace -f -ttt -T -yy -o LOG)'} ${answer}`
}

/** What a rule found: the statement but for the form of its evidence. */
interface Conclusion {
  code: string
  severity: Severity
  finding: string
  /** What to do or to look at next. */
  next: string
  facts: Finding['facts']
}

function statementOf({ code, severity, finding, next, facts }: Conclusion): Finding {
  const evidence = Object.entries(facts).map(([key, value]) => `${wordsOf(key)}: ${valueOf(key, value)}`)
  return { ...statement(code, severity, finding, { evidence, do: [next] }), facts }
}

/** `one byte calls` for `oneByteCalls`, `mean` for `meanNs`. */
function wordsOf(key: string): string {
  return key.replace(/Ns$/, '').replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

function valueOf(key: string, value: Finding['facts'][string]): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  if (key.endsWith('Ns')) return ms(value)
  return key === 'share' ? `${percent(value, 1)} %` : String(Math.round(value))
}

type Rule = (profile: SyscallProfile) => Conclusion | Conclusion[] | undefined

const RULES: readonly Rule[] = [
  oneByteTransfers,
  spins,
  futexContention,
  diskSyncs,
  missingFiles,
  repeatedStats,
  sleepPolling,
  forkStorm,
  waiting,
]

const SECOND_NS = 1e9
const whole = (value: number) => value.toFixed(0)
/** Rounded down: 99.6 % of the calls are not all of them. */
const percent = (part: number, all: number) => whole(Math.floor((100 * part) / all))
const ms = (ns: number) => (ns >= 1e6 ? `${(ns / 1e6).toPrecision(3)} ms` : `${whole(ns / 1e3)} us`)

/** Calls of every thread with one name, over all tables. */
function rowsOf(profile: SyscallProfile, kind: number): SyscallStats[] {
  return profile.syscalls.filter(row => isKind(row.name, kind))
}

function oneByteTransfers(profile: SyscallProfile): Conclusion[] {
  return profile.syscalls
    .filter(({ transfer }) => transfer && transfer.oneByteCalls >= 100 && transfer.oneByteCalls > transfer.calls / 2)
    .map(({ name, transfer, calls }) => ({
      code: 'one-byte-io',
      severity: 'warning',
      finding: `${transfer!.oneByteCalls} of ${calls} ${name} calls moved a single byte`,
      next: `buffer it: 4 KiB a call would need about ${Math.ceil(transfer!.bytes / 4096)} calls for the same ${transfer!.bytes} bytes; ${view(profile, '--by file', 'says which file')}`,
      facts: { syscall: name, calls, oneByteCalls: transfer!.oneByteCalls, bytes: transfer!.bytes },
    }))
}

/** Asked again and again with nothing to get: EAGAIN, or a poll that returns 0 at once. */
function spins(profile: SyscallProfile): Conclusion[] {
  const found: Conclusion[] = []
  for (const row of profile.syscalls) {
    const again = (row.errnos?.['EAGAIN'] ?? 0) + (row.errnos?.['EWOULDBLOCK'] ?? 0)
    if (row.name !== 'futex' && again >= 100 && again > row.calls / 2)
      found.push({
        code: 'eagain-spin',
        severity: 'warning',
        finding: `${again} of ${row.calls} ${row.name} calls (${percent(again, row.calls)} %) found nothing to do (EAGAIN)`,
        next: 'wait for readiness (epoll, io_uring) before asking, and stop at the first EAGAIN of a round',
        facts: { syscall: row.name, calls: row.calls, eagain: again },
      })
    const empty = row.zeroResults ?? 0
    const meanNs = row.wall && row.calls > 0 ? row.wall.totalNs / row.calls : undefined
    if (isKind(row.name, KIND.polls) && empty >= 100 && empty > row.calls / 2 && meanNs !== undefined && meanNs < 1e6)
      found.push({
        code: 'poll-spin',
        severity: 'warning',
        finding: `${empty} of ${row.calls} ${row.name} calls timed out after ${ms(meanNs)} on average`,
        next: 'give it a longer timeout, or none: a loop that asks with timeout 0 uses a whole CPU',
        facts: { syscall: row.name, calls: row.calls, timeouts: empty, meanNs },
      })
  }
  const yields = profile.syscalls.find(row => row.name === 'sched_yield')
  if (yields !== undefined && yields.calls >= 1000)
    found.push({
      code: 'yield-spin',
      severity: 'warning',
      finding: `sched_yield was called ${yields.calls} times`,
      next: 'a lock spins in user space: use one that sleeps (futex), or shorten what it protects',
      facts: { calls: yields.calls },
    })
  return found
}

function futexContention(profile: SyscallProfile): Conclusion | undefined {
  const futex = profile.syscalls.find(row => row.name === 'futex')
  if (futex === undefined || futex.calls < 100) return undefined
  const total = addStats(profile.syscalls)
  const kind = futex.wall !== undefined ? 'wall' : 'system'
  const share = futex[kind] && total[kind]!.totalNs > 0 ? futex[kind].totalNs / total[kind]!.totalNs : 0
  const lost = futex.errnos?.['EAGAIN'] ?? 0
  if (share < 0.5 && lost < Math.max(100, futex.calls * 0.2)) return undefined
  const races = lost > 0 ? `; ${lost} waits lost the race for the lock (EAGAIN)` : ''
  return {
    code: 'futex-contention',
    severity: 'warning',
    finding: `futex takes ${percent(share, 1)} % of the ${kind} time in ${futex.calls} calls${races}`,
    next:
      kind === 'wall' && lost < futex.calls * 0.2
        ? `threads wait for each other, or idle in a pool: ${view(profile, '--by thread', 'tells workers from waiters')}`
        : `threads fight for a lock: ${view(profile, '--by thread', 'says which')}, perf record -g where`,
    facts: { calls: futex.calls, share, eagain: lost, time: kind },
  }
}

function diskSyncs(profile: SyscallProfile): Conclusion | undefined {
  const rows = rowsOf(profile, KIND.syncs)
  const { calls, wall } = addStats(rows)
  if (calls < 20) return undefined
  const time = wall === undefined ? '' : `, ${ms(wall.totalNs / calls)} each on average, ${ms(wall.totalNs)} in all`
  return {
    code: 'sync-storm',
    severity: 'warning',
    finding: `${calls} calls forced data to the disk (${rows.map(row => `${row.name} ${row.calls}`).join(', ')})${time}`,
    next: `sync once per batch (group commit), or open with O_DSYNC where each write must be safe; ${view(profile, '--by file', 'says which file')}`,
    facts: { calls, ...(wall && { wallNs: wall.totalNs }) },
  }
}

/** Names looked up in folder after folder: a search path that is too long. */
function missingFiles(profile: SyscallProfile): Conclusion | undefined {
  const lookups = profile.syscalls.filter(
    row => isKind(row.name, KIND.pathFirst | KIND.pathAt) && (row.errnos?.['ENOENT'] ?? 0) > 0,
  )
  const missing = lookups.reduce((sum, row) => sum + row.errnos!['ENOENT']!, 0)
  const calls = lookups.reduce((sum, row) => sum + row.calls, 0)
  if (missing < 50 || missing < calls / 4) return undefined
  const folders = missingByFolder(lookedUp(profile))
  const worst = folders
    .slice(0, 3)
    .map(([folder, count]) => `${folder} ${count}`)
    .join(', ')
  const names = mostMissed(lookedUp(profile))
  return {
    code: 'enoent-storm',
    severity: 'info',
    finding: `${missing} of ${calls} lookups by path (${percent(missing, calls)} %) found nothing (ENOENT)${worst === '' ? '' : `; most in ${worst}`}${names === '' ? '' : `; most often ${names}`}`,
    next: `shorten the search path (LD_LIBRARY_PATH, PYTHONPATH, NODE_PATH, PATH, -I …), or put what is found in front; ${view(profile, '--by file', '--sort errors lists them')}`,
    facts: { missing, calls, folders: Object.fromEntries(folders.slice(0, 3)) },
  }
}

function missingByFolder(files: readonly FileStats[]): [string, number][] {
  const folders = new Map<string, number>()
  for (const { name, missing } of files) {
    if (missing === 0) continue
    const [folder] = splitPath(name)
    folders.set(folder, (folders.get(folder) ?? 0) + missing)
  }
  return [...folders].sort((a, b) => b[1] - a[1])
}

function splitPath(name: string): [folder: string, base: string] {
  const path = name.replace(/\/+$/, '')
  const slash = path.lastIndexOf('/')
  return [slash === -1 ? '.' : path.slice(0, slash) || '/', path.slice(slash + 1)]
}

/** The base name that was missed in the most folders, with their number. */
function mostMissed(files: readonly FileStats[]): string {
  const names = new Map<string, number>()
  for (const { name, missing } of files) {
    if (missing === 0) continue
    const [, base] = splitPath(name)
    names.set(base, (names.get(base) ?? 0) + 1)
  }
  const [most] = [...names].sort((a, b) => b[1] - a[1])
  return most === undefined || most[1] < 3 ? '' : `${most[0]}, in ${most[1]} folders`
}

function repeatedStats(profile: SyscallProfile): Conclusion | undefined {
  const [most] = [...lookedUp(profile)].sort((a, b) => b.stats - a.stats)
  if (most === undefined || most.stats < 100) return undefined
  return {
    code: 'repeated-stat',
    severity: 'info',
    finding: `${most.name} was asked about ${most.stats} times (stat, access, readlink)`,
    next: 'keep the answer, or watch the file with inotify',
    facts: { file: most.name, calls: most.stats },
  }
}

function sleepPolling(profile: SyscallProfile): Conclusion | undefined {
  const sleep = addStats(rowsOf(profile, KIND.sleeps))
  if (sleep.calls < 50 || sleep.wall === undefined) return undefined
  const meanNs = sleep.wall.totalNs / sleep.calls
  if (meanNs > 0.2 * SECOND_NS) return undefined
  return {
    code: 'sleep-polling',
    severity: 'info',
    finding: `${sleep.calls} sleeps of ${ms(meanNs)} on average, ${ms(sleep.wall.totalNs)} in all: something is waited for by looking again and again`,
    next: `wait for the event itself (futex, eventfd, inotify, epoll); ${view(profile, '--by thread', 'says who sleeps')}`,
    facts: { calls: sleep.calls, meanNs, wallNs: sleep.wall.totalNs },
  }
}

function forkStorm(profile: SyscallProfile): Conclusion | undefined {
  const execs = rowsOf(profile, KIND.execs)
  const forks = rowsOf(profile, KIND.forks)
  const made = forks.reduce((sum, row) => sum + row.calls - row.errors, 0)
  const { durationNs } = profile.meta
  const rate = durationNs === undefined ? undefined : (made * SECOND_NS) / durationNs
  if (made < 50 || (rate !== undefined && rate < 20)) return undefined
  const programs = execs.reduce((sum, row) => sum + row.calls - row.errors, 0)
  return {
    code: 'fork-storm',
    severity: 'info',
    finding: `${made} processes and threads were made${rate === undefined ? '' : `, ${whole(rate)} a second`}, ${programs} programs were started`,
    next: `a loop starts a program each time round: do its work inside, or hand it many inputs at once; ${view(profile, '--tree', 'shows what starts what')}`,
    facts: { made, programs, ...(rate !== undefined && { perSecond: rate }) },
  }
}

/** Most of the wall time is one call that waits: it looks like work and is none. */
function waiting(profile: SyscallProfile): Conclusion | undefined {
  const total = addStats(profile.syscalls).wall
  if (total === undefined || total.totalNs === 0) return undefined
  const [most] = [...profile.syscalls].sort((a, b) => (b.wall?.totalNs ?? 0) - (a.wall?.totalNs ?? 0))
  const share = (most?.wall?.totalNs ?? 0) / total.totalNs
  if (most === undefined || share < 0.9 || !isWait(most.name)) return undefined
  return {
    code: 'mostly-waiting',
    severity: 'info',
    finding: `${percent(share, 1)} % of the wall time is waiting in ${most.name}, ${most.calls} calls`,
    next: 'that is idle time, not cost: look at the other rows, or at what wakes it',
    facts: { syscall: most.name, calls: most.calls, share },
  }
}

function isWait(name: string): boolean {
  return (
    isKind(name, KIND.polls | KIND.sleeps) ||
    ['wait4', 'waitid', 'pause', 'rt_sigsuspend', 'rt_sigtimedwait'].includes(name)
  )
}
