import { describe, expect, test } from 'vitest'
import { owner, tcpListener, tcpSocket } from '../../../../test/support/a-socket.ts'
import { TCP_STATE, TIME_WAIT } from '../../../kernel/tcp-state.ts'
import type { NamespaceRef } from '../../../namespaces/model.ts'
import type { InetRow, Socket } from '../../model.ts'
import type { TranslatedFlow } from '../../peers/rules/inet-peers.ts'
import { farEndFinder, type HostEnds } from './far-ends.ts'

const inside = (netns: string) => ({ netns, label: netns, namespace: { isOwn: netns === 'net:[1]' } }) as NamespaceRef
let inode = 0

/** `a:1>b:2` from the side of a. */
function end(tuple: string, fields: Partial<InetRow> = {}, netns = 'net:[1]'): Socket {
  const [, localAddress, localPort, remoteAddress, remotePort] = /^(\S+):(\d+)>(\S+):(\d+)$/.exec(tuple)!
  const row = { localAddress, localPort: Number(localPort), remoteAddress, remotePort: Number(remotePort) } as InetRow
  return tcpSocket({ ...row, inode: String((inode += 1)), ...fields }, { netns: inside(netns), owners: [owner(7)] })
}

const host = (name: string, all: Socket[], rest: Partial<HostEnds> = {}): HostEnds => ({
  host: name,
  all,
  own: 'net:[1]',
  addresses: new Set(),
  flows: [],
  ...rest,
})

/** What is said of the other end of the first socket of the first host. */
function ofFirst(...hosts: HostEnds[]) {
  const found = farEndFinder(hosts)(hosts[0]!.host, hosts[0]!.all[0]!)
  return found && { ...found, ends: found.ends.map(({ host: name, socket }) => `${name} ${socket.row.inode}`) }
}

const client = () => end('10.0.0.1:40000>10.0.0.2:5432')
const server = () => end('10.0.0.2:5432>10.0.0.1:40000')

describe('the other end', () => {
  test('is the same two addresses the other way round, on another host', () => {
    const far = server()
    expect(ofFirst(host('web', [client()]), host('db', [far]))).toEqual({
      kind: 'connected',
      ends: [`db ${far.row.inode}`],
    })
  })

  test.each([
    ['another port of the client', '10.0.0.2:5432>10.0.0.1:40001'],
    ['another port of the server', '10.0.0.2:5433>10.0.0.1:40000'],
    ['another client', '10.0.0.2:5432>10.0.0.3:40009'],
  ])('is not one of %s', (_, tuple) => {
    const listens = tcpListener({ localPort: 5432 }, { netns: inside('net:[1]') })
    const busy = tcpListener({ localPort: 40_000 }, { netns: inside('net:[1]') })
    expect(ofFirst(host('web', [client(), busy]), host('db', [end(tuple), listens]))).toEqual({
      kind: 'not-here',
      ends: [],
    })
  })

  test('of IPv6 may see the address as IPv4-mapped', () => {
    const far = end('::ffff:10.0.0.2:5432>::ffff:10.0.0.1:40000', { table: 'tcp6' })
    expect(ofFirst(host('web', [client()]), host('db', [far]))).toMatchObject({ kind: 'connected' })
  })

  test('is on its own host before any other', () => {
    const bridge = '172.17.0.1:40000>172.17.0.2:80'
    const back = '172.17.0.2:80>172.17.0.1:40000'
    const near = end(back, {}, 'net:[2]')
    const hosts = [host('a', [end(bridge), near]), host('b', [end(bridge), end(back, {}, 'net:[2]')])]
    expect(ofFirst(...hosts)).toEqual({ kind: 'connected', ends: [`a ${near.row.inode}`] })
  })

  test('over loopback is in its own namespace, on no other host', () => {
    const back = end('127.0.0.1:80>127.0.0.1:40000')
    const one = end('127.0.0.1:40000>127.0.0.1:80')
    expect(ofFirst(host('a', [one, back]), host('b', [end('127.0.0.1:80>127.0.0.1:40000')]))).toMatchObject({
      kind: 'connected',
    })
    expect(ofFirst(host('a', [one]), host('b', [back]))).toEqual({ kind: 'one-sided', ends: [], hosts: ['a'] })
  })

  test('is ambiguous where two hosts have it', () => {
    const [b, c] = [server(), server()]
    const hosts = [host('web', [client()]), host('b', [b]), host('c', [c])]
    expect(ofFirst(...hosts)).toEqual({ kind: 'ambiguous', ends: [`b ${b.row.inode}`, `c ${c.row.inode}`] })
  })

  test('and of one that two hosts claim, too', () => {
    expect(ofFirst(host('b', [client()]), host('c', [client()]), host('db', [server()]))).toMatchObject({
      kind: 'ambiguous',
    })
  })

  test('of a listener that has not accepted is the listener', () => {
    const listens = tcpListener({ localPort: 5432, inode: '900' }, { netns: inside('net:[1]') })
    const waiting = end('10.0.0.2:5432>10.0.0.1:40000', { inode: '0' })
    expect(ofFirst(host('web', [client()]), host('db', [waiting, listens]))).toEqual({
      kind: 'not-accepted',
      ends: ['db 900'],
    })
  })

  test('of a listener, and of what is no internet protocol, is nobody', () => {
    expect(ofFirst(host('web', [tcpListener({}, { netns: inside('net:[1]') })]))).toBeUndefined()
  })

  test('is found for a socket that was read again and names no namespace', () => {
    const [one, far] = [client(), server()]
    const again = { ...one, netns: undefined, row: { ...one.row } } as Socket
    const find = farEndFinder([host('web', [one]), host('db', [far])])
    expect(find('web', again)?.ends[0]?.socket).toBe(far)
  })
})

