// Network namespaces of every kind, in pid and mount namespaces of their own: nothing else is seen there.
import { spawn } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sameNamespace } from '../../src/namespaces/rules/identity.ts'
import { needs } from '../support/needs.ts'
import { ROOT } from '../support/paths.ts'
import { NOBODY, run, runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startFixture, type Fixture } from './live.ts'

const needed = needs('root', 'namespaces', 'unshare', 'nsenter', 'python3', 'setpriv')

interface Facts {
  pid: number
  pids: number[]
  /** By who holds it: the first process, a mount, a descriptor, a thread. */
  names: Record<'first' | 'mount' | 'descriptor' | 'thread', string>
  tid: number
  fd: number
}

interface NamespaceJson {
  netns: string
  inode?: string
  label: string
  kind: string
  pid?: number
  pidInside?: number
  own: boolean
  cookie?: string
  oldestStartTicks?: number
  threads: number
  descriptors: number
  mounts: string[]
  sockets: number
}

interface SocketsJson {
  sockets: { localPort: number; netns: { netns: string; label: string }; owners?: { pid: number }[] }[]
  namespaces: NamespaceJson[]
  warnings: { code: string; message: string }[]
}

const APART = ['--net', '--pid', '--fork', '--mount', '--mount-proc', '--kill-child']

async function startScene(count: number): Promise<Fixture<Facts> & { inside: (...command: string[]) => string[] }> {
  const program = `${ROOT}fixtures/programs/many-namespaces.py`
  const scene = await startFixture<Facts>('unshare', [...APART, 'python3', program, String(count)])
  const { pid } = scene.child
  const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  const inside = (...command: string[]) => ['--target', first, '--mount', '--pid', '--net', '--', ...command]
  return { ...scene, inside }
}

const bin = (name: string, root = ROOT) => [process.execPath, join(root, 'bin', `${name}.cjs`)]

