import type { ConntrackFlow, PortRange, PublishedByRule } from '../../../firewall/model.ts'
import { addressNumber, holdsAddress, isDestinationTranslated } from '../../../firewall/index.ts'
import { isUnspecifiedIp, unmapIp } from '../../../kernel/ip-address.ts'
import { programName } from '../../../processes/process-facts.ts'
import type { Owner } from '../../../processes/owner.ts'
import type { InetRow } from '../../tables/inet-row.ts'
import { EVIDENCE_KINDS, type PublishedEvidence, type PublishedPort, type PublishedTo } from '../published-port.ts'
import { forwardingOf, type Forwarding, type ListensAt } from './forwarder.ts'

/** A socket of this machine that waits for others, and who holds it. */
export interface HostListener {
  row: InetRow
  owners: readonly Owner[]
}

/** A published port before it is known who answers, with the namespace that a forwarder named. */
export interface Publication extends PublishedPort {
  into?: { owner: number; forwarding: Extract<Forwarding, { kind: 'namespace' | 'child' }> } | undefined
}

/** What publishes ports of a machine. */
export interface PublishingFacts {
  listeners: readonly HostListener[]
  rules: readonly PublishedByRule[]
  flows: readonly ConntrackFlow[]
  /** Addresses of this machine; empty where they are not known. */
  localAddresses: readonly string[]
}

/** Every published port, each once with all that speaks for it: proxies by their arguments, rules, flows that were seen. */
export function publishedPorts(facts: PublishingFacts): Publication[] {
  const found = [...ofProxies(facts), ...ofRules(facts), ...ofFlows(facts)]
  const merged = new Map<string, Publication>()
  for (const one of found) {
    const key = identityOf(one)
    const known = merged.get(key)
    if (known === undefined) merged.set(key, one)
    else join(known, one)
  }
  const ports = tellTargets([...merged.values()])
  for (const port of ports) {
    port.evidence.sort((a, b) => EVIDENCE_KINDS.indexOf(a.kind) - EVIDENCE_KINDS.indexOf(b.kind))
    addListeners(port, facts.listeners)
  }
  return ports.sort(byPort)
}

const byPort = (a: Publication, b: Publication) => (a.ports?.[0] ?? -1) - (b.ports?.[0] ?? -1)

function identityOf({ protocol, ports, to, into, address }: Publication): string {
  return JSON.stringify([protocol, ports, to, into?.owner, into && address])
}

function join(known: Publication, other: Publication): void {
  for (const inode of other.inodes) if (!known.inodes.includes(inode)) known.inodes.push(inode)
  for (const evidence of other.evidence) {
    const isKnown = known.evidence.some(
      ({ by, pid, where }) => by === evidence.by && pid === evidence.pid && where === evidence.where,
    )
    if (!isKnown) known.evidence.push(evidence)
  }
  if (known.family !== other.family) known.family = undefined
  if (known.address !== other.address) known.address = undefined
}

/** A rule of iptables that nft shows without its target leads where flows to the same port were seen to go. */
function tellTargets(ports: Publication[]): Publication[] {
  return ports.filter(port => {
    if (port.to.unfollowed !== UNTOLD) return true
    const told = ports.filter(other => other !== port && other.to.address !== undefined && isSamePort(other, port))
    for (const other of told) join(other, port)
    return told.length === 0
  })
}

const isSamePort = (a: Publication, b: Publication) =>
  a.protocol === b.protocol && a.ports?.[0] === b.ports?.[0] && a.ports?.[1] === b.ports?.[1]

const UNTOLD = 'the rule does not tell where to: iptables-save does'

/** Sockets that listen where a rule takes the connections, too. */
function addListeners(port: Publication, listeners: readonly HostListener[]): void {
  const { ports, protocol, family } = port
  if (ports === undefined) return
  for (const { row } of listeners) {
    if (protocolOf(row) !== protocol || row.localPort < ports[0] || row.localPort > ports[1]) continue
    if (!mayTake(row, family, port.address) || port.inodes.includes(row.inode)) continue
    port.inodes.push(row.inode)
  }
}

/** The listener would get what is published, were there no rule. A listener on `::` mostly takes IPv4, too. */
function mayTake({ localAddress }: InetRow, family: 4 | 6 | undefined, address: string | undefined): boolean {
  const own = unmapIp(localAddress)
  if (isUnspecifiedIp(own)) return family !== 6 || own === '::'
  return address === undefined ? family === undefined || (family === 6) === own.includes(':') : own === address
}

