import { describe, expect, test } from 'vitest'
import { changing, procOf, refuse, TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import { Owners } from '../owners/owners.ts'
import { Collector } from './collector.ts'

const FILES = {
  'net/tcp': TCP_HEADER + tcpRow({ inode: '100', queues: '00000000:00000003' }) + tcpRow({ sl: '1', inode: '101' }),
  'net/snmp': 'Tcp: ActiveOpens\nTcp: 7\n',
  '7/stat': '7 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0',
  '7/cmdline': '/usr/sbin/nginx\0-g\0',
}
const source = procOf({ files: FILES, links: { '7/fd/3': 'socket:[100]', '7/fd/4': 'socket:[101]' } })

async function answer(collector: Collector, budgetMs = 10_000) {
  const { families } = await collector.collect(budgetMs)
  return families.flatMap(({ name, samples }) =>
    samples.map(({ labels, value }) => `${name.replace('linsight_', '')} ${Object.values(labels).join()} ${value}`),
  )
}

describe('an answer', () => {
  test('of a recording: sockets with their owners, counters, what could be read', async () => {
    const lines = await answer(new Collector({ source, version: '1' }))
    expect(lines).toContain('tcp_listener_queue_length 127.0.0.1,8080,nginx,, 3')
    expect(lines).toContain('tcp_listener_sockets 127.0.0.1,8080,nginx,, 2')
    expect(lines).toContain('tcp_active_opens_total  7')
    expect(lines).toContain('part_up sockets 1')
    expect(lines).toContain('owners_stale  0')
    expect(lines.some(line => line.startsWith('tcp_listener_queue_limit'))).toBe(false)
  })

  test('a search that is too slow: owners are missing and that is said; the next answer has them', async () => {
    let found: (() => void) | undefined
    const { searchOwners } = await import('../owners/search.ts')
    const owners = new Owners(source, {
      search: async () => {
        await new Promise<void>(resolve => (found = resolve))
        return searchOwners(source)
      },
    })
    const collector = new Collector({ source, version: '1', owners })
    const began = performance.now()
    const late = await answer(collector, 30)
    expect(performance.now() - began).toBeLessThan(5000)
    expect(late).toContain('tcp_listener_queue_length 127.0.0.1,8080,,, 3')
    expect(late).toContain('owners_stale  1')
    found!()
    const whole = await answer(collector)
    expect(whole).toContain('tcp_listener_queue_length 127.0.0.1,8080,nginx,, 3')
    expect(whole).toContain('owners_stale  0')
  })

  test('what cannot be read takes nothing else with it', async () => {
    const broken = changing(source, {
      readFile: path => (path === 'net/tcp' ? refuse('EACCES', path) : source.readFile(path)),
    })
    const lines = await answer(new Collector({ source: { ...broken, isThisMachine: false }, version: '1' }))
    expect(lines).toContain('part_up sockets 0')
    expect(lines).toContain('part_up counters 1')
    expect(lines.some(line => line.startsWith('tcp_sockets'))).toBe(false)
  })
})