describe('a few namespaces', needed, () => {
  let scene: Awaited<ReturnType<typeof startScene>>
  /** The package without what it may do without. */
  const plain = join(temporaryFolder(), 'plain')
  beforeAll(async () => {
    scene = await startScene(3)
    for (const part of ['bin', 'dist', 'package.json']) cpSync(`${ROOT}${part}`, join(plain, part), { recursive: true })
  })
  afterAll(() => scene?.stop())

  const inside = (...command: string[]) => run('nsenter', scene.inside(...command))
  const json = (...command: string[]) => {
    const { status, stdout, stderr } = inside(...command)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return JSON.parse(stdout) as SocketsJson
  }
  const everywhere = (root = ROOT) => json(...bin('mynetstat', root), '--all-netns', '-nlt', '--json')
  const portsOf = ({ sockets }: SocketsJson, netns: string) =>
    sockets.filter(socket => socket.netns.netns === netns).map(socket => socket.localPort)
  const namesOf = ({ namespaces }: SocketsJson) => namespaces.map(({ netns }) => netns)

  test('three with the same port: each socket with its namespace and its owner', () => {
    const found = everywhere()
    const same = found.sockets.filter(({ localPort }) => localPort === 8000)
    expect(new Set(same.map(({ owners }) => owners?.[0]?.pid))).toEqual(new Set(scene.facts.pids))
    expect(new Set(same.map(({ netns }) => netns.netns)).size).toBe(3)
    for (const { netns, owners } of same)
      expect(found.namespaces.find(namespace => namespace.netns === netns.netns)).toMatchObject({
        kind: 'program',
        pid: owners![0]!.pid,
        sockets: 1,
      })
  })

  test('one that only a mount holds, one that only a descriptor holds, one that only a thread is in', () => {
    const { names, pid, tid, fd } = scene.facts
    const found = everywhere()
    expect(namesOf(found)).toHaveLength(3 + 4)
    const of = (holder: keyof Facts['names']) => found.namespaces.find(({ netns }) => netns === names[holder])
    expect(of('first')).toMatchObject({ label: 'first', kind: 'name', own: true, pid: 1, mounts: ['/run/netns/first'] })
    expect(of('mount')).toMatchObject({ label: 'blue', kind: 'name', mounts: ['/run/netns/blue'], threads: 0 })
    expect(of('descriptor')).toMatchObject({
      label: `descriptor ${fd} of python3 (pid ${pid})`,
      kind: 'descriptor',
      descriptors: 1,
    })
    expect(of('thread')).toMatchObject({ label: `thread ${tid} of python3 (pid ${pid})`, kind: 'thread', threads: 1 })
    expect(portsOf(found, names.mount)).toEqual([7001])
    expect(portsOf(found, names.descriptor)).toEqual([7002])
    expect(portsOf(found, names.thread)).toEqual([7003])
  })

  test('without koffi those that no process or thread is in are named as not readable', () => {
    const { names } = scene.facts
    const found = everywhere(plain)
    expect(namesOf(found)).toHaveLength(3 + 2)
    expect(portsOf(found, names.thread)).toEqual([7003])
    expect(found.sockets.filter(({ localPort }) => localPort === 8000)).toHaveLength(3)
    const message = found.warnings.find(({ code }) => code === 'namespaces-unreadable')!.message
    expect(message).toMatch(/^2 network namespaces could not be read: /)
    expect(message).toContain(`${names.mount} (blue)`)
    expect(message).toContain(`${names.descriptor} (descriptor `)
  })

  test('nobody sees the same namespaces of processes, by the numbers of their files', () => {
    const found = json('setpriv', ...NOBODY, ...bin('mynetstat'), '--all-netns', '-nltu', '--json')
    const root = everywhere()
    const unnamed = found.namespaces.filter(({ netns, own }) => netns.startsWith('net:?[') && !own)
    expect(new Set(unnamed.map(({ pid }) => pid))).toEqual(new Set(scene.facts.pids))
    for (const { inode, label, sockets } of unnamed)
      expect({ inode, label, sockets }).toEqual({ inode: undefined, label: 'python3', sockets: 2 })
    expect(found.namespaces.find(({ own }) => own)).toMatchObject({ pid: 1, label: 'first' })
    expect(namesOf(root).filter(name => !namesOf(found).includes(name))).toHaveLength(3 + 3)
    expect(found.warnings.map(({ code }) => code)).toContain('namespaces-hidden')
    expect(found.warnings.find(({ code }) => code === 'namespaces-unreadable')?.message).toContain('(blue)')
  })

  test.each([
    ['a name of ip netns', () => 'blue', 7001],
    ['its link', () => scene.facts.names.descriptor, 7002],
    ['a pid', () => String(scene.facts.pids[1]), 8000],
  ])('--netns: %s', (_, word, port) => {
    const found = json(...bin('mynetstat'), '--netns', word(), '-nlt', '--json')
    expect(found.sockets.map(({ localPort }) => localPort)).toEqual([port])
    expect(found.namespaces).toHaveLength(1)
  })

  test('--netns: what there is not, and what is several', () => {
    const ask = (word: string) => inside(...bin('mynetstat'), '--netns', word, '-nlt')
    expect(ask('bleu')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'mynetstat: there is no network namespace bleu here\n  did you mean blue?\n',
    })
    const several = ask('python3')
    expect(several.status).toBe(2)
    expect(several.stderr).toMatch(/^mynetstat: --netns python3 names 3 network namespaces\n {2}say which: net:\[/)
  })

  test('text: a section each, the others counted; as a column, one table', () => {
    const { stdout } = inside(...bin('mynetstat'), '--all-netns', '-nltp', ':7001', ':7003')
    const { names, pid, tid } = scene.facts
    expect(stdout).toContain(`== blue, ${names.mount}\nActive Internet connections (only servers)\nProto `)
    expect(stdout).toContain(`== thread ${tid} of python3 (pid ${pid}), ${names.thread}\n`)
    expect(stdout).toMatch(/\n5 other network namespaces without such a socket\n$/)
    const table = inside(...bin('mynetstat'), '--all-netns', '-nlt', '--columns', 'netns,local', '--sort', 'local-port')
    const rows = table.stdout.split('\n').slice(1, -1)
    expect(rows).toHaveLength(6)
    expect(rows[0]).toMatch(/^blue +127\.0\.0\.1:7001/)
  })

  test('the pid inside a pid namespace', () => {
    const { stdout } = runBin('mynetstat', ['--all-netns', '-nlt', ':8000', '--columns', 'pid,nspid', '--no-header'])
    const pairs = stdout.split('\n').map(line => line.trim().split(/ +/))
    for (const pid of scene.facts.pids) expect(pairs.find(([, nspid]) => nspid === String(pid))).toBeDefined()
  })

  test('a recording gives the same answer', () => {
    const file = join(temporaryFolder(), 'scene.snap.json')
    // The folder is the same in the mount namespace.
    expect(inside(...bin('linsight'), 'snapshot', 'save', file).status).toBe(0)
    const facts = ({ sockets, namespaces }: SocketsJson) => ({
      sockets: sockets.map(({ localPort, netns, owners }) => ({
        localPort,
        netns,
        pids: owners?.map(({ pid }) => pid),
      })),
      // The recorder was a process of the first one itself.
      namespaces: namespaces.map(({ netns, label, kind, cookie, mounts, sockets, own, descriptors }) => ({
        netns,
        label,
        kind,
        cookie,
        mounts,
        sockets,
        own,
        descriptors,
      })),
    })
    const live = facts(everywhere())
    const recorded = facts(json(...bin('mynetstat'), '--all-netns', '-nlt', '--json', '--from', file))
    expect(recorded).toEqual(live)
    const named = json(...bin('mynetstat'), '--netns', 'blue', '-nlt', '--json', '--from', file)
    expect(named.sockets.map(({ localPort }) => localPort)).toEqual([7001])
  })

  test('again and again, with namespaces that come meanwhile', async () => {
    // In a process group of its own: nsenter hands no signal on.
    const child = spawn('nsenter', scene.inside(...bin('mynetstat'), '--all-netns', '-nlt', '-c', '0.1', '--json'), {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async () => JSON.parse(String((await lines.next()).value)) as SocketsJson & { type: string }
    expect(namesOf(await next())).toHaveLength(7)
    scene.child.stdin!.write('again\n')
    const { pid } = JSON.parse(await scene.line()) as { pid: number }
    let line = await next()
    while (!line.sockets.some(({ owners }) => owners?.[0]?.pid === pid)) line = await next()
    process.kill(-child.pid!, 'SIGINT')
    while (line.type !== 'summary') line = await next()
  })

  test('routes and counters of one of them', () => {
    const route = inside(...bin('mynetstat'), '-rn', '--netns', 'blue')
    expect(route.stdout).toContain('Kernel IP routing table')
    expect(route.stdout).not.toContain('0.0.0.0         UG')
    const counters = (word: string) =>
      JSON.parse(inside(...bin('mynetstat'), '-s', '--netns', word, '--json').stdout) as { counters: object[] }
    expect(counters('blue').counters).not.toEqual([])
  })

  test('tw-stats reads one of them', () => {
    const { stdout } = inside(...bin('tw-stats'), '--netns', 'blue', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      namespace: { netns: scene.facts.names.mount, label: 'blue' },
      totals: { timeWait: 0 },
      // Its settings are read inside.
      capacity: { low: 32768 },
    })
  })

  test('a number that was given to another namespace is not taken for the one before', async () => {
    const identities = (found: SocketsJson) =>
      new Map(
        found.namespaces.map(({ netns, inode, cookie, oldestStartTicks: oldestStart }) => [
          netns,
          { inode, cookie, oldestStart },
        ]),
      )
    const before = identities(everywhere())
    const used = scene.facts.names
    let reused: string | undefined
    // Which number is free first is the kernel's to say: each that was looked at counts.
    for (let attempt = 0; attempt < 100 && reused === undefined; attempt += 1) {
      scene.child.stdin!.write('again\n')
      const { after } = JSON.parse(await scene.line()) as { after: string }
      if (before.has(after)) reused = after
      else before.set(after, identities(everywhere()).get(after)!)
    }
    expect(reused).toBeDefined()
    expect(Object.values(used)).not.toContain(reused)
    const now = identities(everywhere())
    expect(now.get(reused!)!.inode).toBe(before.get(reused!)!.inode)
    expect(sameNamespace(before.get(reused!)!, now.get(reused!)!)).toBe(false)
    // Without a cookie it is not known, or the start of its oldest process tells.
    const withoutCookie = { ...now.get(reused!)!, cookie: undefined }
    expect(sameNamespace(before.get(reused!)!, withoutCookie)).not.toBe(true)
    const stays = scene.facts.names.first
    expect(sameNamespace(before.get(stays)!, now.get(stays)!)).toBe(true)
  })
})

describe('200 namespaces', needed, () => {
  const COUNT = 200
  let scene: Awaited<ReturnType<typeof startScene>>
  beforeAll(async () => {
    scene = await startScene(COUNT)
  }, 60_000)
  afterAll(() => scene?.stop())

  test('every listener of each, with its owner', () => {
    const { stdout } = run('nsenter', scene.inside(...bin('mynetstat'), '--all-netns', '-nltp', '--json'))
    const found = JSON.parse(stdout) as SocketsJson
    expect(found.namespaces).toHaveLength(COUNT + 4)
    const owners = found.sockets.filter(({ localPort }) => localPort === 8000).map(({ owners }) => owners?.[0]?.pid)
    expect(new Set(owners)).toEqual(new Set(scene.facts.pids))
  })

  test('all sockets, also UDP', () => {
    const { stdout } = run('nsenter', scene.inside(...bin('mynetstat'), '--all-netns', '-antu', '--no-header'))
    const rows = stdout.split('\n').filter(line => /^(tcp|udp)/.test(line))
    expect(rows).toHaveLength(2 * COUNT + 3)
  })
})
