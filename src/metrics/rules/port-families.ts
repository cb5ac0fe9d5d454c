import { endpoint } from '../../kernel/ip-address.ts'
import type { TimeWaitFigures } from '../../time-wait/model.ts'
import type { MetricSet } from '../metric-set.ts'
import type { Labels } from '../model.ts'

/** Destinations that have series: the fullest. Others could be as many as there are servers. */
const MOST_DESTINATIONS = 20

/** Adds the local ports of the fullest destinations: used, capacity, and when none is left. */
export function addLocalPorts(
  set: MetricSet,
  { tuples, totals }: Pick<TimeWaitFigures, 'tuples' | 'totals'>,
  own: Labels = {},
): void {
  const rows = tuples.slice(0, MOST_DESTINATIONS).map(tuple => ({
    labels: {
      ...own,
      source: tuple.localAddress,
      destination: endpoint(tuple.remoteAddress, tuple.remotePort),
    },
    values: [tuple.blocked, tuple.capacity, tuple.forecast?.exhaustedInS],
    weight: tuple.utilization ?? 0,
  }))
  set.addRows(
    [
      'linsight_tcp_local_ports_used',
      'linsight_tcp_local_ports_capacity',
      'linsight_tcp_local_ports_exhaustion_seconds',
    ],
    rows,
  )
  if (totals.limit !== undefined)
    set.addRows(['linsight_tcp_time_wait_limit'], [{ labels: own, values: [totals.limit], weight: 0 }])
}
