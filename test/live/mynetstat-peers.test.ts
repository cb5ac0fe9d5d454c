// Both ends of sockets on this machine: loopback, veth, NAT, unix. In namespaces of their own.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath, fixture, ROOT } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Two network namespaces on a veth pair; what goes to 10.9.0.1:8080 is sent on to the server in the other one. */
const NETWORK = `
set -e
mkdir -p /run/netns
mount -t tmpfs none /run/netns
ip link set lo up
ip netns add far
ip link add v0 type veth peer name v1
ip link set v1 netns far
ip addr add 10.9.0.1/24 dev v0
ip link set v0 up
ip -n far addr add 10.9.0.2/24 dev v1
ip -n far link set v1 up
ip -n far link set lo up
ip netns exec far setpriv --pdeathsig KILL sleep 300 &
nft 'table ip nat { chain out { type nat hook output priority -100; ip daddr 10.9.0.1 tcp dport 8080 dnat to 10.9.0.2:80; }; chain post { type nat hook postrouting priority 100; }; }'
sleep 0.3
exec -a "$0" "$(python3 -c 'import sys; print(sys.executable)')" "$1" $!
`

interface Facts {
  pid: number
  port: number
  clients: number
  clientInodes: string[]
  acceptedInodes: string[]
  waiting: number
  waitingInode: string
  udpPort: number
  udpClient: number
  udpClientInode: string
  other: number
  farInode: string
  nearInode: string
  pipeInode: string
  unixInode: string
  logInode: string
  unixClients: number
  unixClientInodes: string[]
  farServer: number
  farClientInodes: string[]
}

interface Listed {
  inode: string
  state: string
  netns?: { netns: string }
  owners: { pid: number }[]
  peer?: {
    kind: string
    translated?: boolean
    ends: { inode: string; netns?: { netns: string; label: string }; owners: { pid: number }[] }[]
    listeners?: { owners: { pid: number }[] }[]
  }
}

let scene: ChildProcess
let facts: Facts

function mynetstat(...args: string[]) {
  const inside = ['--net', '--mount', '--pid', '--target', String(scene.pid), '--']
  return run('nsenter', [...inside, process.execPath, binPath('mynetstat'), ...args])
}

function listed(...args: string[]): Listed[] {
  const report = JSON.parse(mynetstat('--peer', '--json', ...args).stdout) as { sockets: Listed[] }
  expect(schemaErrors('sockets', report)).toEqual([])
  return report.sockets
}

const peerOf = (sockets: readonly Listed[], inode: string) => sockets.find(socket => socket.inode === inode)?.peer

