import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { fixture, ROOT } from '../support/paths.ts'
import { run, type Output } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startFixture, type Fixture } from './live.ts'

interface SocketJson {
  protocol: string
  state: string
  localAddress?: string
  localPort?: number
  remotePort?: number
  inode: string
  path?: string
  type?: string
  takesIpv4?: boolean
  takesIpv4Evidence?: string
  v6only?: boolean
  cookie?: string
  interface?: string
  interfaceIndex?: number
  acceptQueueLimit?: number
  acceptQueueConnections?: number
  acceptQueueFull?: boolean
  peerInode?: string
  waitingInodes?: string[]
  cgroupId?: string
  unverified?: boolean
  tcpInfo?: Record<string, number>
  memory?: Record<string, number>
}

interface Document {
  sockets: SocketJson[]
  warnings: { code: string }[]
}

const needed = needs('root', 'namespaces', 'unshare', 'nsenter', 'ss', 'ip', 'python3', 'setpriv')

describe("the kernel's own answer about sockets of every kind", needed, () => {
  let zoo: Fixture<{ pid: number }>
  const folder = temporaryFolder()
  /** The package without koffi, so that it reads /proc. */
  const plain = join(folder, 'plain')

  beforeAll(async () => {
    for (const part of ['bin', 'dist', 'package.json']) cpSync(`${ROOT}${part}`, join(plain, part), { recursive: true })
    zoo = await startFixture('unshare', ['--net', '--mount', 'python3', fixture('programs/zoo.py')])
  })
  afterAll(() => zoo?.stop())

  const inZoo = (command: string, ...args: string[]): Output =>
    run('nsenter', [`--net=/proc/${zoo.facts.pid}/ns/net`, command, ...args], { encoding: 'latin1' })
  const bin = (root: string, name = 'mynetstat') => join(root, 'bin', `${name}.cjs`)
  const outputOf = (root: string, ...args: string[]) => {
    const { status, stdout } = inZoo(process.execPath, bin(root), ...args)
    expect(status).toBe(0)
    return stdout
  }
  const documentOf = (text: string) => JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as Document

  /** What both must agree on: not whether a listener on :: takes IPv4, and devices, which /proc does not tell. */
  const COLUMNS = 'proto,recv-q,send-q,local-address,local-port,foreign-address,foreign-port,state,inode'
  const users = {
    root: [],
    nobody: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
  }

  test.each(
    ['-l', '-lt', '-lu', '-lt6', '-lu4', '-lU', '-a', '-at', '-tu'].flatMap(flags => [
      [flags, 'root'] as const,
      [flags, 'nobody'] as const,
    ]),
  )('%s as %s: the rows of /proc', (flags, user) => {
    const rows = (root: string, before: string[] = []) => {
      const [command, ...args] = [...before, process.execPath, bin(root), '-n', flags, '--columns', COLUMNS] as const
      return inZoo(command, ...args).stdout
    }
    const asked = rows(ROOT, users[user])
    expect(asked.split('\n').length).toBeGreaterThan(2)
    expect(asked.split('\n').toSorted()).toEqual(rows(plain).split('\n').toSorted())
  })

  test('in JSON the rows are those of /proc, with what only the kernel tells', () => {
    const [asked, read] = [ROOT, plain].map(root => documentOf(outputOf(root, '-an', '--json')))
    const bare = ({ sockets }: Document) =>
      sockets.map(({ protocol, inode, localAddress, localPort, state }) => ({
        protocol,
        inode,
        localAddress,
        localPort,
        state,
      }))
    expect(bare(asked!)).toEqual(bare(read!))
    expect(read!.sockets.filter(({ cookie }) => cookie !== undefined)).toEqual([])
    const told = asked!.sockets.filter(({ protocol }) => /^(tcp|udp|unix|packet|netlink)/.test(protocol))
    // A client that waits to be accepted has no inode to be found by, and of a forged row the kernel knows nothing.
    expect(told.filter(({ cookie, inode }) => cookie === undefined && inode !== '0')).toMatchObject([
      { path: '/run/forged.sock', unverified: true },
    ])
    expect(new Set(told.flatMap(({ cookie }) => cookie ?? [])).size).toBe(
      told.filter(({ cookie }) => cookie !== undefined).length,
    )
  })

  test('every listener on :: is known, with its evidence', () => {
    const { sockets } = documentOf(outputOf(ROOT, '-lntu', '--json'))
    const any = sockets.filter(({ localAddress, protocol }) => localAddress === '::' && /^(tcp|udp)6/.test(protocol))
    expect(any.length).toBeGreaterThan(2)
    for (const socket of any) {
      expect(socket.takesIpv4).toBe(!socket.v6only)
      expect(socket.takesIpv4Evidence).toMatch(/^the kernel says that IPV6_V6ONLY is (on|off)$/)
    }
    expect(new Set(any.map(({ takesIpv4 }) => takesIpv4))).toEqual(new Set([true, false]))
  })

  test('queues and limits of listeners are those of ss', () => {
    const { sockets } = documentOf(outputOf(ROOT, '-lnt', '--json'))
    const ours = sockets.map(
      socket => `${socket.acceptQueueConnections} ${socket.acceptQueueLimit} ${socket.localPort}`,
    )
    const theirs = inZoo('ss', '-Hlnt').stdout.trimEnd().split('\n')
    expect(ours.toSorted()).toEqual(
      theirs
        .map(line => {
          const [, rx, tx, local = ''] = line.split(/ +/)
          return `${rx} ${tx} ${local.slice(local.lastIndexOf(':') + 1)}`
        })
        .toSorted(),
    )
  })

  test('unix peers are those of ss', () => {
    const { sockets } = documentOf(outputOf(ROOT, '-anx', '--json'))
    const ours = sockets.flatMap(({ inode, peerInode }) => (peerInode === undefined ? [] : [`${inode} ${peerInode}`]))
    const theirs = inZoo('ss', '-Hanx')
      .stdout.trimEnd()
      .split('\n')
      .flatMap(line => {
        const [inode, peer] = / (\d+) +\* +(\d+)$/.exec(line.trimEnd())?.slice(1) ?? []
        return inode === undefined || peer === '0' ? [] : [`${inode} ${peer}`]
      })
    expect(theirs.length).toBeGreaterThan(3)
    expect(ours.filter(pair => !pair.endsWith(' 0'))).toEqual(expect.arrayContaining(theirs))
    const listener = sockets.find(({ waitingInodes }) => waitingInodes !== undefined)
    expect(listener?.acceptQueueConnections).toBe(listener?.waitingInodes?.length)
  })

  test('--tcp-info stands below each connection, and in JSON as numbers', () => {
    const lines = outputOf(ROOT, '-nt', '--tcp-info').split('\n')
    const at = lines.findIndex(line => line.includes('ESTABLISHED'))
    expect(lines[at + 1]).toMatch(/^ {8}limited by (application|network|receiver|send-buffer) .*\brtt [\d.]+ms {2}/)
    const { sockets } = documentOf(outputOf(ROOT, '-nt', '--json', '--tcp-info'))
    const connected = sockets.filter(({ state, inode }) => state === 'ESTABLISHED' && inode !== '0')
    expect(connected.length).toBeGreaterThan(3)
    for (const { tcpInfo } of connected)
      expect(tcpInfo).toMatchObject({ state: 1, sndMssBytes: expect.any(Number) as number })
  })

  test('what was asked for and is not known is said once, and only then', () => {
    const warnings = (...args: string[]) => inZoo(process.execPath, bin(plain), ...args)
    expect(warnings('-ntl', '--columns', 'local,backlog').stderr).toMatch(
      /^mynetstat: the kernel cannot be asked .*koffi/,
    )
    expect(warnings('-ntl', '--columns', 'local,backlog').stdout).toMatch(/ -$/m)
    expect(documentOf(warnings('-ntl', '--json').stdout).warnings.map(({ code }) => code)).not.toContain(
      'kernel-not-asked',
    )
    expect(inZoo(process.execPath, bin(ROOT), '-ntl', '--columns', 'local,backlog').stderr).toBe('')
  })

  test('a snapshot replays it', () => {
    const file = join(folder, 'zoo.snap.json')
    expect(inZoo(process.execPath, bin(ROOT, 'linsight'), 'snapshot', 'save', file).status).toBe(0)
    const facts = (document: Document) =>
      document.sockets
        .filter(({ protocol }) => protocol !== 'netlink')
        .map(({ inode, cookie, v6only, acceptQueueLimit, interfaceIndex, cgroupId, peerInode }) => ({
          inode,
          cookie,
          v6only,
          acceptQueueLimit,
          interfaceIndex,
          cgroupId,
          peerInode,
        }))
    const recorded = documentOf(outputOf(ROOT, '-an', '--json', '--from', file))
    expect(facts(recorded)).toEqual(facts(documentOf(outputOf(ROOT, '-an', '--json'))))
    expect(outputOf(plain, '-nt', '--tcp-info', '--from', file)).toMatch(/^ {8}limited by /m)

    const redacted = join(folder, 'redacted.snap.json')
    inZoo(process.execPath, bin(ROOT, 'linsight'), 'snapshot', 'save', '--redact', '--from', file, redacted)
    const numbers = ({ sockets }: Document) =>
      sockets.map(({ inode, cookie, localPort, acceptQueueLimit }) => ({ inode, cookie, localPort, acceptQueueLimit }))
    const hidden = documentOf(outputOf(ROOT, '-an', '--json', '--from', redacted))
    expect(numbers(hidden)).toEqual(numbers(recorded))
    expect(hidden.warnings).toEqual(recorded.warnings)
  })
})
