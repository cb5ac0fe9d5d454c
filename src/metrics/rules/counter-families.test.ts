import { expect, test } from 'vitest'
import { parseExactCounters } from '../../proc/net/counters.ts'
import { MetricSet } from '../metric-set.ts'
import { addCounters } from './counter-families.ts'

const NETSTAT = 'TcpExt: TW ListenOverflows\nTcpExt: 5 7\n'
const SNMP = 'Tcp: ActiveOpens RetransSegs\nTcp: 9007199254740993 3\nUdp: InDatagrams RcvbufErrors\nUdp: 1 2\n'

function counted(files: readonly string[], own = {}) {
  const set = new MetricSet()
  addCounters(
    set,
    files.map(text => parseExactCounters(Buffer.from(text))),
    own,
  )
  return Object.fromEntries(set.exposition('').families.map(({ name, samples }) => [name, samples]))
}

test('counters of the kernel by the names of Prometheus', () => {
  const families = counted([NETSTAT, SNMP], { netns: 'blue' })
  expect(Object.keys(families)).toEqual([
    'linsight_tcp_listen_overflows_total',
    'linsight_tcp_time_wait_started_total',
    'linsight_tcp_active_opens_total',
    'linsight_tcp_retransmitted_segments_total',
    'linsight_udp_receive_buffer_errors_total',
  ])
  expect(families['linsight_tcp_listen_overflows_total']).toEqual([{ labels: { netns: 'blue' }, value: 7 }])
})

test('a counter that this kernel does not have is left out, not 0', () => {
  expect(Object.keys(counted(['TcpExt: TW\nTcpExt: 5\n']))).toEqual(['linsight_tcp_time_wait_started_total'])
})
