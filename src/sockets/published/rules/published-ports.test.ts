import { describe, expect, test } from 'vitest'
import type { ConntrackFlow, PublishedByRule } from '../../../firewall/model.ts'
import { parseAddressRange } from '../../../firewall/index.ts'
import type { InetRow, InetTable } from '../../tables/inet-row.ts'
import type { PublishedEvidence } from '../published-port.ts'
import { publishedPorts, type HostListener, type Publication, type PublishingFacts } from './published-ports.ts'

const LOCAL = ['127.0.0.1', '192.0.2.1', '172.18.0.1', '::1', '2001:db8::1']

function listener(table: InetTable, address: string, port: number, inode: string, args: string): HostListener {
  const row = { table, localAddress: address, localPort: port, inode } as InetRow
  return { row, owners: [{ process: { pid: Number(inode), args: args.split(' ') }, heldBy: 'fd', fds: [3] }] }
}

const rule = (facts: Partial<PublishedByRule>): PublishedByRule => ({
  tool: 'nft',
  protocol: 'tcp',
  family: 4,
  ports: [[8080, 8080]],
  addresses: undefined,
  to: { address: '172.18.0.2', ports: [80, 80] },
  conditions: [],
  rule: { where: 'here', text: 'dnat' },
  hook: 'prerouting',
  ...facts,
})

const flow = (destination: string, port: number, source: string, sourcePort: number): ConntrackFlow => ({
  protocol: 'tcp',
  state: 'ESTABLISHED',
  original: { source: '192.0.2.99', destination, sourcePort: 4000, destinationPort: port },
  reply: { source, destination: '192.0.2.99', sourcePort, destinationPort: 4000 },
  unreplied: false,
})

const published = (facts: Partial<PublishingFacts>) =>
  publishedPorts({ listeners: [], rules: [], flows: [], localAddresses: LOCAL, ...facts })

const evidence = ({ kind, by, pid }: PublishedEvidence) => `${kind} ${by}${pid === undefined ? '' : ` ${pid}`}`
const line = ({ protocol, address, ports, to, inodes, evidence: all }: Publication) => {
  const target = to.isSelf ? 'self' : (to.path ?? to.address ?? to.unfollowed ?? 'into a namespace')
  const first = `${protocol ?? 'any'} ${address ?? '*'}:${ports?.join('-') ?? '*'} → ${target}:${to.port ?? '?'}`
  return `${first} [${inodes.join(',')}] ${all.map(evidence).join(', ')}`
}
const lines = (facts: Partial<PublishingFacts>) => published(facts).map(line)

const DOCKER = 'docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.18.0.2 -container-port 80'

describe('one port', () => {
  test('with proxies of both families, a rule and flows is one, the strongest evidence first', () => {
    expect(
      lines({
        listeners: [listener('tcp', '0.0.0.0', 8080, '11', DOCKER), listener('tcp6', '::', 8080, '12', DOCKER)],
        rules: [rule({}), rule({ hook: 'output' })],
        flows: [flow('192.0.2.1', 8080, '172.18.0.2', 80), flow('192.0.2.1', 8080, '172.18.0.2', 80)],
      }),
    ).toEqual([
      'tcp *:8080-8080 → 172.18.0.2:80 [11,12] proxy docker-proxy 11, proxy docker-proxy 12, rule nft, flow conntrack',
    ])
  })

  test('of two targets is two', () => {
    expect(lines({ rules: [rule({}), rule({ to: { address: '172.18.0.3', ports: [80, 80] } })] })).toHaveLength(2)
  })

  test('a socket that listens where a rule takes the connections belongs to it', () => {
    const listeners = [
      listener('tcp', '0.0.0.0', 8080, '1', 'nginx-not'),
      listener('tcp6', '::', 8080, '2', 'x'),
      listener('tcp6', '2001:db8::1', 8080, '3', 'x'),
      listener('udp', '0.0.0.0', 8080, '4', 'x'),
      listener('tcp', '0.0.0.0', 8081, '5', 'x'),
    ]
    expect(lines({ listeners, rules: [rule({})] })).toEqual(['tcp *:8080-8080 → 172.18.0.2:80 [1,2] rule nft'])
  })
})

