import type { MetricSet } from '../metric-set.ts'

const STARTED_AT_S = Date.now() / 1000 - process.uptime()

/**
 * What linsight says of itself; by names of its own, since a file of the textfile collector stands beside those of
 * node_exporter.
 */
export function addSelf(set: MetricSet, version: string): void {
  set.set('linsight_build_info', 1, { version, node: process.version })
  const { user, system } = process.cpuUsage()
  set.set('linsight_process_cpu_seconds_total', (user + system) / 1e6)
  set.set('linsight_process_resident_memory_bytes', process.memoryUsage.rss())
  set.set('linsight_process_start_time_seconds', STARTED_AT_S)
}
