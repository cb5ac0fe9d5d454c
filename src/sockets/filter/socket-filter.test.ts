import { beforeAll, describe, expect, test } from 'vitest'
import { inetSocket, filterContext, processOwner } from '../../../test/support/filter-context.ts'
import { openSsZoo } from '../../../test/support/ss-corpus.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Socket } from '../model.ts'
import { collectSockets } from '../read.ts'
import { ALL_TABLES } from '../tables/read-tables.ts'
import type { FilterContext } from './answers.ts'
import type { Answer } from './evaluate.ts'
import { parseFilter } from './language/parse-filter.ts'
import { answerFilter, selectSockets } from './socket-filter.ts'

const answer = (line: string, socket: Socket, context: Partial<FilterContext> = {}): Answer => {
  const { tree } = parseFilter(line, { family: 'inet', service: () => [] })
  return answerFilter({ tree, context: filterContext(context) }, socket)
}

const nginx = processOwner({
  pid: 812,
  comm: 'nginx',
  args: ['nginx: worker process'],
  cgroup: '/system.slice/nginx.service',
  unit: 'nginx.service',
  exe: { path: '/usr/sbin/nginx', deleted: false },
})
const held = inetSocket({ localPort: 80, uid: 33, rxQueueBytes: 70_000 }, { owners: [nginx] })
const hidden = inetSocket({}, { owners: [], ownerless: { reason: 'hidden' } })
const timeWait = inetSocket(
  { state: 6, timer: 3, timerTicks: 1500, inode: '0' },
  { owners: [], ownerless: { reason: 'time-wait' } },
)

describe('predicates of our own', () => {
  test.each<[string, Socket, Answer]>([
    ['pid = 812', held, true],
    ['pid 813', held, false],
    ['pid != 812', held, false],
    ['pid > 800 pid < 900', held, true],
    ['pid = 812', hidden, 'unknown'],
    ['pid != 812', hidden, 'unknown'],
    ['pid = 812', timeWait, false],
    ['pid != 812', timeWait, true],
    ['pid = 812', inetSocket({}), 'unknown'],
    ['comm = nginx', held, true],
    ['comm = NGINX', held, false],
    ['comm ~ NGI*', held, true],
    ['program = nginx', held, true],
    ['cmdline ~ *worker*', held, true],
    ['unit = nginx.service', held, true],
    ['container = abc', held, false],
    ['container != abc', held, true],
    ['exe = /usr/sbin/nginx', held, true],
    ['exe = /x', inetSocket({}, { owners: [processOwner({ pid: 1 })] }), 'unknown'],
    ['unit = x', inetSocket({}, { owners: [processOwner({ pid: 1 })] }), 'unknown'],
    ['user = www-data', held, true],
    ['user = 33', held, true],
    ['uid = 33', held, true],
    ['user = root', held, false],
    ['uid = 0', timeWait, 'unknown'],
    ['recvq > 64K', held, true],
    ['recvq <= 64K', held, false],
    ['reason = time-wait', timeWait, true],
    ['why ~ time*', timeWait, true],
    ['reason != time-wait', held, true],
    ['age >= 45s', timeWait, true],
    ['age > 45s', timeWait, false],
    ['age > 1s', held, 'unknown'],
    ['retrans >= 3', inetSocket({ retransmits: 3 }), true],
    ['retrans >= 3', inetSocket({ table: 'udp', retransmits: 3 }), 'foreign'],
    ['rtt > 50ms', held, 'unknown'],
    ['rtt > 50ms', timeWait, 'foreign'],
    ['inode = 18446744073709551615', inetSocket({ inode: '18446744073709551615' }), true],
    ['inode = 0', timeWait, true],
    ['netns = 4026531840', held, true],
    ['netns = net:[1]', held, false],
    ['autobound', inetSocket({ localPort: 80 }), false],
    ['autobound', inetSocket({ localPort: 40_000 }), 'unknown'],
    ['dev = eth0', held, 'unknown'],
    ['fwmark = 0', held, 'unknown'],
  ])('%s', (line, socket, expected) => expect(answer(line, socket)).toBe(expected))

  test('of two processes it is enough that one is so; != means that none is', () => {
    const shared = inetSocket({}, { owners: [nginx, processOwner({ pid: 9, comm: 'cat' })] })
    expect(answer('comm = cat', shared)).toBe(true)
    expect(answer('comm != cat', shared)).toBe(false)
    expect(answer('comm != dog', shared)).toBe(true)
  })

  test('a container is known by 12 digits of its ID, not by fewer', () => {
    const container = '3f2a5c6d7e8f90123456789abcdef'
    const socket = inetSocket({}, { owners: [processOwner({ pid: 1, cgroup: '/x', container })] })
    expect(answer('container = 3f2a5c6d7e8f', socket)).toBe(true)
    expect(answer('container = 3f2a', socket)).toBe(false)
    expect(answer('container ~ 3f2a*', socket)).toBe(true)
  })

  test('a value is text, a name is bytes', () => {
    const socket = inetSocket({}, { owners: [processOwner({ pid: 1, comm: 'caf\xc3\xa9' })] })
    expect(answer('comm = café', socket)).toBe(true)
    expect(answer('comm ~ *fé', socket)).toBe(true)
  })
})

