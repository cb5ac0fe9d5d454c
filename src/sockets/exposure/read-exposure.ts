import {
  addressNumber,
  holdsAddress,
  interfaceTo,
  isWholeFamily,
  parseAddressRange,
  parseIfInet6,
  parseIpv6Routes,
  parseRoutes,
  readFirewall,
} from '../../firewall/index.ts'
import type { Chain, RouteOut } from '../../firewall/model.ts'
import { optional } from '../../errors.ts'
import { groupBy } from '../../group-by.ts'
import type { Libc } from '../../libc/libc.ts'
import { networkNamespaces } from '../../namespaces/network-namespaces.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Warning } from '../../warnings.ts'
import type { SocketReport } from '../model.ts'
import { localAddresses, Namespaces } from '../published/find-answers.ts'
import { selectSockets, type SocketFilter } from '../filter/socket-filter.ts'
import type { PublishedPort } from '../published/published-port.ts'
import { readPublished } from '../published/read-published.ts'
import { attachPublished } from '../published/rules/attach.ts'
import type { ExposureReport } from './exposure-report.ts'
import { exposedListeners, exposedPublications, type ExposureFacts } from './rules/expose.ts'
import { signaturesOf } from './rules/signatures.ts'
import { exposureFindings } from './rules/findings.ts'

export interface ExposureRequest {
  libc: Libc | undefined
  /** Ports that were asked for; every one where empty. */
  ports: readonly number[]
  filter?: SocketFilter | undefined
}

/** Who can get at the sockets of a report, and at ports that are published, from outside the machine. */
export async function readExposure(
  source: ProcSource,
  { sockets, littleEndian }: SocketReport,
  { libc, ports, filter }: ExposureRequest,
): Promise<ExposureReport & { warnings: readonly Warning[] }> {
  const firewall = await readFirewall(source)
  const { namespaces, warnings } = networkNamespaces(source)
  const published = await readPublished(source, { libc, ports, namespaces })
  const routes = readRoutes(source, littleEndian)
  const signatures = signaturesOf(firewall.chains)
  const outside = outsideInterfaces(routes, new Namespaces(source, namespaces, libc))
  const facts: ExposureFacts = {
    chains: firewall.chains,
    gaps: firewall.gaps,
    routes,
    interfaces: [...groupBy(outside, name => signatures.ofInterface(name)).values()],
    localAddresses: localAddresses(source),
    links: linkLocalInterfaces(source),
    signatures,
  }
  const seen = {
    listeners: exposedListeners(sockets, facts),
    published: exposedPublications(askedPorts(published.ports, ports, filter), facts),
    gaps: firewall.gaps,
  }
  return { ...seen, findings: exposureFindings(seen, firewall.chains.some(isInputFilter)), warnings }
}

/** Ports that others connect to, as the rows that a listing would have of them. */
function askedPorts(
  published: readonly PublishedPort[],
  ports: readonly number[],
  filter: SocketFilter | undefined,
): PublishedPort[] {
  const bare = published.map(port => ({ ...port, inodes: [], original: port }))
  const { without } = attachPublished([], bare, { tables: ['tcp', 'tcp6', 'udp', 'udp6'], listeners: true, ports })
  const rows = filter === undefined ? without : selectSockets(filter, without).sockets
  return rows.map(({ publishing }) => (publishing!.to[0] as (typeof bare)[number]).original)
}

/** A chain that lets everything through and has no rule is no filter. */
function isInputFilter({ base, rules }: Chain): boolean {
  if (base === undefined || !['input', 'prerouting', 'ingress'].includes(base.hook) || base.type === 'nat') return false
  return base.policy === 'drop' || rules.length > 0
}

function readRoutes(source: ProcSource, littleEndian: boolean): RouteOut[] {
  return [
    ...(optional(() => parseRoutes(source.readFile('net/route'), littleEndian)) ?? []),
    ...(optional(() => parseIpv6Routes(source.readFile('net/ipv6_route'))) ?? []),
  ]
}

/** Every interface has routes to these. */
const OF_EVERY_LINK = ['fe80::/10', 'ff00::/8'].map(text => parseAddressRange(text)!)

/**
 * Interfaces that packets from outside come in through: those with routes, but for those that lead to containers of this
 * machine and nowhere else. Ports of a bridge have none of their own.
 */
function outsideInterfaces(routes: readonly RouteOut[], namespaces: Namespaces): string[] {
  const inside = new Set(namespaces.addresses().map(address => innerInterface(routes, address)))
  const names = routes
    .filter(({ range }) => isWholeFamily(range) || !holdsAddress(OF_EVERY_LINK, range.family, range.first))
    .map(({ interfaceName }) => interfaceName)
  const leadsOn = (name: string) => routes.some(route => route.interfaceName === name && isWholeFamily(route.range))
  return [...new Set(names)].filter(name => name !== 'lo' && (!inside.has(name) || leadsOn(name)))
}

/** A route to everywhere leads to no container. */
function innerInterface(routes: readonly RouteOut[], address: string): string | undefined {
  const near = routes.filter(({ range }) => !isWholeFamily(range))
  const found = addressNumber(address)
  return found === undefined || holdsAddress(OF_EVERY_LINK, found.family, found.number)
    ? undefined
    : interfaceTo(near, address)
}

function linkLocalInterfaces(source: ProcSource): Map<string, string[]> {
  const found = optional(() => parseIfInet6(source.readFile('net/if_inet6'))) ?? []
  const links = found.filter(({ address }) => address.startsWith('fe80:'))
  return new Map(
    [...groupBy(links, ({ address }) => address)].map(([address, each]) => [
      address,
      each.map(({ interfaceName }) => interfaceName),
    ]),
  )
}
