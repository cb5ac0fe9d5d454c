import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { PassingTcp } from '../../sockets/model.ts'
import { MetricSet } from '../metric-set.ts'
import { TcpTally } from './tcp-tally.ts'

const PROGRAMS = ['', 'nginx', 'sshd']
const owners = {
  numberOf: (inode: number) => (inode >= 100 ? 1 : inode >= 50 ? 2 : 0),
  labelsOf: (number: number) => ({ program: PROGRAMS[number]!, unit: '', container: '' }),
}

const socket = (change: Partial<PassingTcp>): PassingTcp => ({
  table: 'tcp',
  state: TCP_STATE.established,
  localAddress: '127.0.0.1',
  localPort: 80,
  rxQueueBytes: 0,
  txQueueBytes: 0,
  acceptQueueLimit: undefined,
  inode: 100,
  ...change,
})
const listener = (change: Partial<PassingTcp>) => socket({ state: TCP_STATE.listen, acceptQueueLimit: 8, ...change })

function counted(sockets: readonly PassingTcp[], own = {}): string[] {
  const tally = new TcpTally(owners)
  for (const one of sockets) tally.add(one)
  const set = new MetricSet()
  tally.addTo(set, own)
  return set
    .exposition('')
    .families.flatMap(({ name, samples }) =>
      samples.map(
        ({ labels, value }) => `${name.replace('linsight_tcp_', '')} ${Object.values(labels).join()} ${value}`,
      ),
    )
}

describe('counting TCP sockets', () => {
  test('sockets of SO_REUSEPORT are one listener: queues, limits and sockets are summed', () => {
    const lines = counted([listener({ rxQueueBytes: 3 }), listener({ inode: 101, rxQueueBytes: 4 })])
    expect(lines).toContain('listener_queue_length 127.0.0.1,80,nginx,, 7')
    expect(lines).toContain('listener_queue_limit 127.0.0.1,80,nginx,, 16')
    expect(lines).toContain('listener_sockets 127.0.0.1,80,nginx,, 2')
  })

  test('another address, port or owner is another listener', () => {
    const lines = counted([
      listener({}),
      listener({ localPort: 81 }),
      listener({ localAddress: '::' }),
      listener({ inode: 50 }),
    ])
    expect(lines.filter(line => line.startsWith('listener_sockets')).length).toBe(4)
  })

  test('a limit that is not known is no series, not 0', () => {
    const lines = counted([listener({ acceptQueueLimit: undefined })])
    expect(lines.filter(line => line.startsWith('listener_queue_limit'))).toEqual([])
    expect(lines).toContain('listener_queue_length 127.0.0.1,80,nginx,, 0')
  })

  test('sockets by state and owner; the main states are told where there are none, too', () => {
    const lines = counted([
      socket({ rxQueueBytes: 5, txQueueBytes: 6 }),
      socket({ state: TCP_STATE.closeWait, table: 'tcp6' }),
      socket({ state: TCP_STATE.timeWait, inode: 0 }),
      socket({ state: 12, inode: 0 }),
      socket({ state: 99, inode: 0 }),
    ])
    expect(lines).toEqual([
      'sockets ipv4,unknown 1',
      'sockets ipv4,established 1',
      'sockets ipv4,time_wait 1',
      'sockets ipv4,close_wait 0',
      'sockets ipv4,listen 0',
      'sockets ipv4,syn_recv 1',
      'sockets ipv6,established 0',
      'sockets ipv6,time_wait 0',
      'sockets ipv6,close_wait 1',
      'sockets ipv6,listen 0',
      'process_sockets ,,,unknown 1',
      'process_sockets ,,,time_wait 1',
      'process_sockets ,,,syn_recv 1',
      'process_sockets nginx,,,established 1',
      'process_sockets nginx,,,close_wait 1',
      'process_receive_queue_bytes ,, 0',
      'process_receive_queue_bytes nginx,, 5',
      'process_send_queue_bytes ,, 0',
      'process_send_queue_bytes nginx,, 6',
    ])
  })

  test('a namespace is a label of every series', () => {
    expect(counted([listener({})], { netns: 'blue' }).every(line => line.includes(' blue,'))).toBe(true)
  })

  test('owners of any number', () => {
    const tally = new TcpTally({ numberOf: inode => inode, labelsOf: n => ({ program: `p${n}` }) })
    for (const inode of [1, 5000]) tally.add(socket({ inode }))
    const set = new MetricSet()
    tally.addTo(set)
    const { samples } = set.exposition('').families.find(({ name }) => name === 'linsight_tcp_process_sockets')!
    expect(samples.map(({ labels }) => labels['program'])).toEqual(['p1', 'p5000'])
  })
})