describe("what only the kernel's own answer has", () => {
  const kernel = { cookie: '1', mark: 0x13, cgroupId: '77', interfaceIndex: 3, tcpInfo: { rttUs: 60_000 } }
  const socket = inetSocket({}, { kernel: kernel as Socket['kernel'] })
  test.each<[string, Answer]>([
    ['fwmark = 0x13', true],
    ['fwmark = 0x10/0xf0', true],
    ['fwmark != 0x13', false],
    ['dev = veth0', true],
    ['dev 3', true],
    ['dev != veth0', false],
    ['dev = nosuch', 'unknown'],
    ['cgroup = /a', true],
    ['cgroup != /a', false],
    ['cgroup = /b', 'unknown'],
    ['rtt > 50ms', true],
    ['rtt < 50ms', false],
  ])('%s', (line, expected) =>
    expect(
      answer(line, socket, {
        cgroupIds: new Map([['/a', '77']]),
        interfaceIndex: name => (name === 'veth0' ? 3 : undefined),
      }),
    ).toBe(expected),
  )

  test('a socket that is bound to no interface has none', () => {
    const any = inetSocket({}, { kernel: { cookie: '1' } })
    expect(answer('dev = veth0', any)).toBe(false)
    expect(answer('dev != veth0', any)).toBe(true)
  })
})

describe('what is not known is counted', () => {
  let zoo: ProcSource
  beforeAll(async () => {
    zoo = await openSsZoo()
  })

  const read = (line: string) => {
    const { tree } = parseFilter(line, { family: 'inet', service: () => [] })
    const selection = { all: true, listening: false, ports: [] }
    const { sockets } = collectSockets(zoo, { tables: ALL_TABLES, selection, owners: undefined })
    return selectSockets({ tree, context: filterContext() }, sockets)
  }

  test('with the words that it depends on', () => {
    const { sockets, tally } = read('sport = 8080 and fwmark = 0 and dev != veth0')
    expect(sockets).toEqual([])
    expect(tally).toMatchObject({
      unknown: 8,
      causes: new Map([
        ['fwmark', 8],
        ['dev', 8],
      ]),
    })
  })

  test('but not where another predicate decides', () => {
    expect(read('sport = 8080 or fwmark = 0 and sport = 8080').tally.unknown).toBe(0)
    expect(read('sport = 1 and fwmark = 0').tally.unknown).toBe(1)
  })

  test('a predicate about another kind of socket selects neither way', () => {
    const tables = (line: string) => new Set(read(line).sockets.map(({ row }) => row.table))
    expect(tables('not sport = 80')).not.toContain('unix')
    expect(tables('not src unix:*app*')).toEqual(new Set(['unix']))
    expect(tables('not src inet:127.0.0.1')).toEqual(new Set(['tcp', 'udp', 'raw']))
  })
})
