import { readFileSync } from 'node:fs'
import { optional } from '../../errors.ts'

/**
 * CPU time of this thread alone, in milliseconds: that of the process is the program's, too.
 *
 * Source: /proc/PID/task/TID/schedstat (Linux Documentation/scheduler/sched-stats.rst): `123456789 4567 89`, of which the
 * first is nanoseconds on a CPU. Kernels without CONFIG_SCHED_INFO have no such file; there the process counts.
 */
export function threadCpuMs(): number {
  const ns = optional(() => readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0])
  if (ns !== undefined) return Number(ns) / 1e6
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
