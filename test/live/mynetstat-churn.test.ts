import { closeSync, openSync, readSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectSockets } from '../../src/sockets/read.ts'
import { parseInetTable } from '../../src/sockets/tables/inet.ts'
import { openLiveProc } from '../../src/proc/live-proc.ts'
import { needs } from '../support/needs.ts'
import { binPath, fixture } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { startFixture, type Fixture } from './live.ts'

interface ChurnFacts {
  pid: number
  /** Inodes of the sockets that stay. */
  fixed: string[]
}

const needed = needs('root', 'namespaces', 'unshare', 'nsenter', 'python3', 'ip')

/** One reading of net/udp of another namespace, as any tool does it: from start to end, once. */
function readOnce(pid: number): Set<string> {
  const fd = openSync(`/proc/${pid}/net/udp`, 'r')
  const parts: Buffer[] = []
  const buffer = Buffer.alloc(64 * 1024)
  for (let bytes; (bytes = readSync(fd, buffer)) > 0;) parts.push(Buffer.from(buffer.subarray(0, bytes)))
  closeSync(fd)
  return new Set(parseInetTable(Buffer.concat(parts), 'udp', true).rows.map(row => row.inode))
}

describe('UDP sockets come and go while mynetstat reads', needed, () => {
  let churn: Fixture<ChurnFacts>

  beforeAll(async () => {
    churn = await startFixture('unshare', ['--net', 'python3', fixture('programs/udp-churn.py'), '2000'])
  })
  afterAll(() => churn?.stop())

  test('the table is torn: a single read misses sockets that were there all the time', () => {
    const { pid, fixed } = churn.facts
    const missed = Array.from({ length: 20 }, () => {
      const seen = readOnce(pid)
      return fixed.filter(inode => !seen.has(inode)).length
    })
    // Otherwise the test below proves nothing.
    expect(Math.max(...missed)).toBeGreaterThan(0)
  })

  const missingFrom = (inodes: ReadonlySet<string>) => churn.facts.fixed.filter(inode => !inodes.has(inode))

  test('none is missing in 100 reads', () => {
    const source = openLiveProc()
    const seen = new Set<string>()
    for (let read = 0; read < 100; read += 1) {
      const { sockets } = collectSockets(source, {
        tables: ['udp'],
        selection: { all: true, listening: false, ports: [] },
        owners: undefined,
        folder: `${churn.facts.pid}/net`,
      })
      const inodes = new Set(sockets.map(({ row }) => row.inode))
      expect({ read, missing: missingFrom(inodes) }).toEqual({ read, missing: [] })
      // A socket that passes is listed once, if at all.
      expect(inodes.size).toBe(sockets.length)
      for (const inode of inodes) seen.add(inode)
    }
    // Nothing stopped the churn meanwhile.
    expect(seen.size).toBeGreaterThan(churn.facts.fixed.length + 1000)
  }, 180_000)

  test('nor in what mynetstat prints', () => {
    const enter = ['nsenter', `--net=/proc/${churn.facts.pid}/ns/net`, process.execPath, binPath('mynetstat')] as const
    for (let read = 0; read < 3; read += 1) {
      const { status, stdout } = run(enter[0], [...enter.slice(1), '-anup', '--columns', 'inode,pid', '--no-header'])
      expect(status).toBe(0)
      const owners = new Map(stdout.split('\n').map(line => line.split(/\s+/) as [string, string]))
      expect(missingFrom(new Set(owners.keys()))).toEqual([])
      for (const inode of churn.facts.fixed) expect(owners.get(inode)).toBe(String(churn.facts.pid))
    }
  })
})

describe('servers that live for 20 ms come and go while mynetstat looks for owners', needed, () => {
  let servers: Fixture<{ pid: number }>

  beforeAll(async () => {
    servers = await startFixture('unshare', [
      '--net',
      'sh',
      '-c',
      'ip link set lo up; exec python3 "$1"',
      'sh',
      fixture('programs/brief-servers.py'),
    ])
  })
  afterAll(() => servers?.stop())

  test('what has gone is not said to be hidden', () => {
    const enter = [`--net=/proc/${servers.facts.pid}/ns/net`, process.execPath, binPath('mynetstat')]
    const reasons = new Map<string, number>()
    for (let read = 0; read < 20; read += 1) {
      const { status, stdout } = run('nsenter', [...enter, '-ntlp', '--json'])
      expect(status).toBe(0)
      const { sockets } = JSON.parse(stdout) as { sockets: { ownerless?: { reason: string; perhaps?: true } }[] }
      for (const { ownerless } of sockets) {
        const reason = ownerless === undefined ? 'owned' : ownerless.reason
        // Root cannot know that permission hid an owner.
        if (reason === 'hidden') expect(ownerless).toHaveProperty('perhaps', true)
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    }
    const count = (reason: string) => reasons.get(reason) ?? 0
    expect(count('gone')).toBeGreaterThan(100)
    expect(count('hidden') + count('none-found')).toBeLessThan(count('gone') / 10)
  })
})