const protocolOf = ({ table }: InetRow): ListensAt['protocol'] => (table.startsWith('tcp') ? 'tcp' : 'udp')

function ofProxies({ listeners }: PublishingFacts): Publication[] {
  return listeners.flatMap(({ row, owners }) =>
    owners.flatMap(({ process }) => {
      const at = { protocol: protocolOf(row), port: row.localPort }
      const forwarding = forwardingOf(process.args ?? [], programName(process), at)
      return forwarding === undefined ? [] : [publishedByProxy(row, process.pid, forwarding)]
    }),
  )
}

function publishedByProxy(row: InetRow, pid: number, forwarding: Forwarding): Publication {
  const address = unmapIp(row.localAddress)
  const evidence: PublishedEvidence = { kind: isWhole(forwarding) ? 'proxy' : 'arguments', by: forwarding.program, pid }
  return {
    protocol: protocolOf(row),
    family: address.includes(':') ? (address === '::' ? undefined : 6) : 4,
    address: isUnspecifiedIp(address) ? undefined : address,
    ports: [row.localPort, row.localPort],
    inodes: [row.inode],
    evidence: [evidence],
    to: targetOf(forwarding),
    answers: [],
    ...((forwarding.kind === 'namespace' || forwarding.kind === 'child') && { into: { owner: pid, forwarding } }),
  }
}

/** The arguments tell everything. */
function isWhole(forwarding: Forwarding): boolean {
  if (forwarding.kind === 'address' || forwarding.kind === 'namespace') return forwarding.port !== undefined
  return forwarding.kind === 'unix' || forwarding.kind === 'remote'
}

function targetOf(forwarding: Forwarding): PublishedTo {
  switch (forwarding.kind) {
    case 'address':
      return { address: forwarding.address, port: forwarding.port }
    case 'namespace':
      return { port: forwarding.port }
    case 'child':
      return {}
    case 'remote':
      return forwarding.address.startsWith('/')
        ? { path: forwarding.address, through: forwarding.through ?? 'another machine' }
        : { address: forwarding.address, port: forwarding.port, through: forwarding.through ?? 'another machine' }
    case 'unix':
      return { path: forwarding.path }
    case 'unknown':
      return { unfollowed: 'proxy: cannot be followed, see its connections' }
  }
}

function ofRules({ rules, localAddresses }: PublishingFacts): Publication[] {
  return rules.flatMap(rule => {
    const { addresses, family, to, tool } = rule
    const here = addresses && localAddresses.filter(address => isWithin(addresses, address))
    // An address of a service in a cluster is no address of this machine: nothing is published by it.
    if (here?.length === 0 && localAddresses.length > 0) return []
    const evidence: PublishedEvidence = {
      kind: 'rule',
      by: tool,
      where: rule.rule.where,
      rule: rule.rule.text,
      only: rule.conditions.length === 0 ? undefined : rule.conditions,
    }
    return (rule.ports ?? [undefined]).map((ports): Publication => {
      return {
        protocol: rule.protocol,
        family,
        address: here?.length === 1 ? here[0] : undefined,
        ports,
        inodes: [],
        evidence: [evidence],
        to: translatedTo(to, ports),
        answers: [],
      }
    })
  })
}

function isWithin(ranges: NonNullable<PublishedByRule['addresses']>, address: string): boolean {
  const found = addressNumber(address)
  return found !== undefined && holdsAddress(ranges, found.family, found.number)
}

function translatedTo({ address, ports: behind }: PublishedByRule['to'], ports: PortRange | undefined): PublishedTo {
  const port = behind?.[0] ?? ports?.[0]
  if (address === 'self') return { isSelf: true, port }
  return address === undefined ? { unfollowed: UNTOLD } : { address, port }
}

function ofFlows({ flows, localAddresses }: PublishingFacts): Publication[] {
  const local = new Set(localAddresses)
  return flows.flatMap((flow): Publication[] => {
    const { original, reply, protocol } = flow
    const port = original.destinationPort
    if (port === undefined || !isDestinationTranslated(flow)) return []
    if (local.size > 0 && !local.has(original.destination)) return []
    const isSelf = local.has(reply.source)
    return [
      {
        protocol,
        family: original.destination.includes(':') ? 6 : 4,
        address: undefined,
        ports: [port, port],
        inodes: [],
        evidence: [{ kind: 'flow', by: 'conntrack' }],
        to: isSelf ? { isSelf, port: reply.sourcePort } : { address: reply.source, port: reply.sourcePort },
        answers: [],
      },
    ]
  })
}
