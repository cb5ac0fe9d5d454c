import { errnoName } from '../../kernel/errno.ts'
import { syscallName } from '../../kernel/syscall-names.ts'
import type {
  CallExample,
  Death,
  End,
  FailedCall,
  FailedConnect,
  Halves,
  OomVictim,
  Question,
  Trace,
} from '../observed/traced.ts'
import { COUNTED_ERRNOS } from './calls.ts'
import type { Totals } from './counted-totals.ts'

/** What a tracer told one by one. */
export interface TracedEvents {
  /** By pid, number of the call, and result, divided by blanks. */
  examples: ReadonlyMap<string, CallExample[]>
  /** Paths that were not found, by pid. */
  paths: ReadonlyMap<number, string[]>
  /** By pid, errno and port, divided by blanks. */
  connects: ReadonlyMap<string, Omit<FailedConnect, 'count'>>
  /** By pid. */
  questions: ReadonlyMap<number, Omit<Question, 'count'>>
  deaths: Death[]
  ends: End[]
  victims: OomVictim[]
}

/** What a tracer counted, joined with what it told of single events. `machine`: `uname -m`. */
export function buildTrace(machine: string, totals: Totals, events: TracedEvents): Trace {
  const { examples, paths, connects, questions, deaths, ends, victims } = events
  const halves = (map: string) => {
    const before = totals.early(map)
    return totals.of(map).map(({ key, count }) => {
      const half = before.get(key.join()) ?? 0
      return { key, halves: [half, count - half] as Halves }
    })
  }
  const byPid = (map: string) =>
    Object.fromEntries(halves(map).map(({ key, halves: counts }) => [String(key[0]), counts]))
  return {
    durationMs: totals.durationMs,
    failures: halves('failed').map(({ key, halves: [early, late] }): FailedCall => {
      const [pid = 0, id = 0, result = 0] = key
      return {
        pid,
        call: syscallName(machine, 'native', id),
        error: COUNTED_ERRNOS[-result] ?? errnoName(-result),
        count: early + late,
        early,
        examples: examples.get(`${pid} ${id} ${result}`) ?? [],
      }
    }),
    notFound: halves('missing').map(({ key: [pid = 0], halves: counts }) => ({
      pid,
      halves: counts,
      paths: paths.get(pid) ?? [],
    })),
    connects: totals.of('unconnected').flatMap(({ key, count }) => {
      const facts = connects.get(key.join(' '))
      return facts === undefined ? [] : [{ ...facts, count }]
    }),
    accepts: totals.of('accepted').map(({ key: [pid = 0, fd = -1], count }) => ({ pid, fd, count })),
    emptyPolls: byPid('empty'),
    futexCalls: byPid('futex'),
    syncCalls: byPid('synced'),
    notExisting: byPid('nxdomain'),
    answers: totals.of('answered').map(({ key: [pid = 0, fd = -1], count }) => ({ pid, fd, count })),
    questions: totals.of('asked').flatMap(({ key: [pid = 0], count }) => {
      const facts = questions.get(pid)
      return facts === undefined ? [] : [{ ...facts, count }]
    }),
    forks: byPid('forks'),
    tinyMessages: byPid('tiny'),
    readyPolls: byPid('ready'),
    sleeps: byPid('slept'),
    found: byPid('found'),
    futexTimeouts: byPid('expired'),
    lockWaits: byPid('locked'),
    deaths,
    ends,
    oomVictims: victims,
    retransmits: totals.of('again').map(({ key: [state = 0, localPort = 0, remotePort = 0], count }) => ({
      state,
      localPort,
      remotePort,
      count,
    })),
  }
}
