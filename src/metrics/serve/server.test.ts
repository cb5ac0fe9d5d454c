import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../../../test/support/needs.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { parseListenAddress } from './listen-address.ts'
import { loadWebConfig } from './load-web-config.ts'
import { reloadWhenChanged, startServer, type RunningServer } from './server.ts'

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

describe('TLS', needs('openssl'), () => {
  let folder: string
  const at = (name: string) => join(folder, name)
  const open: { close(): Promise<void> }[] = []

  function openssl(...args: string[]): void {
    const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }

  /** A certificate that is its own authority. */
  function certificate(name: string): void {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)]
    openssl(
      'req',
      '-x509',
      ...KEY,
      ...files,
      '-subj',
      `/CN=${name}`,
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-days',
      '2',
    )
  }

  beforeAll(() => {
    folder = temporaryFolder()
    for (const name of ['server', 'renewed', 'friend', 'stranger']) certificate(name)
  })
  afterEach(() => Promise.all(open.splice(0).map(server => server.close())))

  async function serving(clients: object = {}): Promise<RunningServer & Awaited<ReturnType<typeof startServer>>> {
    const tls = { cert_file: 'server.pem', key_file: 'server.key', ...clients }
    writeFileSync(at('web.yml'), JSON.stringify({ tls_server_config: tls }))
    const server = await startServer(
      parseListenAddress('127.0.0.1:0'),
      (_, response) => response.end('ok'),
      loadWebConfig(at('web.yml')),
    )
    open.push(server)
    return server
  }

  /** The name in the server's certificate where it answers; undefined where it does not. */
  async function ask({ address }: RunningServer, client?: string, trusted = 'server'): Promise<string | undefined> {
    const own =
      client === undefined ? {} : { cert: readFileSync(at(`${client}.pem`)), key: readFileSync(at(`${client}.key`)) }
    const asked = request({
      host: '127.0.0.1',
      port: address.port,
      ca: readFileSync(at(`${trusted}.pem`)),
      agent: false,
      ...own,
    })
    asked.end()
    try {
      const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
      const { subject } = (response.socket as TLSSocket).getPeerCertificate()
      response.resume()
      return String(subject.CN)
    } catch {
      return undefined
    }
  }

  test.each([
    ['NoClientCert', {}, ['server', 'server', 'server']],
    ['RequestClientCert', {}, ['server', 'server', 'server']],
    ['RequireAnyClientCert', {}, [undefined, 'server', 'server']],
    ['VerifyClientCertIfGiven', { client_ca_file: 'friend.pem' }, ['server', 'server', undefined]],
    ['RequireAndVerifyClientCert', { client_ca_file: 'friend.pem' }, [undefined, 'server', undefined]],
  ])('%s: nobody, a friend, a stranger', async (client_auth_type, more, answers) => {
    const server = await serving({ client_auth_type, ...more })
    expect(server.scheme).toBe('https')
    expect([await ask(server), await ask(server, 'friend'), await ask(server, 'stranger')]).toEqual(answers)
  })

  test('a certificate that was renewed is used; one that cannot be is not, and that is said once', async () => {
    const server = await serving()
    const lines: string[] = []
    const load = () => loadWebConfig(at('web.yml'))
    const stop = reloadWhenChanged(
      server.server,
      load(),
      load,
      () => Promise.resolve(),
      text => lines.push(text),
      10,
    )
    writeFileSync(at('web.yml'), JSON.stringify({ tls_server_config: { cert_file: 'server.pem', key_file: 'none' } }))
    await waitFor(() => lines.length > 0)
    expect(lines[0]).toMatch(
      /^the web configuration has changed, and the old one stays in force: .*none, the key, cannot be read/,
    )
    expect(await ask(server)).toBe('server')
    const renewed = { cert_file: 'renewed.pem', key_file: 'renewed.key' }
    writeFileSync(at('web.yml'), JSON.stringify({ tls_server_config: renewed }))
    await waitFor(() => lines.length > 1)
    expect(lines.slice(1)).toEqual(['the web configuration has changed and was loaded anew'])
    expect(await ask(server, undefined, 'renewed')).toBe('renewed')
    stop()
  })

  test('a key of another certificate is one sentence', async () => {
    await expect(serving({ key_file: 'friend.key' })).rejects.toMatchObject({
      code: 'input-format',
      message: expect.stringContaining('certificate and key cannot be used') as string,
    })
  })
})

async function waitFor(isMet: () => boolean): Promise<void> {
  const end = performance.now() + 15_000
  while (!isMet() && performance.now() < end) await sleep(10)
}
