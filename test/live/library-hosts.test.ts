// open({ host }): another machine by the user's own ssh, as a program asks for it.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { optional } from '../../src/errors.ts'
import { needs } from '../support/needs.ts'
import { builtLibrary, withMachine } from '../support/library.ts'
import { schemaErrors } from '../support/schemas.ts'
import { until } from '../support/until.ts'
import { SSH_NEEDS, startSshHosts, type SshHosts } from './ssh-hosts.ts'

const { open, LinsightError, MachineError, UsageError } = builtLibrary

/** Command lines of processes that hold these words. */
function running(words: string): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => optional(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')) ?? [])
    .filter(command => command.includes(words))
}

describe('another machine', needs(...SSH_NEEDS), () => {
  let hosts: SshHosts
  let ask: { sshConfig: string }
  beforeAll(async () => {
    hosts = await startSshHosts({ web1: {} })
    ask = { sshConfig: hosts.config }
    hosts.addHost('down1', ['ProxyCommand false'])
    // Takes the connection and says nothing.
    hosts.addHost('silent1', ['ProxyCommand sleep 607', 'ConnectTimeout 0'])
    hosts.addLogin('slow1', 'web1', 'sleep 608')
    // Where connections are kept.
    vi.stubEnv('XDG_RUNTIME_DIR', hosts.env['XDG_RUNTIME_DIR'])
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await hosts?.stop()
  })

  /** Of the clients that were started, and the proxies that they start. A connection that is kept calls itself `ssh: … [mux]`. */
  const noneLeft = () =>
    until(() => [`-F ${hosts.config}`, 'sleep 607'].every(words => running(words).length === 0), 2000)

  test('answers every question but watch()', { timeout: 60_000 }, async () => {
    const server = await hosts.socket<{ port: number }>('web1', ['server', '127.0.0.1'])
    const client = await hosts.socket('web1', ['client', '127.0.0.1', String(server.facts.port)])
    try {
      await withMachine({ host: 'web1', ...ask }, async machine => {
        const sockets = await machine.sockets({ protocols: ['tcp'], listening: true })
        expect(sockets).toMatchObject({ host: 'web1', source: 'ssh:web1' })
        expect(schemaErrors('sockets', sockets)).toEqual([])
        expect(sockets.sockets.flatMap(({ owners = [] }) => owners.map(({ program }) => program))).toContain('python3')
        const { processes } = await machine.processes()
        expect(processes.map(({ args }) => args?.join(' '))).toContain('sleep 600')
        expect((await machine.timeWait()).schema).toBe('linsight/time-wait/1')
        expect(await machine.diagnose()).toMatchObject({ host: 'web1', looked: { tracing: false } })
        await expect(machine.watch().next()).rejects.toThrow('ssh:web1 was read once')
      })
    } finally {
      await client.stop()
      await server.stop()
    }
  })

  test.each([
    ['down1', 'could not be reached by ssh'],
    ['nosuch1.invalid', 'could not be reached by ssh'],
  ])('%s is a host that does not answer', async (host, words) => {
    const error = await open({ host, ...ask }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(MachineError)
    expect(error).toMatchObject({ code: 'host-unanswered', exit: 3, message: expect.stringContaining(words) })
  })

  test.each(['-oProxyCommand=touch x', '', 'web1,down1', '@web', 'web1;id'])('%j is no host', async host => {
    const error = await open({ host, ...ask }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UsageError)
  })

  test('a host that takes the connection and says nothing', async () => {
    await expect(open({ host: 'silent1', timeoutMs: 1500, ...ask })).rejects.toThrow('silent1 could not be reached')
    expect(await noneLeft()).toBe(true)
  })

  test('a host that does not answer in time', async () => {
    await expect(open({ host: 'slow1', timeoutMs: 1500, ...ask })).rejects.toMatchObject({
      message: 'slow1 did not answer within 1.5 s',
      hint: expect.stringContaining('timeoutMs'),
    })
    expect(await noneLeft()).toBe(true)
  })

  test('a signal stops the reading at once, and no ssh remains', async () => {
    const startedAt = performance.now()
    const signal = AbortSignal.timeout(700)
    await expect(open({ host: 'silent1', signal, ...ask })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(performance.now() - startedAt).toBeLessThan(2000)
    expect(await noneLeft()).toBe(true)
  })

  test('errors of a host are those of the library', async () => {
    await expect(open({ host: 'down1', ...ask })).rejects.toBeInstanceOf(LinsightError)
    await expect(open({ host: 'web1', timeoutMs: 0, ...ask })).rejects.toThrow('timeoutMs is 0')
  })
})