describe('where nobody is found', () => {
  const lone = () => end('10.0.0.1:40000>10.0.0.2:5432', { state: TCP_STATE.established })
  test('and the address is that of a host', () => {
    const web = host('web', [lone()])
    const db = host('db', [], { addresses: new Set(['10.0.0.2']) })
    expect(ofFirst(web, db)).toEqual({ kind: 'one-sided', ends: [], hosts: ['db'] })
  })
  test('and the address is of none', () => {
    expect(ofFirst(host('web', [lone()]), host('db', [], { addresses: new Set(['10.0.0.3']) }))).toEqual({
      kind: 'not-here',
      ends: [],
    })
  })
  test('and it is in TIME_WAIT', () => {
    const gone = end('10.0.0.1:40000>10.0.0.2:5432', { state: TIME_WAIT, inode: '0' })
    expect(ofFirst(host('web', [gone]), host('db', [], { addresses: new Set(['10.0.0.2']) }))).toEqual({
      kind: 'closed',
      ends: [],
    })
  })
})

describe('behind NAT', () => {
  // web asks 10.9.9.9:80, which is 10.0.0.2:8080; it is seen as 192.0.2.1:50000 there.
  const asks = () => end('10.0.0.1:40000>10.9.9.9:80')
  test('the tracking of a host leads to it', () => {
    const far = end('10.0.0.2:8080>192.0.2.1:50000')
    const flow: TranslatedFlow = {
      protocol: 'tcp',
      original: { source: '10.0.0.1', sourcePort: 40_000, destination: '10.9.9.9', destinationPort: 80 },
      reply: { source: '10.0.0.2', sourcePort: 8080, destination: '192.0.2.1', destinationPort: 50_000 },
    }
    const hosts = [host('web', [asks()]), host('gateway', [], { flows: [flow] }), host('db', [far])]
    expect(ofFirst(...hosts)).toEqual({ kind: 'translated', ends: [`db ${far.row.inode}`] })
  })

  const listens = tcpListener({ localPort: 8080 }, { netns: inside('net:[1]') })
  test.each([
    ['the whole address of the client is seen', '10.0.0.2:8080>10.0.0.1:40000', 'likely'],
    ['only its address', '10.0.0.2:8080>10.0.0.1:40001', 'not-here'],
    ['only its port', '10.0.0.2:8080>192.0.2.1:40000', 'not-here'],
  ])('nothing is tracked, and %s', (_, tuple, kind) => {
    expect(ofFirst(host('web', [asks()]), host('db', [end(tuple), listens]))?.kind).toBe(kind)
  })

  test('the translator kept the port of the client', () => {
    const direct = () => end('10.0.0.1:40000>10.0.0.2:8080')
    expect(ofFirst(host('web', [direct()]), host('db', [end('10.0.0.2:8080>192.0.2.1:40000'), listens]))?.kind).toBe(
      'likely',
    )
    expect(ofFirst(host('web', [direct()]), host('db', [end('10.0.0.2:8080>192.0.2.1:40001'), listens]))?.kind).toBe(
      'not-here',
    )
  })

  test('two may be it', () => {
    const one = () => end('10.0.0.2:8080>10.0.0.1:40000')
    expect(ofFirst(host('web', [asks()]), host('b', [one(), listens]), host('c', [one(), listens]))?.kind).toBe(
      'ambiguous',
    )
  })
})
