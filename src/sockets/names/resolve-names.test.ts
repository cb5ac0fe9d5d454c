import { describe, expect, test } from 'vitest'
import { changing, procOf, TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import { look } from '../../../test/support/look-at-sockets.ts'
import { NUMERIC } from './names.ts'
import { nameResolver, usersOf } from './resolve-names.ts'

const MAPPED = '0000000000000000FFFF0000'
const recording = procOf({
  files: {
    'net/tcp': TCP_HEADER + tcpRow({ local: '0B0C0C0A:1F90', remote: '0C0C0C0A:D431', state: '01' }),
    'net/tcp6': TCP_HEADER + tcpRow({ local: `${MAPPED}0B0C0C0A:1F90`, remote: `${'0'.repeat(32)}:0000`, inode: '9' }),
  },
  meta: { users: { 1000: 'alice' } },
})
const live = changing(recording, {})
const { sockets } = look(recording, ['tcp', 'tcp6'])
const HOSTS = { hosts: true, services: false, users: false }

/** A name server that knows one address and is silent about another. */
function nameServer() {
  const questions: string[][] = []
  const lookUp = (addresses: ReadonlySet<string>) => {
    questions.push([...addresses])
    return Promise.resolve({ names: new Map([['10.12.12.11', 'web1']]), unanswered: addresses.size - 1 })
  }
  return { questions, lookUp }
}

describe('names of addresses', () => {
  test('each address is asked for once, whether an answer came or not', async () => {
    const { questions, lookUp } = nameServer()
    const resolve = nameResolver(live, HOSTS, lookUp)
    const first = await resolve(sockets)
    expect([first.unanswered, first.names.host('10.12.12.11'), first.names.host('10.12.12.12')]).toEqual([
      1,
      'web1',
      undefined,
    ])
    const second = await resolve(sockets)
    expect([second.unanswered, second.names.host('10.12.12.11')]).toEqual([0, 'web1'])
    expect(questions).toEqual([['10.12.12.11', '10.12.12.12']])
  })

  test('for netstat, IPv4 addresses of an IPv6 table are apart', async () => {
    const { questions, lookUp } = nameServer()
    await nameResolver(live, { ...HOSTS, mappedApart: true }, lookUp)(sockets)
    expect(questions).toEqual([['10.12.12.11', '10.12.12.12', '::ffff:10.12.12.11']])
  })

  test.each([
    ['a recording is of another network', recording, HOSTS],
    ['nobody wants names', live, { ...HOSTS, hosts: false }],
  ])('nothing is asked where %s', async (_, source, choice) => {
    const { questions, lookUp } = nameServer()
    const { names } = await nameResolver(source, choice, lookUp)(sockets)
    expect([questions, names.host('10.12.12.11')]).toEqual([[], undefined])
  })
})

test('users of a recording are those it holds', async () => {
  expect(usersOf(recording)).toEqual(new Map([[1000, 'alice']]))
  const { names } = await nameResolver(recording, { hosts: false, services: false, users: true })(sockets)
  expect([names.user(1000), names.user(0)]).toEqual(['alice', undefined])
})

test('numbers stay numbers where no names are wanted', async () => {
  const { names } = await nameResolver(live, { hosts: false, services: false, users: false })(sockets)
  expect([names.host('127.0.0.1'), names.service(22, 'tcp'), names.user(0)]).toEqual([undefined, undefined, undefined])
  expect([NUMERIC.host('127.0.0.1'), NUMERIC.service(22, 'tcp'), NUMERIC.user(0)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
