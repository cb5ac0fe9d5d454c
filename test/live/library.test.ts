// The library on this machine as it runs.
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import type { SocketChangesDocument } from '../../src/library/index.ts'
import { builtLibrary, withMachine } from '../support/library.ts'
import { schemaErrors } from '../support/schemas.ts'

test('watch() sees a socket open, change and close, and ends with its signal', { timeout: 60_000 }, async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = new AbortController()
  const rounds: SocketChangesDocument[] = []
  let client: Socket | undefined
  await withMachine({}, async machine => {
    for await (const round of machine.watch({ interval: 50, port, protocols: ['tcp'], signal: stop.signal })) {
      rounds.push(round)
      expect(schemaErrors('socket-changes', round)).toEqual([])
      const isClient = ({ remotePort }: { remotePort?: number }) => remotePort === port
      if (round.first) client = connect(port, '127.0.0.1')
      else if (rounds.some(({ opened }) => opened.some(socket => isClient(socket as never)))) client?.destroy()
      const closed = rounds.flatMap(({ closed, changed }) => [...closed, ...changed])
      if (closed.length > 0) stop.abort()
    }
  })
  server.close()
  const [first] = rounds
  expect(first).toMatchObject({ first: true, sockets: 1 })
  expect(first!.opened).toMatchObject([{ state: 'LISTEN', localPort: port, owners: [{ pid: process.pid }] }])
  expect(rounds.filter(({ first }) => first)).toHaveLength(1)
})

test('a diagnosis is stopped by its signal at once', { timeout: 60_000 }, async () => {
  await withMachine({}, async machine => {
    const signal = AbortSignal.timeout(200)
    const startedAt = performance.now()
    await expect(machine.diagnose({ durationMs: 20_000, signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})

test('open() without anything is this machine', async () => {
  const machine = await builtLibrary.open()
  const { processes, source } = await machine.processes({ pid: process.pid })
  await machine.close()
  expect(source).toBe('live')
  expect(processes).toMatchObject([{ pid: process.pid, uid: process.getuid!(), threads: expect.any(Number) }])
  expect(processes[0]!.residentBytes).toBeGreaterThan(1_000_000)
})

test('a process that is not there is not said to be well', async () => {
  await withMachine({}, machine =>
    expect(machine.diagnose({ pid: 4_194_305 })).rejects.toMatchObject({ code: 'no-target', exit: 3 }),
  )
})

test('a program that is busy itself does not slow its watch', { timeout: 60_000 }, async () => {
  let isBusy = true
  const work = () => {
    const end = performance.now() + 15
    while (performance.now() < end);
    if (isBusy) setImmediate(work)
  }
  await withMachine({}, async machine => {
    const query = { interval: 100, owners: false, protocols: ['tcp'] as const }
    const watch = machine.watch(query)
    await watch.next()
    work()
    const startedAt = performance.now()
    for (let round = 0; round < 10; round++) await watch.next()
    isBusy = false
    // The work of the program would make it five times that, were it taken for that of a look.
    expect(performance.now() - startedAt).toBeLessThan(3000)
    await watch.return()
  })
})
