import { beforeAll, describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { openSource } from '../../proc/open-source.ts'
import { recordedProc, type RecordedProc } from '../../proc/recorded-proc.ts'
import { createTheme } from '../../terminal/theme.ts'
import { collectSockets } from '../read.ts'
import type { ExposureReport } from './exposure-report.ts'
import { readExposure } from './read-exposure.ts'
import { exposureDocument } from './show/exposure-document.ts'
import { exposureText } from './show/exposure-text.ts'

/** A host whose firewall accepts 80 and 443, drops all else but 82 from 10.0.0.0/8, and publishes 8080 to a container. */
const SCENE = fixture('firewall/firewall.snap.json')

let source: RecordedProc

async function exposure(of: RecordedProc, ports: number[] = []) {
  const sockets = collectSockets(of, {
    tables: ['tcp', 'tcp6', 'udp', 'udp6'],
    selection: { all: false, listening: true, ports },
    owners: 'name',
  })
  return readExposure(of, sockets, { libc: undefined, ports })
}

/** The recording without what `isLost` names, and refused what `errors` says. */
function without(isLost: (path: string) => boolean, errors: Record<string, string> = {}): RecordedProc {
  const files = new Map([...source.entries.files].filter(([path]) => !isLost(path)))
  return recordedProc('snapshot', 'test', source.meta, {
    ...source.entries,
    files,
    errors: new Map(Object.entries(errors)),
  })
}

const text = (report: ExposureReport, width = Infinity) =>
  [...exposureText(report, true, createTheme(false), { color: false, width })].join('')
const answers = ({ listeners, published }: ExposureReport) =>
  [
    ...listeners.map(({ table, port, paths }) => ({ name: `${table} ${port}`, paths })),
    ...published.map(({ port, paths }) => ({ name: `to ${port.to.address}`, paths })),
  ].map(
    ({ name, paths }) =>
      `${name} ${[...new Set(paths.map(({ firewall }) => firewall?.answer ?? 'loopback'))].join(',')}`,
  )

beforeAll(async () => {
  source = (await openSource(SCENE, undefined)) as RecordedProc
})

describe('a recorded host with a firewall', () => {
  test('who can get at what, and what follows', async () => {
    expect(text(await exposure(source))).toMatchInlineSnapshot(`
      "Who can get at what listens here, from outside this machine
      Proto Local Address          PID/Program name Reached by                                                    Firewall Because
      tcp   0.0.0.0:81             29/app           public 192.0.2.1, private 172.18.0.1                          dropped  policy drop of inet fw input
      tcp   0.0.0.0:80             28/app           public 192.0.2.1, private 172.18.0.1                          accepted tcp dport @allowed accept
      tcp   0.0.0.0:82             30/app           public 192.0.2.1, private 172.18.0.1                          depends  ip saddr 10.0.0.0/8 tcp dport 82 accept, else policy drop of inet fw input
      tcp   127.0.0.1:83           31/redis         loopback 127.0.0.1                                            -
      tcp6  *:443                  33/httpd         public 2001:db8::1, 192.0.2.1, private 172.18.0.1, link-local accepted tcp dport @allowed accept
      tcp6  [2001:db8::1]:84       32/app           public 2001:db8::1                                            dropped  policy drop of inet fw input
      udp   0.0.0.0:53             34/dnsmasq       public 192.0.2.1, private 172.18.0.1                          accepted udp dport 53 accept
      udp   0.0.0.0:54             35/dnsmasq       public 192.0.2.1, private 172.18.0.1                          dropped  policy drop of inet fw input
      tcp   *:8080 → 172.18.0.2:80 27/nginx         public 192.0.2.1, private 172.18.0.1                          accepted oifname br0 ip daddr 172.18.0.2 tcp dport 80 accept

      WATCH  tcp *:8080 goes to 172.18.0.2:80, nginx pid 27 in web before the chain input is asked, which would drop it
        published by nft, a flow seen: fib daddr type local tcp dport 8080 dnat to 172.18.0.2:80
        the chain input: inet fw input: policy drop
        on its way: inet fw forward handle 12: oifname br0 ip daddr 172.18.0.2 tcp dport 80 accept
        do   publish it on one address only, as 127.0.0.1:8080
        do   filter in the hook forward; of Docker in the chain DOCKER-USER
        not  a rule of ufw or of the chain input: packets to a published port do not come by it

      INFO  3 listeners are accepted on a public address from any source
        tcp 0.0.0.0:80 (app pid 28)
        tcp6 *:443 (httpd pid 33)
        udp 0.0.0.0:53 (dnsmasq pid 34)

      INFO  1 listener is accepted or dropped depending on what the rules ask
        tcp 0.0.0.0:82 (app pid 30): inet fw input handle 9: ip saddr 10.0.0.0/8 tcp dport 82 accept, else inet fw input: policy drop

      INFO  1 listener is bound to loopback, where nothing from outside gets
        tcp 127.0.0.1:83 (redis pid 31)
      "
    `)
  })

  test('one port alone, published or not', async () => {
    expect(answers(await exposure(source, [82]))).toEqual(['tcp 82 depends,loopback'])
    expect(answers(await exposure(source, [8080]))).toEqual(['to 172.18.0.2 accepted'])
  })

  test('refused: nothing is accepted, nothing dropped', async () => {
    const report = await exposure(without(path => path.startsWith('tool/'), { 'tool/nft.json': 'EPERM' }))
    expect(new Set(answers(report).flatMap(line => line.split(' ').at(-1)!.split(',')))).toEqual(
      new Set(['unknown', 'loopback']),
    )
    expect(report.findings[0]).toMatchObject({
      code: 'firewall-unread',
      severity: 'unknown',
      finding: 'the firewall could not be read (root)',
    })
    expect(report.findings.map(({ code }) => code)).not.toContain('no-input-filter')
  })

  test('without addresses of its own the family is told, and the rules still answer', async () => {
    const report = await exposure(
      without(path => /^net\/(?:fib_trie|if_inet6)$/.test(path)),
      [80],
    )
    expect(text(report)).toContain('IPv4, addresses not known accepted')
  })

  test('the document holds the same', async () => {
    const report = await exposure(source)
    const { lists, facts } = exposureDocument({ host: 'web1', takenAt: undefined, source: 'x' }, report, {})
    const listeners = [...lists!.listeners]
    expect(listeners.find(({ localPort }) => localPort === 82)).toMatchObject({
      protocol: 'tcp',
      localAddress: '0.0.0.0',
      owners: [{ program: 'app' }],
      paths: [
        {
          family: 4,
          scope: 'public',
          addresses: ['192.0.2.1'],
          firewall: {
            answer: 'depends',
            because: [
              { verdict: 'accept', text: 'ip saddr 10.0.0.0/8 tcp dport 82 accept', perhaps: true },
              { verdict: 'drop', text: 'policy drop' },
            ],
          },
        },
        { scope: 'private' },
        { scope: 'loopback' },
      ],
    })
    expect(facts).toMatchObject({
      firewallGaps: [],
      published: [{ port: { firstPort: 8080 }, passesInput: { verdict: 'drop', text: 'policy drop' } }],
      findings: [
        { code: 'published-past-input' },
        { code: 'open-to-all' },
        { code: 'open-to-some' },
        { code: 'loopback-only' },
      ],
    })
  })

  test.each([40, 80, 120])('fits %i columns', async width => {
    const lines = text(await exposure(source), width)
      .trimEnd()
      .split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
    expect(lines.join('\n')).toContain('accepted')
  })
})

test('never is anything called safe', async () => {
  expect(text(await exposure(source))).not.toMatch(/\b(?:safe|secure|protected)\b/i)
})
