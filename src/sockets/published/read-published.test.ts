import { beforeAll, describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { openSource } from '../../proc/open-source.ts'
import { recordedProc, type RecordedProc } from '../../proc/recorded-proc.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { PublishedReport } from './published-port.ts'
import { readPublished } from './read-published.ts'
import { publishedDocument } from './show/published-document.ts'
import { publishedTable } from './show/published-table.ts'

/** A host with two containers, recorded with all that publishes their ports. */
const SCENE = fixture('firewall/published.snap.json')

let source: RecordedProc
let report: PublishedReport

beforeAll(async () => {
  source = (await openSource(SCENE, undefined)) as RecordedProc
  report = await readPublished(source)
})

const table = (ports: PublishedReport['ports'], width = Infinity) =>
  [...publishedTable(ports, true, createTheme(false), { color: false, width })].join('')

/** The recording without what `isLost` names. */
function without(isLost: (path: string) => boolean): RecordedProc {
  const files = new Map([...source.entries.files].filter(([path]) => !isLost(path)))
  return recordedProc('snapshot', 'test', source.meta, { ...source.entries, files })
}

describe('a recorded host', () => {
  test('every way of publishing, each with who answers', () => {
    expect(table(report.ports)).toMatchInlineSnapshot(`
      "Ports of this machine that lead elsewhere
      Proto Published By                  Leads to
      tcp   *:2222    nft                 port 22, sshd pid 37
      tcp   *:4444    nft                 172.18.0.2:4444, nobody listening on it in web
      udp   *:5353    nft                 172.18.0.3:53, dnsmasq pid 36 in db
      tcp   *:7070    docker-proxy pid 42 172.18.0.2:80, nginx pid 39 (pid 1 inside) in web
      tcp   *:8080    nft, a flow seen    172.18.0.2:80, nginx pid 39 (pid 1 inside) in web
      tcp   *:9090    iptables-nft        172.18.0.2:80, nginx pid 39 (pid 1 inside) in web
      tcp   *:9091    iptables-legacy     172.18.0.2:80, nginx pid 39 (pid 1 inside) in web
      tcp   *:15432   nft                 172.18.0.3:5432, postgres pid 35 in db
      "
    `)
    expect([report.gaps, report.warnings]).toEqual([[], []])
  })

  test('the document holds the same', () => {
    const { facts, lists } = publishedDocument({ host: 'docker1', takenAt: undefined, source: 'x' }, report)
    const ports = [...lists!.ports]
    expect(facts).toEqual({ firewallGaps: [] })
    expect(ports.find(({ firstPort }) => firstPort === 7070)).toMatchObject({
      protocol: 'tcp',
      lastPort: 7070,
      evidence: [{ kind: 'proxy', by: 'docker-proxy' }],
      to: { address: '172.18.0.2', port: 80 },
      answers: [{ label: 'web', listener: { port: 80, owners: [{ program: 'nginx', pidInside: 1 }] } }],
    })
    expect(JSON.parse(JSON.stringify(ports)).map((port: { answers: unknown[] }) => port.answers.length)).toEqual(
      Array.from({ length: 8 }, () => 1),
    )
  })

  test('one port alone', async () => {
    const { ports } = await readPublished(source, { ports: [8080] })
    expect(ports.map(port => port.ports)).toEqual([[8080, 8080]])
    // What answers at a port counts, too.
    const answering = await readPublished(source, { ports: [5432] })
    expect(answering.ports.map(port => port.ports)).toEqual([[15_432, 15_432]])
  })

  test('without rules what proxies and flows tell is left, and what is missing is said', async () => {
    const { ports, gaps } = await readPublished(without(path => path.startsWith('tool/')))
    expect(ports.map(port => [port.ports?.[0], port.evidence[0]!.kind])).toEqual([
      [7070, 'proxy'],
      [8080, 'flow'],
    ])
    expect(gaps.map(({ reason }) => reason)).toContain('not-recorded')
  })

  test('without the addresses of namespaces it is not known who answers', async () => {
    const { ports } = await readPublished(without(path => path.endsWith('fib_trie')))
    const proxied = ports.find(port => port.ports?.[0] === 7070)!
    expect(proxied.answers).toEqual([])
  })
})

describe('the table', () => {
  test.each([40, 80, 120])('fits %i columns', width => {
    const lines = table(report.ports, width).trimEnd().split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
    expect(lines.join('\n')).toContain('8080')
  })

  test('nothing is said as nothing', () => {
    expect(table([])).toBe('no published port found\n')
  })
})