describe(
  'the other end',
  needs('root', 'namespaces', 'unshare', 'nsenter', 'ip', 'bash', 'python3', 'mount', 'setpriv', 'nft'),
  () => {
    beforeAll(async () => {
      scene = spawn(
        'unshare',
        ['--net', '--mount', 'bash', '-c', NETWORK, 'evil\x1b[31m name', fixture('programs/paired-sockets.py')],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      )
      const next = await createInterface({ input: scene.stdout! })[Symbol.asyncIterator]().next()
      facts = JSON.parse(String(next.value)) as Facts
    })

    afterAll(async () => {
      scene.stdin!.end()
      if (scene.exitCode === null) await once(scene, 'exit')
    })

    test('over loopback, also where an IPv6 socket takes IPv4', () => {
      const sockets = listed('-ant')
      facts.clientInodes.forEach((inode, i) => {
        expect(peerOf(sockets, inode)).toMatchObject({
          kind: 'connected',
          ends: [{ inode: facts.acceptedInodes[i], owners: [{ pid: facts.pid }] }],
        })
        expect(peerOf(sockets, facts.acceptedInodes[i]!)).toMatchObject({
          ends: [{ inode, owners: [{ pid: facts.clients }] }],
        })
      })
    })

    test('a client that is not accepted names who has to', () => {
      expect(peerOf(listed('-ant'), facts.waitingInode)).toMatchObject({
        kind: 'not-accepted',
        ends: [{ inode: '0' }],
        listeners: [{ owners: [{ pid: facts.pid }] }],
      })
    })

    test('over veth and through translation into another namespace, and back', () => {
      const here = listed('-nt', ':80', ':8080')
      expect(facts.farClientInodes.map(inode => peerOf(here, inode))).toMatchObject([
        { kind: 'connected', ends: [{ owners: [{ pid: facts.farServer }] }] },
        { kind: 'connected', translated: true, ends: [{ owners: [{ pid: facts.farServer }] }] },
      ])
      const far = listed('-nt', '--netns', String(facts.farServer))
      const ends = far.map(({ peer }) => peer!.ends.map(({ inode }) => inode).join())
      expect(ends.toSorted()).toEqual(facts.farClientInodes.toSorted())
    })

    test('who is whose peer is mutual', () => {
      const own = [...facts.clientInodes, ...facts.acceptedInodes, ...facts.farClientInodes]
      const sockets = listed('-nt', '--all-netns')
      for (const inode of own) {
        const { ends } = peerOf(sockets, inode)!
        expect(ends).toHaveLength(1)
        expect(peerOf(sockets, ends[0]!.inode)!.ends.map(end => end.inode)).toEqual([inode])
      }
    })

    test('UDP to a socket without a peer', () => {
      expect(peerOf(listed('-anu'), facts.udpClientInode)).toMatchObject({
        kind: 'one-way',
        ends: [{ owners: [{ pid: facts.pid }] }],
      })
    })

    test('unix: streams, datagrams, and a client that is not accepted', () => {
      const sockets = listed('-ax')
      const [client, sender] = facts.unixClientInodes
      expect(peerOf(sockets, facts.nearInode)).toMatchObject({
        kind: 'connected',
        ends: [{ inode: facts.farInode, owners: [{ pid: facts.other }] }],
      })
      expect(peerOf(sockets, facts.farInode)).toMatchObject({ kind: 'connected', ends: [{ inode: facts.nearInode }] })
      expect(peerOf(sockets, client!)).toMatchObject({
        kind: 'not-accepted',
        listeners: [{ owners: [{ pid: facts.pid }] }],
      })
      expect(peerOf(sockets, sender!)).toMatchObject({ kind: 'one-way', ends: [{ inode: facts.logInode }] })
      expect(peerOf(sockets, facts.logInode)).toMatchObject({ kind: 'one-way', ends: [{ inode: sender }] })
    })

    test('unix without koffi: ss tells both ends, but not who waits', needs('ss'), () => {
      const plain = join(temporaryFolder(), 'plain')
      for (const part of ['bin', 'dist', 'package.json'])
        cpSync(`${ROOT}${part}`, join(plain, part), { recursive: true })
      const inside = ['--net', '--mount', '--target', String(scene.pid), '--', process.execPath]
      const { stdout } = run('nsenter', [...inside, join(plain, 'bin/mynetstat.cjs'), '-ax', '--peer', '--json'])
      const report = JSON.parse(stdout) as { sockets: Listed[]; warnings: { code: string }[] }
      const [client, sender] = facts.unixClientInodes
      expect(peerOf(report.sockets, facts.nearInode)).toMatchObject({
        kind: 'connected',
        ends: [{ inode: facts.farInode }],
      })
      expect(peerOf(report.sockets, facts.farInode)).toMatchObject({
        kind: 'connected',
        ends: [{ inode: facts.nearInode }],
      })
      expect(peerOf(report.sockets, sender!)).toMatchObject({ kind: 'one-way', ends: [{ inode: facts.logInode }] })
      expect(peerOf(report.sockets, client!)).toMatchObject({ kind: 'not-known' })
      expect(report.warnings.map(({ code }) => code)).toContain('peers-unknown')
    })

    test('both ends of a pipe and of an eventfd', () => {
      const inside = mynetstat('--pipes', String(facts.pid), '--json').stdout
      const { pipes } = JSON.parse(inside) as { pipes: { kind: string; id: string; holders: object[] }[] }
      expect(schemaErrors('pipes', JSON.parse(inside))).toEqual([])
      expect(pipes.find(({ id }) => id === facts.pipeInode)).toMatchObject({
        kind: 'pipe',
        holders: [
          { pid: facts.pid, reads: true, writes: false },
          { pid: facts.other, reads: false, writes: true },
        ],
      })
      expect(pipes.filter(({ kind }) => kind === 'eventfd')).toMatchObject([
        { holders: [{ pid: facts.pid, reads: true, writes: true }, { pid: facts.other }] },
      ])
    })

    test('the table names both ends, hostile names escaped', () => {
      const { stdout } = mynetstat('-nt', '--peer', `:${facts.port}`)
      const rows = stdout.split('\n').filter(line => line.includes('ESTABLISHED'))
      const name = `${facts.pid}/'evil\\x1b[31m name'`
      expect(rows.filter(row => row.endsWith(name)).length).toBe(2)
      expect(rows.filter(row => row.endsWith(`${name} (not accepted)`)).length).toBe(1)
      expect(stdout).not.toContain('\x1b')
      expect(mynetstat('-nt', '--peer', ':8080').stdout).toMatch(new RegExp(`${facts.farServer}/.* \\(far\\)\\n`))
    })

    test('without root the ends are told, the owners of others are not', () => {
      const inside = [
        '--net',
        '--mount',
        '--target',
        String(scene.pid),
        '--',
        'setpriv',
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        '--',
      ]
      const { stdout } = run('nsenter', [...inside, process.execPath, binPath('mynetstat'), '-ant', '--peer', '--json'])
      const { sockets } = JSON.parse(stdout) as { sockets: Listed[] }
      expect(peerOf(sockets, facts.clientInodes[0]!)).toMatchObject({
        kind: 'connected',
        ends: [{ inode: facts.acceptedInodes[0], owners: [] }],
      })
    })
  },
)
