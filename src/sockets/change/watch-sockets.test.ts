import { expect, test } from 'vitest'
import { tcpListener, tcpSocket } from '../../../test/support/a-socket.ts'
import type { Closing, Closings } from '../diag/closings.ts'
import type { InetRow, Socket, SocketReport } from '../model.ts'
import type { ChangeRound } from './change.ts'
import { watchSockets, type WatchOptions } from './watch-sockets.ts'

const closing = (cookie: string, row: Partial<InetRow> = {}): Closing => ({
  row: tcpSocket({ inode: '0', state: 7, ...row }).row as InetRow,
  kernel: { cookie, tcpInfo: { bytesSent: 3, bytesReceived: 4 } as never },
})

/** Looks and the ends told before each of them, one after the other; then the signal. */
async function watched(looks: { sockets: Socket[]; ends?: Closing[]; lost?: number }[], ports: number[] = []) {
  const stop = new AbortController()
  let at = -1
  let told: Closing[] = []
  let closed = false
  const closings: Closings = {
    read: () => told.splice(0),
    lost: () => looks[Math.max(0, at)]!.lost ?? 0,
    close: () => (closed = true),
  }
  const rounds: ChangeRound[] = []
  const watch = watchSockets({
    intervalMs: 1,
    look() {
      at += 1
      told = [...(looks[at]!.ends ?? [])]
      return { sockets: looks[at]!.sockets } as SocketReport
    },
    closings,
    selection: { all: true, listening: false, ports },
    tables: new Set(['tcp']),
    filter: undefined,
    columns: undefined,
    signal: stop.signal,
  })
  for await (const step of watch) {
    if ('round' in step) rounds.push(step.round)
    if (at === looks.length - 1) stop.abort()
  }
  expect(closed).toBe(true)
  return rounds
}

test('a connection from its beginning to its end, which is told a look late', async () => {
  const connection = (state: number, inode = '5') => tcpSocket({ state, inode }, { cookie: '7' })
  const rounds = await watched([
    { sockets: [] },
    { sockets: [connection(1)] },
    { sockets: [connection(1)], ends: [closing('7')] },
    { sockets: [connection(6, '0')] },
    { sockets: [] },
  ])
  expect(rounds.map(({ changes }) => changes.map(({ mark, end }) => `${mark}${end ? ' end' : ''}`))).toEqual([
    ['+'],
    [],
    ['~ end'],
    ['-'],
  ])
  expect(rounds.map(({ closed }) => closed)).toEqual([0, 0, 1, 0])
  const lived = rounds[3]!.changes[0]!.lived!
  expect(lived.atLeast).toBe(false)
  expect(lived.ms).toBeGreaterThan(0)
})

test('what was there from the beginning lived at least so long', async () => {
  const [round] = await watched([{ sockets: [tcpSocket()] }, { sockets: [] }])
  expect(round!.changes).toMatchObject([{ mark: '-', lived: { atLeast: true } }])
})

test('what took the place of another lived from then on', async () => {
  const rounds = await watched([
    { sockets: [tcpListener({ inode: '1' })] },
    { sockets: [tcpListener({ inode: '2' })] },
    { sockets: [] },
  ])
  expect(rounds[0]!.changes).toMatchObject([{ mark: '~', kinds: ['reopened'] }])
  expect(rounds[1]!.changes).toMatchObject([{ mark: '-', lived: { atLeast: false } }])
})

test('ends before the first look are no part of it; of other ports and tables they were not asked for', async () => {
  const [round] = await watched(
    [
      { sockets: [], ends: [closing('1')] },
      {
        sockets: [],
        ends: [closing('2'), closing('3', { localPort: 9, remotePort: 8 }), closing('4', { table: 'udp' })],
      },
    ],
    [8080],
  )
  expect([round!.closed, round!.shortLived]).toMatchObject([1, [{ count: 1, port: 8080 }]])
})

test('what was lost is counted for the look in which it was', async () => {
  const rounds = await watched([
    { sockets: [] },
    { sockets: [], lost: 4 },
    { sockets: [], lost: 4 },
    { sockets: [], lost: 6 },
  ])
  expect(rounds.map(({ lost }) => lost)).toEqual([4, 0, 2])
})

/** A watch that looks at nothing. */
function watching(options: Partial<WatchOptions>) {
  return watchSockets({
    intervalMs: 1,
    look: () => ({ sockets: [] }) as unknown as SocketReport,
    closings: undefined,
    selection: { all: true, listening: false, ports: [] },
    tables: new Set(['tcp']),
    filter: undefined,
    columns: undefined,
    signal: new AbortController().signal,
    ...options,
  })
}

test('while nobody takes a round, ends are left to the kernel, which counts what it has no room for', async () => {
  let reads = 0
  const many = Array.from({ length: 60_000 }, (_, cookie) => closing(String(cookie)))
  const closings: Closings = { read: () => ((reads += 1) === 1 ? [] : many), lost: () => 7, close: () => {} }
  const watch = watching({ closings })
  await watch.next()
  await new Promise(resolve => setTimeout(resolve, 350))
  expect(reads).toBe(2)
  expect(await watch.next()).toMatchObject({ value: { round: { closed: 60_000, lost: 7 } } })
  await watch.return(undefined)
})

test('looks that cost much are repeated less often; what the first one cost does not count', async () => {
  let used = 0
  let cost = 1000
  const look = () => {
    used += cost
    cost = 10
    return { sockets: [] } as unknown as SocketReport
  }
  const watch = watching({ look, cpuMs: () => used })
  const start = performance.now()
  await watch.next()
  await watch.next()
  expect(performance.now() - start).toBeLessThan(150)
  const second = performance.now()
  await watch.next()
  expect(performance.now() - second).toBeGreaterThan(150)
  await watch.return(undefined)
})
