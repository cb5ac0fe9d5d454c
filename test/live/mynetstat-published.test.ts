import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PublishedDocument } from '../../src/sockets/published/show/published-document.ts'
import type { SocketsDocument } from '../../src/sockets/show/document.ts'
import { needs } from '../support/needs.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { schemaErrors } from '../support/schemas.ts'
import { SCENE_NEEDS, startScene, type NetworkScene } from './network-scene.ts'

interface PublishedFacts {
  /** Pid of docker-proxy. */
  proxy: number
  /** Kinds of iptables that are installed. */
  iptables: string[]
}

const HOST = '192.0.2.1'

describe('ports that are published', needs(...SCENE_NEEDS), () => {
  let scene: NetworkScene<PublishedFacts>
  let ports: PublishedDocument['ports']

  beforeAll(async () => {
    scene = await startScene('published')
    ports = (await scene.json<PublishedDocument>('mynetstat', ['--published', '--json'])).ports
  }, 30_000)
  afterAll(() => scene?.stop())

  const published = (port: number) => ports.filter(({ firstPort }) => firstPort === port)

  /** What is said of a port, and what a client outside gets there. */
  async function expectPublished(
    port: number,
    {
      by,
      program,
      answer,
      to,
      udp = false,
    }: { by: string; program: string; answer: string; to: string; udp?: boolean },
  ) {
    expect(await scene.connect(HOST, port, { udp })).toEqual({ answer })
    const [found, ...others] = published(port)
    expect(others).toEqual([])
    expect(found!.evidence[0]!.by).toBe(by)
    expect(`${found!.to.address}:${found!.to.port}`).toBe(to)
    expect(found!.answers.map(({ listener }) => listener?.owners.map(owner => owner.program))).toEqual([[program]])
    return found!
  }

  test('by a rule of nft', async () => {
    const found = await expectPublished(8080, { by: 'nft', program: 'nginx', answer: 'web', to: '172.18.0.2:80' })
    expect(found.answers[0]).toMatchObject({ label: 'web', listener: { owners: [{ pidInside: 1 }] } })
    expect(found.inodes).toEqual([])
  })

  test('by a map of nft', async () => {
    await expectPublished(15_432, { by: 'nft', program: 'postgres', answer: 'db', to: '172.18.0.3:5432' })
  })

  test('datagrams', async () => {
    await expectPublished(5353, { by: 'nft', program: 'dnsmasq', answer: 'dns', to: '172.18.0.3:53', udp: true })
  })

  test('by a proxy', async () => {
    const found = await expectPublished(7070, {
      by: 'docker-proxy',
      program: 'nginx',
      answer: 'web',
      to: '172.18.0.2:80',
    })
    expect(found.evidence[0]).toMatchObject({ kind: 'proxy', pid: scene.facts.proxy })
    expect(found.inodes).toHaveLength(1)
  })

  test('to another port of the host', async () => {
    expect(await scene.connect(HOST, 2222)).toEqual({ answer: 'host' })
    const [found] = published(2222)
    expect(found).toMatchObject({
      to: { self: true, port: 22 },
      answers: [{ listener: { owners: [{ program: 'sshd' }] } }],
    })
  })

  test('where nobody listens', async () => {
    expect((await scene.connect(HOST, 4444)).error).toContain('refused')
    const [found] = published(4444)
    expect(found!.answers.map(({ label, listener }) => [label, listener])).toEqual([['web', undefined]])
  })

  test('flows that took the way are evidence, too', async () => {
    await scene.connect(HOST, 8080)
    const { stdout } = await scene.look('mynetstat', ['--published', ':8080'])
    expect(stdout).toMatch(/\*:8080 +nft, a flow seen +172\.18\.0\.2:80, nginx pid \d+ \(pid 1 inside\) in web/)
  })

  test('a port that only a rule takes is a row in the listing', async () => {
    const { stdout } = await scene.look('mynetstat', ['-ntlp', ':8080'])
    expect(stdout).toMatch(/^tcp +0 +0 0\.0\.0\.0:8080 +0\.0\.0\.0:\* +DNAT +- +→ 172\.18\.0\.2:80, nginx pid \d+/m)
  })

  test('on the row of the proxy', async () => {
    const document = await scene.json<SocketsDocument>('mynetstat', ['-ntl', ':7070', '--json'])
    expect(document.sockets).toMatchObject([
      { state: 'LISTEN', leadsTo: [{ to: { address: '172.18.0.2', port: 80 }, answers: [{ label: 'web' }] }] },
    ])
    expect(schemaErrors('sockets', document)).toEqual([])
  })

  test('back: through which ports a listener is reached', async () => {
    const document = await scene.json<SocketsDocument>('mynetstat', ['-ntl', ':22', '--json'])
    const [ssh] = document.sockets
    expect(ssh!.publishedAs?.map(({ firstPort }) => firstPort)).toEqual([2222])
  })

  test('without rights: what a proxy does is seen, that rules are missing is said', async () => {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
    const { stdout, stderr, status } = await scene.look('mynetstat', ['--published'], nobody)
    expect(status).toBe(0)
    expect(stdout).not.toContain('8080')
    expect(stderr).toContain('the firewall could not be read (root)')
  })

  test.each([
    ['whole', [], 0],
    // The arguments of the proxy are replaced; addresses are, too, but the same by the same.
    ['redacted', ['--redact'], 1],
  ])('a recording, %s, tells the same', async (_, flags, lost) => {
    const file = join(temporaryFolder(), 'host.snap.json')
    expect((await scene.look('linsight', ['snapshot', 'save', ...flags, file])).status).toBe(0)
    const { stdout } = runBin('mynetstat', ['--published', '--json', '--from', file])
    const replayed = (JSON.parse(stdout) as PublishedDocument).ports
    const told = (all: PublishedDocument['ports']) =>
      all.map(port => [port.firstPort, port.answers.map(({ label, listener }) => [label, listener?.owners[0]?.pid])])
    expect(replayed).toHaveLength(ports.length - lost)
    const kept = ports.filter(({ firstPort }) => replayed.some(port => port.firstPort === firstPort))
    const withoutLabels = (all: unknown) => JSON.stringify(all).replaceAll(/"(?:web|db|n\dx*)"/g, '""')
    expect(withoutLabels(told(replayed))).toBe(withoutLabels(told(kept)))
  })

  describe('by iptables', needs(...SCENE_NEEDS, 'iptables-nft'), () => {
    test('in nf_tables, whose target nft does not print', async () => {
      await expectPublished(9090, { by: 'iptables-nft', program: 'nginx', answer: 'web', to: '172.18.0.2:80' })
    })

    test('in the legacy tables', async () => {
      expect(scene.facts.iptables).toContain('legacy')
      await expectPublished(9091, { by: 'iptables-legacy', program: 'nginx', answer: 'web', to: '172.18.0.2:80' })
    })
  })
})
