import { publishedByRules, readConntrack, readFirewall } from '../../firewall/index.ts'
import type { Libc } from '../../libc/libc.ts'
import type { NetworkNamespace } from '../../namespaces/model.ts'
import { networkNamespaces } from '../../namespaces/network-namespaces.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { OwnerNames } from '../../processes/owner-names.ts'
import { scanOwners } from '../../processes/socket-owners.ts'
import type { Owner } from '../../processes/owner.ts'
import { byteOrderOf } from '../tables/guess-endianness.ts'
import { readSocketTables } from '../tables/read-tables.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { findAnswers, isWaiting, localAddresses, Namespaces } from './find-answers.ts'
import type { PublishedPort, PublishedReport } from './published-port.ts'
import { isPublishedAt } from './rules/attach.ts'
import { publishedPorts, type HostListener } from './rules/published-ports.ts'

export interface PublishedRequest {
  /** Namespaces that were found before. */
  namespaces?: readonly NetworkNamespace[] | undefined
  libc?: Libc | undefined
  /** Sockets of this machine that wait for others, where they were read before, with their owners. */
  listeners?: readonly HostListener[] | undefined
  /** Only what others connect to at one of these ports, or what answers there; everything where absent or empty. */
  ports?: readonly number[] | undefined
}

/**
 * Which ports of this machine lead elsewhere, and who answers there: processes that forward by their arguments, rules of
 * the firewall that change the destination, flows that took such a way; then the namespace that has the address, the
 * listener there, its owners. No runtime of containers is asked.
 */
export async function readPublished(source: ProcSource, request: PublishedRequest = {}): Promise<PublishedReport> {
  const listeners = request.listeners ?? hostListeners(source)
  const [firewall, conntrack] = [await readFirewall(source), await readConntrack(source)]
  const ports = publishedPorts({
    listeners,
    rules: publishedByRules(firewall.chains),
    flows: conntrack.flows,
    localAddresses: localAddresses(source),
  }).filter(port => concerns(port, request.ports ?? []))
  const found = request.namespaces === undefined && ports.length > 0 ? networkNamespaces(source) : undefined
  const rows = findAnswers(ports, new Namespaces(source, found?.namespaces ?? request.namespaces ?? [], request.libc))
  const ownersOf = ownerSearch(source, new Set(rows.map(({ row }) => row.inode)), 'full')
  for (const { answer, row } of rows) answer.listener!.owners = ownersOf(row.inode)
  return {
    ports: ports.map(({ into: _into, ...port }) => port),
    gaps: firewall.gaps,
    warnings: found?.warnings ?? [],
  }
}

function concerns({ ports, to }: PublishedPort, asked: readonly number[]): boolean {
  return asked.length === 0 || isPublishedAt(ports, asked) || (to.port !== undefined && asked.includes(to.port))
}

/** Sockets of this machine that wait for others, with who holds them. */
function hostListeners(source: ProcSource): HostListener[] {
  const { littleEndian } = byteOrderOf(source)
  const { rows } = readSocketTables(source, {
    tables: ['tcp', 'tcp6', 'udp', 'udp6'],
    littleEndian,
    listenersOnly: true,
    skipDetails: true,
  })
  const waiting = rows.filter(isInetRow).filter(isWaiting)
  const ownersOf = ownerSearch(source, new Set(waiting.map(row => row.inode)), 'name')
  return waiting.map(row => ({ row, owners: ownersOf(row.inode) }))
}

/** Looks for the owners of these sockets. */
function ownerSearch(
  source: ProcSource,
  inodes: ReadonlySet<string>,
  level: 'name' | 'full',
): (inode: string) => readonly Owner[] {
  if (inodes.size === 0) return () => []
  const names = new OwnerNames(source, scanOwners(source, inodes), level)
  return inode => names.of(inode)
}
