import { findings, type FileStats, type SyscallProfile, type SyscallStats } from '../../syscalls/index.ts'
import type { ObservedProcess } from '../observed/task.ts'
import type { Scene } from '../scene.ts'
import { rise, sum } from './cpu/rates.ts'

/**
 * What trace-syscalls recommends for what these findings of it tell, from what was counted of the calls of a process. Only
 * failed calls were counted of most, so its words about how many they are of all are left out.
 */
export function callAdvice(scene: Scene, process: ObservedProcess, ...codes: readonly string[]): string[] {
  const told = findings(profileOf(scene, process)).filter(({ code }) => codes.includes(code))
  return [...new Set(told.flatMap(finding => finding.do))]
}

/** The calls of one process, as far as they were counted, as trace-syscalls has them. */
function profileOf(scene: Scene, process: ObservedProcess): SyscallProfile {
  const { trace } = scene.seen
  const { pid } = process
  const durationNs = (trace?.durationMs ?? scene.seen.durationMs) * 1e6
  const missing = trace?.notFound.find(one => one.pid === pid)
  const found = sum(trace?.found?.[pid])
  const empty = sum(trace?.emptyPolls[pid])
  const lookups = missing?.paths.map((name): FileStats => ({ ...NO_FILE, name, calls: 1, errors: 1, missing: 1 }))
  return {
    meta: { backend: 'bpftrace', durationNs },
    syscalls: [
      ...(trace?.failures ?? [])
        .filter(failure => failure.pid === pid)
        .map(({ call, error, count }) => row(call, count, { errors: count, errnos: { [error]: count } })),
      row('poll', empty + sum(trace?.readyPolls?.[pid]), {
        zeroResults: empty,
        wall: { totalNs: Math.min(durationNs, empty * 1e6 - 1) },
      }),
      row('openat', found + sum(missing?.halves), {
        errors: sum(missing?.halves),
        errnos: { ENOENT: sum(missing?.halves) },
      }),
      row('fsync', sum(trace?.syncCalls[pid])),
      row('clone', sum(trace?.forks[pid])),
      transferRow('read', rise(process, 'readCalls'), rise(process, 'readChars')),
      transferRow('write', rise(process, 'writeCalls'), rise(process, 'writtenChars')),
      transferRow('recvfrom', sum(trace?.tinyMessages?.[pid]), sum(trace?.tinyMessages?.[pid])),
    ].filter(({ calls }) => calls > 0),
    lookups,
    rejected: [],
    warnings: [],
  }
}

const NO_FILE = { stats: 0, readBytes: 0, writtenBytes: 0 }

const row = (name: string, calls: number, rest: Partial<SyscallStats> = {}): SyscallStats => ({
  name,
  abi: 'native',
  calls,
  errors: 0,
  ...rest,
})

const transferRow = (name: string, calls = 0, bytes = 0) =>
  row(name, calls, { transfer: { calls, bytes, oneByteCalls: bytes <= calls ? bytes : 0 } })
