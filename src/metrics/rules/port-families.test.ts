import { expect, test } from 'vitest'
import type { TimeWaitTotals, TuplePressure } from '../../time-wait/model.ts'
import { MetricSet } from '../metric-set.ts'
import { addLocalPorts } from './port-families.ts'

const tuple = (change: Partial<TuplePressure>) =>
  ({ localAddress: '10.0.0.1', remoteAddress: '10.0.0.2', remotePort: 5432, blocked: 7, ...change }) as TuplePressure

function added(tuples: readonly TuplePressure[], totals: Partial<TimeWaitTotals> = {}) {
  const set = new MetricSet()
  addLocalPorts(set, { tuples: [...tuples], totals: totals as TimeWaitTotals })
  return Object.fromEntries(set.exposition('').families.map(({ name, samples }) => [name, samples]))
}

test('used, capacity and the forecast of a destination', () => {
  const families = added([tuple({ capacity: 28_000, forecast: { exhaustedInS: 90 } as TuplePressure['forecast'] })], {
    limit: 262_144,
  })
  const labels = { source: '10.0.0.1', destination: '10.0.0.2:5432' }
  expect(families).toEqual({
    linsight_tcp_local_ports_used: [{ labels, value: 7 }],
    linsight_tcp_local_ports_capacity: [{ labels, value: 28_000 }],
    linsight_tcp_local_ports_exhaustion_seconds: [{ labels, value: 90 }],
    linsight_tcp_time_wait_limit: [{ labels: {}, value: 262_144 }],
  })
})

test('what is not known, or does not happen, is no series', () => {
  expect(Object.keys(added([tuple({ remoteAddress: '::1' })]))).toEqual(['linsight_tcp_local_ports_used'])
})

test('of very many destinations the first twenty', () => {
  const many = Array.from({ length: 50 }, (_, at) => tuple({ remotePort: at + 1 }))
  expect(added(many)['linsight_tcp_local_ports_used']!.length).toBe(20)
})
