import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOwnerThread } from '../../src/processes/fast/owner-thread.ts'
import { processNames, scanOwners } from '../../src/processes/socket-owners.ts'
import { openLiveProc } from '../../src/proc/live-proc.ts'
import { needs } from '../support/needs.ts'
import { binPath, fixture } from '../support/paths.ts'
import { run, type Output } from '../support/run.ts'
import { startFixture, type Fixture } from './live.ts'

/** What fixtures/programs/zoo.py says it made. */
interface ZooFacts {
  pid: number
  folder: string
  programs: { port: number; pid: number; inode: string; argv0Base64: string | null; commBase64: string }[]
  facts: Record<string, Record<string, string & number & number[]>>
}

interface SocketJson {
  protocol: string
  state: string
  localAddress?: string
  localPort?: number
  remotePort?: number
  inode: string
  path?: string
  pathBase64?: string
  takesIpv4?: boolean
  unverified?: boolean
  rxQueueBytes?: number
  drops?: number
  uid?: number
  portId?: number
  owners: {
    pid: number
    program: string
    comm: string
    commBase64?: string
    uid: number
    exe?: string
    exeDeleted?: boolean
    fds: number[]
    tids?: number[]
    heldBy: string
  }[]
  ownerless?: { reason: string; listenerPids?: number[]; candidatePids?: number[] }
}

interface Document {
  sockets: SocketJson[]
  unlistedSockets: number
  unlisted: { inode: string; pids: number[]; netns: string }[]
  unreadable: Record<string, number>
}

const needed = needs('root', 'namespaces', 'unshare', 'nsenter', 'netstat', 'ss', 'ip', 'python3')

