import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExposedPathJson, ExposureDocument } from '../../src/sockets/exposure/show/exposure-document.ts'
import { needs } from '../support/needs.ts'
import { schemaErrors } from '../support/schemas.ts'
import { SCENE_NEEDS, startScene, type NetworkScene } from './network-scene.ts'

const HOST = '192.0.2.1'
const HOST6 = '2001:db8::1'
/** Of the addresses of the client outside the one that the rule for port 82 names. */
const NAMED = '10.0.0.99'

describe('a host with a firewall', needs(...SCENE_NEEDS), () => {
  let scene: NetworkScene<object>
  let document: ExposureDocument

  beforeAll(async () => {
    scene = await startScene('firewall')
    document = await scene.json<ExposureDocument>('mynetstat', ['--exposure', '--json'])
  }, 30_000)
  afterAll(() => scene?.stop())

  const paths = (protocol: string, port: number): ExposedPathJson[] =>
    document.listeners.filter(each => each.protocol === protocol && each.localPort === port).flatMap(each => each.paths)
  const at = (address: string, all: readonly ExposedPathJson[]) =>
    all.find(({ addresses }) => addresses.includes(address))?.firewall

  test('80 is accepted: the client gets in', async () => {
    expect(at(HOST, paths('tcp', 80))).toMatchObject({
      answer: 'accepted',
      because: [{ text: 'tcp dport @allowed accept' }],
    })
    expect(await scene.connect(HOST, 80)).toEqual({ answer: '80' })
  })

  test('81 is dropped: the client waits in vain', async () => {
    expect(at(HOST, paths('tcp', 81))).toMatchObject({ answer: 'dropped', because: [{ text: 'policy drop' }] })
    expect((await scene.connect(HOST, 81)).error).toContain('timed out')
  })

  test('82 depends on who asks: one address of the client gets in, the other not', async () => {
    expect(at(HOST, paths('tcp', 82))).toMatchObject({
      answer: 'depends',
      because: [{ text: 'ip saddr 10.0.0.0/8 tcp dport 82 accept', perhaps: true }, { text: 'policy drop' }],
    })
    expect((await scene.connect(HOST, 82)).error).toContain('timed out')
    expect(await scene.connect(HOST, 82, { from: NAMED })).toEqual({ answer: '82' })
  })

  test('83 listens on loopback: no firewall is asked', async () => {
    expect(paths('tcp', 83)).toEqual([{ family: 4, scope: 'loopback', addresses: ['127.0.0.1'] }])
    expect((await scene.connect(HOST, 83)).error).toBeDefined()
  })

  test('443 listens on :: and takes both families', async () => {
    const found = paths('tcp6', 443)
    expect([at(HOST, found)?.answer, at(HOST6, found)?.answer]).toEqual(['accepted', 'accepted'])
    expect(await scene.connect(HOST, 443)).toEqual({ answer: 'both' })
    expect(await scene.connect(HOST6, 443)).toEqual({ answer: 'both' })
  })

  test('84 of IPv6 is dropped', async () => {
    expect(at(HOST6, paths('tcp6', 84))?.answer).toBe('dropped')
    expect((await scene.connect(HOST6, 84)).error).toContain('timed out')
  })

  test('datagrams: 53 is accepted, 54 dropped', async () => {
    expect([at(HOST, paths('udp', 53))?.answer, at(HOST, paths('udp', 54))?.answer]).toEqual(['accepted', 'dropped'])
    expect(await scene.connect(HOST, 53, { udp: true })).toEqual({ answer: '53' })
    expect((await scene.connect(HOST, 54, { udp: true })).error).toContain('timed out')
  })

  test('8080 is published past the chain input that would drop it: the client gets in', async () => {
    const [found] = document.published
    expect(found).toMatchObject({
      port: { firstPort: 8080, to: { address: '172.18.0.2', port: 80 } },
      passesInput: { verdict: 'drop', text: 'policy drop' },
    })
    expect(at(HOST, found!.paths)?.answer).toBe('accepted')
    expect(document.findings.map(({ code }) => code)).toContain('published-past-input')
    expect(await scene.connect(HOST, 8080)).toEqual({ answer: 'web' })
  })

  test('the document is what its schema says', () => {
    expect(schemaErrors('exposure', document)).toEqual([])
    expect(document.firewallGaps).toEqual([])
  })

  test('without rights nothing is said to be accepted or dropped', async () => {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
    const { stdout, status } = await scene.look('mynetstat', ['--exposure', '-t'], nobody)
    expect(status).toBe(0)
    expect(stdout).toContain('NOT KNOWN  the firewall could not be read (root)')
    expect(stdout).not.toMatch(/\b(?:accepted|dropped)\b/)
  })
})
