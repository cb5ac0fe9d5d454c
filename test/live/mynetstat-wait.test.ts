// --wait and --wait-gone with real sockets: met, not met in time, gone, stable, and ended by a signal.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { release } from 'node:os'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'

interface Ended {
  code: number | null
  stdout: string
  stderr: string
  ms: number
}

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [binPath('mynetstat'), ...args])
  const startedAt = performance.now()
  const text = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => (text.stdout += String(chunk)))
  child.stderr.on('data', chunk => (text.stderr += String(chunk)))
  const ended = once(child, 'close').then(([code]): Ended => ({
    code: code as number | null,
    ...text,
    ms: performance.now() - startedAt,
  }))
  return { child, ended }
}

async function listenOn(port: number, host = '127.0.0.1'): Promise<Server> {
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return server
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = await listenOn(0)
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

describe('mynetstat --wait', needs('Linux'), () => {
  test('is met when the port is listened on, by looking: nobody connects', async () => {
    const port = await freePort()
    const waiting = start(['--wait', String(port), '--timeout', '20s'])
    await sleep(600)
    const server = await listenOn(port)
    let connections = 0
    server.on('connection', () => (connections += 1))
    const { code, stdout, stderr } = await waiting.ended
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^tcp 127\\.0\\.0\\.1:${port} .* LISTEN`)),
      stderr: '',
    })
    await sleep(50)
    expect(connections).toBe(0)
  })

  test('is met at once by what is there', async () => {
    const port = portOf(await listenOn(0))
    const { code } = await start(['--wait', `:${port}`, '--timeout', '0s']).ended
    expect(code).toBe(0)
  })

  test('ends with 1 when the time is over, and says what was there instead', async () => {
    const free = await freePort()
    const nobody = await start(['--wait', String(free), '--timeout', '300ms']).ended
    expect(nobody).toMatchObject({ code: 1, stdout: '' })
    expect(nobody.stderr).toContain(`port ${free} is not listened on after 0.`)
    expect(nobody.stderr).toContain(`: nothing uses port ${free}`)

    const port = portOf(await listenOn(0))
    const elsewhere = await start([
      '--wait',
      `sport = ${port} not src 127.0.0.0/8 state listening`,
      '--timeout',
      '300ms',
    ]).ended
    expect(elsewhere.code).toBe(1)
    expect(elsewhere.stderr).toContain(`${port} listens on 127.0.0.1 only (${process.pid}/`)
  })

  test('--json is a document, met or not', async () => {
    const port = portOf(await listenOn(0))
    const met = JSON.parse((await start(['--wait', String(port), '--json']).ended).stdout) as object
    expect(schemaErrors('socket-wait', met)).toEqual([])
    expect(met).toMatchObject({ met: true, until: 'there', sockets: [{ localPort: port }], instead: [] })
    const not = await start(['--wait-gone', String(port), '--json', '--timeout', '100ms']).ended
    expect(not.code).toBe(1)
    expect(schemaErrors('socket-wait', JSON.parse(not.stdout))).toEqual([])
    expect(JSON.parse(not.stdout)).toMatchObject({
      met: false,
      until: 'gone',
      sockets: [{ localPort: port }],
      instead: [expect.stringMatching(new RegExp(`^still there: tcp 127\\.0\\.0\\.1:${port} `))],
    })
  })

  test('--wait-gone is met when the listener has gone', async () => {
    const server = await listenOn(0)
    const waiting = start(['--wait-gone', String(portOf(server)), '--timeout', '20s'])
    await sleep(600)
    server.close()
    expect(await waiting.ended).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  test('--for wants it to stay so', async () => {
    const server = await listenOn(0)
    const port = portOf(server)
    const stable = await start(['--wait', String(port), '--for', '700ms']).ended
    expect(stable.code).toBe(0)
    expect(stable.ms).toBeGreaterThan(700)
    const brief = start(['--wait', String(port), '--for', '20s', '--timeout', '1s'])
    const { code, stderr } = await brief.ended
    expect(code).toBe(1)
    expect(stderr).toContain('for 20 s after')
  })

  test('a signal ends it with 128+n, and nothing is left', async () => {
    const waiting = start(['--wait', String(await freePort())])
    await sleep(700)
    waiting.child.kill('SIGTERM')
    const { code, stdout, stderr, ms } = await waiting.ended
    expect({ code, stdout, stderr }).toEqual({ code: 143, stdout: '', stderr: '' })
    expect(ms).toBeLessThan(10_000)
    expect(() => process.kill(waiting.child.pid!, 0)).toThrow('ESRCH')
  })
})

const BOUND = `
import socket, sys
s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); sys.stdin.read()`

describe('--summary in a namespace of its own', needs('root', 'unshare'), () => {
  test('counts what is there, where the kernel counts the whole machine', async () => {
    await listenOn(0)
    const own = run('unshare', ['-n', process.execPath, binPath('mynetstat'), '--summary', '-tuw', '--json'])
    const { sockets, protocols, machine } = JSON.parse(own.stdout) as {
      sockets: number
      protocols: unknown[]
      machine: { tcpAllocated: number }
    }
    expect({ sockets, protocols, stderr: own.stderr }).toEqual({ sockets: 0, protocols: [], stderr: '' })
    expect(machine.tcpAllocated).toBeGreaterThan(0)
  })
})

describe('what is there instead', needs('Linux', 'python3'), () => {
  test('a process that has bound the port and does not listen', async () => {
    const child = spawn('python3', ['-c', BOUND], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.stdin.end())
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
    const port = Number(String(chunk))
    const { code, stderr } = await start(['--wait', String(port), '--timeout', '200ms']).ended
    expect(code).toBe(1)
    // Only the kernel's own answer has such a socket, since 6.8.
    const [major = 0, minor = 0] = release().split('.').map(Number)
    const isTold = major > 6 || (major === 6 && minor >= 8)
    const told = isTold ? `${child.pid}/python3 is bound to ${port} but does not listen` : `nothing uses port ${port}`
    expect(stderr).toContain(`: ${told}`)
  })
})
