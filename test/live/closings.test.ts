import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadLibc, type Libc } from '../../src/libc/libc.ts'
import { followClosings, openClosings, type Closing, type Closings } from '../../src/sockets/diag/closings.ts'
import { needs } from '../support/needs.ts'
import { ROOT } from '../support/paths.ts'
import { startFixture, type Fixture } from './live.ts'

const CONNECTIONS = 500
const SOCKETS = 2 * CONNECTIONS

describe('sockets that end', needs('root', 'namespaces', 'unshare', 'python3', 'ip'), () => {
  let load: Fixture<{ pid: number }>
  let libc: Libc
  beforeAll(async () => {
    libc = (await loadLibc())!
    load = await startFixture('unshare', ['--net', 'python3', `${ROOT}fixtures/programs/closing-sockets.py`])
  })
  afterAll(() => load?.stop())

  const open = (options: { bufferBytes?: number } = {}) =>
    openClosings(libc, { folder: `${load.facts.pid}/net`, ...options })
  const closeConnections = async (count: number) => {
    load.child.stdin!.write(`${count}\n`)
    expect(JSON.parse(await load.line())).toEqual({ closed: 2 * count })
  }
  /** The kernel tells from a work queue: soon, but not at once. */
  const readUntil = async (closings: Closings, count: number) => {
    const found: Closing[] = []
    for (let tries = 0; found.length + closings.lost() < count && tries < 100; tries += 1) {
      found.push(...closings.read())
      await sleep(20)
    }
    return found
  }

  test('all of 1 000 are told, with what went over them', async () => {
    const closings = open()
    try {
      await closeConnections(CONNECTIONS)
      const found = await readUntil(closings, SOCKETS)
      expect([found.length, closings.lost()]).toEqual([SOCKETS, 0])
      expect(new Set(found.map(({ kernel }) => kernel.cookie)).size).toBe(SOCKETS)
      const clients = found.filter(({ row }) => row.remotePort === 8080)
      expect(clients).toHaveLength(CONNECTIONS)
      for (const { row, kernel } of found) {
        const isClient = row.remotePort === 8080
        expect(row).toMatchObject({ table: 'tcp', localAddress: '127.0.0.1', remoteAddress: '127.0.0.1', inode: '0' })
        // The end of the stream counts as a byte received.
        expect(kernel.tcpInfo).toMatchObject(isClient ? { bytesSent: 1 } : { bytesReceived: 2 })
      }
    } finally {
      closings.close()
    }
  })

  test('with little room some are lost, and exactly those are counted', async () => {
    const closings = open({ bufferBytes: 64 * 1024 })
    try {
      await closeConnections(CONNECTIONS)
      await sleep(500)
      const found = closings.read()
      expect(found.length).toBeLessThan(SOCKETS)
      expect(found.length + closings.lost()).toBe(SOCKETS)
      // Those that come later are told again.
      await closeConnections(5)
      await sleep(200)
      expect(closings.read()).toHaveLength(10)
    } finally {
      closings.close()
    }
  })

  test('are followed until a signal, and what came last counts, too', async () => {
    const stop = new AbortController()
    const closings = open()
    const found: Closing[] = []
    followClosings(closings, closing => found.push(closing), stop.signal)
    await closeConnections(20)
    await sleep(300)
    expect(found).toHaveLength(40)
    await closeConnections(3)
    await sleep(60)
    stop.abort()
    const atTheEnd = found.length
    await closeConnections(3)
    await sleep(300)
    expect([atTheEnd, found.length]).toEqual([46, 46])
    expect(closings.read()).toEqual([])
  })

  test('those of another namespace are not', async () => {
    const here = openClosings(libc)
    try {
      await closeConnections(10)
      await sleep(200)
      expect(here.read().filter(({ row }) => row.localPort === 8080 || row.remotePort === 8080)).toEqual([])
    } finally {
      here.close()
    }
  })

  test('a namespace that is not there is an error', () => {
    expect(() => openClosings(libc, { folder: '0/net' })).toThrow('ENOENT')
  })

  test('anyone may listen', needs('setpriv'), () => {
    const program = `
      const koffi = require('koffi')
      const libc = koffi.load(null)
      const socket = libc.func('int socket(int, int, int)')(16, 3, 4)
      const address = Buffer.alloc(12)
      address.writeUInt16LE(16)
      address.writeUInt32LE(15, 8)
      console.log(libc.func('int bind(int, const void *, unsigned int)')(socket, address, 12))`
    const args = ['--reuid=65534', '--clear-groups', process.execPath, '-e', program]
    expect(spawnSync('setpriv', args, { cwd: ROOT, encoding: 'utf8' }).stdout).toBe('0\n')
  })
})