describe('mynetstat among sockets of every kind', needed, () => {
  let zoo: Fixture<ZooFacts>
  let mine: ZooFacts
  let fact: ZooFacts['facts']

  beforeAll(async () => {
    zoo = await startFixture('unshare', ['--net', '--mount', 'python3', fixture('programs/zoo.py')])
    mine = zoo.facts
    fact = mine.facts
  })
  afterAll(() => zoo?.stop())

  const inZoo = (command: string, ...args: string[]): Output =>
    run('nsenter', [`--net=/proc/${mine.pid}/ns/net`, command, ...args], { encoding: 'latin1' })
  const mynetstat = (...args: string[]) => inZoo(process.execPath, binPath('mynetstat'), ...args)
  const json = (...args: string[]): Document => {
    const { status, stdout } = mynetstat('--json', ...args)
    expect(status).toBe(0)
    return JSON.parse(Buffer.from(stdout, 'latin1').toString('utf8')) as Document
  }

  /** netstat's raw control characters as the dots its current source makes of them. */
  const dotted = (output: string): string => {
    let text = output
    for (const { pid, argv0Base64 } of mine.programs) {
      const argv0 = Buffer.from(argv0Base64 ?? '', 'base64').toString('latin1')
      if (!argv0.includes('\n')) continue
      const cell = `${pid}/${argv0}`.slice(0, 19)
      text = text.replaceAll(cell, cell.replaceAll('\n', '.'))
    }
    return text.replace(/[\x00-\x09\x0b-\x1f\x7f\x9b]/g, '.')
  }

  /** What differs between two readings of the same sockets: timers, and bytes on their way into full queues. */
  const steady = (output: string): string =>
    output.replace(/\(\d+\.\d\d\/\d+\/\d+\)/g, '(timer)').replace(/^(tcp +\d* *)\b\d{6,}\b/gm, '$1(full)')

  describe('--compat is netstat, line for line', () => {
    test.each([
      '-antp',
      '-ntlp',
      '-tulpen',
      '-antpo',
      '-anp',
      '-anpeeo',
      '-anpeeoW',
      '-anuo',
      '-anw',
      '-anx',
      '-anxp',
      '-lnx',
      '-ln',
      '-n',
      '-an4',
      '-an6',
    ])('%s', flags => {
      // Where netstat itself says two things in a row, something moved, and there is nothing to compare.
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const before = inZoo('netstat', flags)
        const ours = mynetstat('--compat', flags)
        const after = inZoo('netstat', flags)
        if (steady(before.stdout) !== steady(after.stdout)) continue
        expect(steady(ours.stdout).split('\n')).toEqual(steady(dotted(before.stdout)).split('\n'))
        expect(ours.stderr).toBe(before.stderr)
        expect(ours.status).toBe(before.status)
        return
      }
      throw new Error('the sockets never stood still')
    })
  })

  test('its owners hold all that ss sees, down to threads and descriptors', () => {
    const { sockets } = json('-antup')
    const owners = new Map(sockets.map(socket => [socket.inode, socket.owners]))
    const seen = inZoo('ss', '-T', '-antupeH').stdout.split('\n')
    let compared = 0
    for (const line of seen) {
      const inode = /\bino:(\d+)/.exec(line)?.[1]
      for (const [, pid, tid, fd] of line.matchAll(/pid=(\d+),tid=(\d+),fd=(\d+)/g)) {
        const owner = owners.get(inode!)?.find(process => process.pid === Number(pid))
        expect({ line, fds: owner?.fds }).toEqual({ line, fds: expect.arrayContaining([Number(fd)]) as unknown })
        if (owner!.heldBy === 'thread') expect(owner!.tids).toContain(Number(tid))
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(100)
  })

  test('a socket of every kind is listed, with its process', () => {
    const { sockets } = json('-anp', '--packet', '--netlink', '-x', '-t', '-u', '-U', '-w')
    const byInode = new Map(sockets.map(socket => [socket.inode, socket]))
    const unlisted = new Set(['unlisted', 'udp unbound', 'vsock', 'io_uring', 'in flight', 'thread'])
    for (const [name, values] of Object.entries(fact)) {
      if (unlisted.has(name)) continue
      for (const inode of Object.values(values)) {
        if (typeof inode !== 'string' || !/^\d{4,}$/.test(inode) || name.includes('forged')) continue
        const pids = byInode.get(inode)?.owners.map(owner => owner.pid)
        expect({ name, pids }).toEqual({ name, pids: [mine.pid, fact['sharer']!['pid']] })
      }
    }
  })

  test('sockets that stand in no table are told with those who hold them', () => {
    const { unlistedSockets, unlisted } = json(
      '--unlisted',
      '-anp',
      '--packet',
      '--netlink',
      '-x',
      '-t',
      '-u',
      '-U',
      '-w',
    )
    const pids = [mine.pid, fact['sharer']!['pid']]
    const inodes = [...['bound', 'unbound', 'reset'].map(name => fact['unlisted']![name]), fact['udp unbound']!['sock']]
    for (const inode of inodes)
      expect(unlisted.find(socket => socket.inode === inode)).toMatchObject({
        pids,
        netns: expect.any(String) as string,
      })
    expect(unlistedSockets).toBe(unlisted.length)
  })

  test('owners that no descriptor of a process shows', () => {
    const { sockets } = json('-ntlp')
    const ownersOf = (port: number) => sockets.find(socket => socket.localPort === port)?.owners
    const thread = fact['thread']!
    expect(ownersOf(1043)).toMatchObject([
      { pid: mine.pid, heldBy: 'thread', tids: [thread['tid']], fds: [thread['fd']] },
    ])
    // A sandbox may forbid io_uring; the zoo then says so.
    if (fact['io_uring']!['absent'] === undefined)
      expect(ownersOf(1044)).toMatchObject([{ pid: mine.pid, heldBy: 'io_uring', fds: [fact['io_uring']!['ring']] }])
  })

  test('two threads see what one sees', () => {
    const source = openLiveProc()
    const alone = scanOwners(source)
    const shared = startOwnerThread(source, true)!(processNames(source))
    // Ours are the first two processes, all others the thread's.
    const together = scanOwners(source, undefined, { ...shared, claim: index => index < 2 && shared.claim(index) })
    const inodes = Object.values(fact).flatMap(values => Object.values(values).filter(value => /^\d{4,}$/.test(value)))
    expect(inodes.filter(inode => alone.byInode.of(inode).length > 0).length).toBeGreaterThan(80)
    for (const inode of inodes) expect(together.byInode.of(inode)).toEqual(alone.byInode.of(inode))
    expect([together.refused, together.unlistable]).toEqual([alone.refused, alone.unlistable])
  })

  test('what a thread that failed had begun is read by us', () => {
    const source = openLiveProc()
    const names = processNames(source)
    const together = scanOwners(source, undefined, {
      names,
      claim: index => index < 2,
      tablesRead: () => {},
      finish: () => undefined,
    })
    const inode = fact['any address']!['listener']!
    expect(together.byInode.of(inode)).toEqual(scanOwners(source).byInode.of(inode))
  })

  test('why a socket has no owner', () => {
    const { sockets } = json('-anp')
    const pids = [mine.pid, fact['sharer']!['pid']]
    const why = (local: number, remote: number) =>
      sockets.find(
        ({ protocol, localPort, remotePort }) =>
          protocol.startsWith('tcp') && localPort === local && remotePort === remote,
      )
    for (const port of fact['accept queue']!['waiting']! as unknown as number[])
      expect(why(1001, port)?.ownerless).toEqual({ reason: 'accept-queue', listenerPids: pids })
    expect(why(1012, 2012)?.ownerless).toEqual({ reason: 'accept-queue', listenerPids: pids })
    expect(why(1015, 2015)).toMatchObject({
      state: 'SYN_RECV',
      ownerless: { reason: 'syn-queue', listenerPids: pids },
    })
    for (const [local, remote] of [
      [2006, 1006],
      [2025, 1025],
    ] as const) {
      expect(why(local, remote)).toMatchObject({ state: 'TIME_WAIT', ownerless: { reason: 'time-wait' } })
      expect(why(local, remote)).not.toHaveProperty('uid')
    }
    for (const [local, remote, state] of [
      [2007, 1007, 'FIN_WAIT2'],
      [2107, 1107, 'FIN_WAIT2'],
      [2109, 1109, 'FIN_WAIT1'],
      [1011, 2011, 'LAST_ACK'],
    ] as const)
      expect(why(local, remote)).toMatchObject({ state, ownerless: { reason: 'orphan' } })
    const waiting = sockets.find(socket => socket.path === fact['unix accept queue']!['path'] && socket.inode === '0')
    expect(waiting).toMatchObject({
      state: 'CONNECTING',
      ownerless: { reason: 'accept-queue', listenerPids: pids },
    })
  })

  test.each(['-anp', '-ntlp'])('a listener in flight between processes is told as such by %s', flags => {
    const inFlight = json(flags).sockets.find(socket => socket.localPort === fact['in flight']!['port'])
    expect(inFlight).toMatchObject({ owners: [], ownerless: { reason: 'in-flight', candidatePids: [mine.pid] } })
  })

  test('a row that another socket’s name forges is never taken for a socket', () => {
    const { sockets } = json('-anx')
    const forged = fact['forged row']!
    const row = sockets.find(socket => socket.inode === forged['inode'])
    expect(row).toMatchObject({ path: forged['path'], unverified: true })
    // A connection nobody accepted yet has no inode, and below a name nothing proves it genuine.
    const others = sockets.filter(socket => socket.unverified && socket !== row)
    expect(others.filter(socket => socket.inode !== '0')).toEqual([])
    expect(sockets.find(socket => socket.inode === fact['clumsily forged row']!['inode'])).toBeUndefined()
    const { stdout, stderr } = mynetstat('-anx', '--why')
    expect(stdout).toMatch(/^unix .* 99999 .*\/run\/forged\.sock +unverified: may be part of the name/m)
    expect(stderr).toMatch(/\d unix rows? may be forged by the name of another socket; --why marks/)
    expect(stdout).toContain('@zoo\\n0: 00000002')
  })

  test('names and numbers that other tools lose', () => {
    const { sockets } = json('-anp')
    const by = (inode: unknown) => sockets.find(socket => socket.inode === inode)
    expect(by(fact['dual stack']!['listener'])).toMatchObject({ localAddress: '::', takesIpv4: true })
    expect(by(fact['v6 only']!['listener'])).toMatchObject({ localAddress: '::', takesIpv4: false })
    expect(by(fact['long address']!['listener'])).toMatchObject({ localAddress: fact['long address']!['address'] })
    expect(by(fact['unread bytes']!['server'])).toMatchObject({ rxQueueBytes: 1000 })
    expect(by(fact['udp dropping']!['sock'])?.drops).toBeGreaterThan(0)
    expect(sockets.filter(socket => socket.localPort === 1041).map(socket => socket.inode)).toEqual(
      expect.arrayContaining([fact['reuse port twins']!['a'], fact['reuse port twins']!['b']]),
    )
    for (const [name, { listener, pathBase64 }] of Object.entries(fact)) {
      if (!name.startsWith('unix path with')) continue
      const socket = by(listener)
      const bytes = socket?.pathBase64 ?? Buffer.from(socket?.path ?? '').toString('base64')
      expect({ name, bytes }).toEqual({ name, bytes: pathBase64 })
    }
    expect(by(fact['unix path of 108 bytes']!['listener'])?.path).toBe(fact['unix path of 108 bytes']!['path'])
  })

  test('programs are what they are, whatever they call themselves', () => {
    const { sockets } = json('-ntlp')
    for (const { port, pid, commBase64 } of mine.programs) {
      const owners = sockets.find(socket => socket.localPort === port)?.owners ?? []
      expect({ port, pids: owners.map(owner => owner.pid) }).toEqual({ port, pids: [pid] })
      const comm = owners[0]!.commBase64 ?? Buffer.from(owners[0]!.comm).toString('base64')
      expect({ port, comm }).toEqual({ port, comm: commBase64 })
    }
    const program = (port: number) => sockets.find(socket => socket.localPort === port)!.owners[0]!
    expect(program(4009)).toMatchObject({ exe: `${mine.folder}/deleted-program`, exeDeleted: true })
    expect(program(4010)).toMatchObject({ uid: 65534, program: 'dropped' })
    expect(sockets.find(socket => socket.localPort === 4010)).toMatchObject({ uid: 0 })
    expect(program(4012).program).toBe(program(4012).comm)
  })

  test.each([['-anpeo'], ['-anpe', '--why', '--cmdline'], ['-a', '--columns', 'local,program,path,cmdline,exe']])(
    'nothing but printable text, a line a socket: %s %s %s',
    (...args) => {
      const { stdout, stderr } = mynetstat(...args)
      const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(stdout + stderr, 'latin1'))
      expect(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.exec(text.replaceAll('\n', ''))).toBeNull()
      const headings = args.includes('--columns') ? 1 : 4
      expect(stdout.trimEnd().split('\n')).toHaveLength(json('-a').sockets.length + headings)
    },
  )
})
