import { addressNumber } from '../../../firewall/index.ts'
import { groupBy } from '../../../group-by.ts'
import type { Socket } from '../../model.ts'
import type { PublishedPort } from '../../published/published-port.ts'
import type { InetRow } from '../../tables/inet-row.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { ExposedListener, ExposedPath, ExposedPublication, FirewallOpinion } from '../exposure-report.ts'
import {
  inputVerdict,
  opinionOfListener,
  opinionOfPublished,
  quoted,
  type AskedPort,
  type FirewallFacts,
} from './opinion.ts'
import { reachOf, type Reach } from './reach.ts'
import type { Signatures } from './signatures.ts'

/** What is known of the machine beside its sockets. */
export interface ExposureFacts extends FirewallFacts {
  /** Own IPv6 link-local address → interfaces that have it. */
  links: ReadonlyMap<string, readonly string[]>
  signatures: Signatures
}

/** Who can get at each socket that waits for others; sockets that share address and port are one line. */
export function exposedListeners(sockets: readonly Socket[], facts: ExposureFacts): ExposedListener[] {
  const waiting = sockets.flatMap(socket => (isInetRow(socket.row) ? [{ ...socket, row: socket.row }] : []))
  const shared = groupBy(waiting, ({ row }) => `${row.table} ${row.localAddress} ${row.localPort}`)
  return [...shared.values()].map(group => {
    const [{ row, dualStack }] = group as [(typeof group)[number]]
    const takesIpv4 = row.localAddress === '::' ? dualStack?.dual : undefined
    return {
      table: row.table,
      inode: row.inode,
      address: row.localAddress,
      port: row.localPort,
      takesIpv4,
      owners: group.flatMap(({ owners }) => owners ?? []),
      paths: reachOf(row.localAddress, takesIpv4, facts.localAddresses).flatMap(reach => pathsOf(row, reach, facts)),
    }
  })
}

const protocolOf = ({ table }: Pick<InetRow, 'table'>) => table.replace(/6$/, '')

function pathsOf(row: InetRow, reach: Reach, facts: ExposureFacts): ExposedPath[] {
  if (reach.scope === 'loopback') return [{ ...reach, firewall: undefined }]
  const protocol = protocolOf(row)
  return byOpinion(reach, facts, asked => opinionOfListener(facts, asked), { protocol, port: row.localPort })
}

/** Asks for every address, and joins those with one answer. */
function byOpinion(
  reach: Reach,
  { links, signatures }: ExposureFacts,
  opinionOf: (asked: AskedPort) => FirewallOpinion,
  { protocol, port }: Pick<AskedPort, 'protocol' | 'port'>,
): ExposedPath[] {
  const { family, addresses } = reach
  const ask = (address: string | undefined) =>
    opinionOf({ family, protocol, address, port, interfaces: address === undefined ? undefined : links.get(address) })
  if (addresses.length === 0) return [{ ...reach, firewall: ask(undefined) }]
  // What no rule tells apart is asked about once.
  const alike = groupBy(addresses, address => JSON.stringify([signatures.ofAddress(address), links.get(address)]))
  const asked = [...alike.values()].map(group => ({ group, firewall: ask(group[0]) }))
  return [...groupBy(asked, ({ firewall }) => JSON.stringify(firewall)).values()].map(same => ({
    ...reach,
    addresses: same.flatMap(({ group }) => group),
    firewall: same[0]!.firewall,
  }))
}

/** Who can get at each port that a rule publishes. Those of proxies are listeners of their own. */
export function exposedPublications(ports: readonly PublishedPort[], facts: ExposureFacts): ExposedPublication[] {
  return ports.flatMap((port): ExposedPublication[] => {
    const { to, ports: range, protocol, address, family } = port
    const isByRule = port.evidence.some(({ kind }) => kind === 'rule' || kind === 'flow')
    if (!isByRule || range === undefined || protocol === undefined) return []
    const bound = address ?? (family === 6 ? '::' : '0.0.0.0')
    const reaches = reachOf(bound, true, facts.localAddresses).filter(({ scope }) => scope !== 'loopback')
    const paths = reaches.flatMap(reach =>
      byOpinion(reach, facts, asked => opinionOfPublished(facts, asked, to), { protocol, port: range[0] }),
    )
    return [{ port, paths, passesInput: to.isSelf ? undefined : stoppedByInput(paths, protocol, range[0], facts) }]
  })
}

/** The rule by which the chain input would stop what gets through to where the port leads. */
function stoppedByInput(paths: readonly ExposedPath[], protocol: string, port: number, facts: FirewallFacts) {
  for (const { family, addresses, firewall } of paths) {
    if (firewall === undefined || firewall.answer === 'dropped' || firewall.answer === 'unknown') continue
    const address = addresses.find(each => addressNumber(each) !== undefined)
    const { answer, because } = inputVerdict(facts, { family, protocol, address, port })
    if (answer === 'dropped' && because[0] !== undefined) return quoted(because[0])
  }
  return undefined
}