describe('rules', () => {
  test.each<[string, Partial<PublishedByRule>, string[]]>([
    [
      'a range',
      { ports: [[8000, 8010]], to: { address: '172.18.0.2', ports: [80, 90] } },
      ['tcp *:8000-8010 → 172.18.0.2:80 [] rule nft'],
    ],
    [
      'without a port of its own',
      { to: { address: '172.18.0.2', ports: undefined } },
      ['tcp *:8080-8080 → 172.18.0.2:8080 [] rule nft'],
    ],
    [
      'of every port',
      { ports: undefined, protocol: undefined, to: { address: '10.9.9.9', ports: undefined } },
      ['any *:* → 10.9.9.9:? [] rule nft'],
    ],
    ['to this machine', { to: { address: 'self', ports: [81, 81] } }, ['tcp *:8080-8080 → self:81 [] rule nft']],
    [
      'of one address',
      { addresses: [parseAddressRange('192.0.2.1')!] },
      ['tcp 192.0.2.1:8080-8080 → 172.18.0.2:80 [] rule nft'],
    ],
    ['of an address that is not of this machine', { addresses: [parseAddressRange('10.96.0.1')!] }, []],
    [
      'two ports',
      {
        ports: [
          [80, 80],
          [443, 443],
        ],
      },
      ['tcp *:80-80 → 172.18.0.2:80 [] rule nft', 'tcp *:443-443 → 172.18.0.2:80 [] rule nft'],
    ],
  ])('%s', (_, facts, expected) => {
    expect(lines({ rules: [rule(facts)] })).toEqual(expected)
  })

  test('conditions of a rule are kept', () => {
    const [port] = published({ rules: [rule({ conditions: ['through eth0'] })] })
    expect(port!.evidence[0]!.only).toEqual(['through eth0'])
  })

  test('a rule that does not tell where to leads where flows went', () => {
    const hidden = rule({ tool: 'iptables-nft', to: { address: undefined, ports: undefined } })
    expect(lines({ rules: [hidden], flows: [flow('192.0.2.1', 8080, '172.18.0.2', 80)] })).toEqual([
      'tcp *:8080-8080 → 172.18.0.2:80 [] rule iptables-nft, flow conntrack',
    ])
    expect(lines({ rules: [hidden] })).toEqual([
      'tcp *:8080-8080 → the rule does not tell where to: iptables-save does:? [] rule iptables-nft',
    ])
  })
})

describe('flows', () => {
  test.each<[string, ConntrackFlow, string[]]>([
    ['to a container', flow('192.0.2.1', 80, '172.18.0.2', 8080), ['tcp *:80-80 → 172.18.0.2:8080 [] flow conntrack']],
    [
      'to another port of this machine',
      flow('192.0.2.1', 80, '192.0.2.1', 8080),
      ['tcp *:80-80 → self:8080 [] flow conntrack'],
    ],
    ['unchanged', flow('192.0.2.1', 80, '192.0.2.1', 80), []],
    ['through this machine', flow('10.0.0.9', 80, '10.0.0.8', 80), []],
  ])('%s', (_, one, expected) => {
    expect(lines({ flows: [one] })).toEqual(expected)
  })
})

describe('proxies', () => {
  test.each<[string, string, string[]]>([
    ['socat', 'socat TCP-LISTEN:8080 TCP:10.0.0.1:80', ['tcp *:8080-8080 → 10.0.0.1:80 [7] proxy socat 7']],
    [
      'haproxy',
      'haproxy',
      ['tcp *:8080-8080 → proxy: cannot be followed, see its connections:? [7] arguments haproxy 7'],
    ],
    ['rootlessport', 'rootlessport', ['tcp *:8080-8080 → into a namespace:? [7] arguments rootlessport 7']],
    ['slirp4netns', 'slirp4netns 99 tap0', ['tcp *:8080-8080 → into a namespace:? [7] arguments slirp4netns 7']],
    ['pasta', 'pasta -t 8080:80 99', ['tcp *:8080-8080 → into a namespace:80 [7] proxy pasta 7']],
    ['a unix socket', 'systemd-socket-proxyd /run/x', ['tcp *:8080-8080 → /run/x:? [7] proxy systemd-socket-proxyd 7']],
    ['ssh', 'ssh -L 8080:db:5432 bastion', ['tcp *:8080-8080 → db:5432 [7] proxy ssh -L 7']],
    ['a server', 'python3 -m http.server', []],
  ])('%s', (_, args, expected) => {
    expect(lines({ listeners: [listener('tcp', '0.0.0.0', 8080, '7', args)] })).toEqual(expected)
  })

  test('forwarders of two namespaces are two', () => {
    const listeners = [
      listener('tcp', '127.0.0.1', 8080, '7', 'rootlessport'),
      listener('tcp', '127.0.0.2', 8080, '8', 'rootlessport'),
    ]
    expect(lines({ listeners })).toHaveLength(2)
  })
})
