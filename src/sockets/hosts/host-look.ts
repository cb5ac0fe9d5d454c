import { parseFibTrie, parseIfInet6, readConntrack } from '../../firewall/index.ts'
import { isLoopbackIp, isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Warning } from '../../warnings.ts'
import { withDumps } from '../diag/with-dumps.ts'
import type { Socket, SocketReport } from '../model.ts'
import { everyNamespace } from '../namespaces.ts'
import type { TranslatedFlow } from '../peers/rules/inet-peers.ts'
import { translatedFlows } from '../peers/translated-flows.ts'
import type { SocketRequest } from '../plan.ts'
import { collectSockets } from '../read.ts'
import { isInetRow } from '../tables/socket-row.ts'

/** What was read of one host. */
export interface HostLook {
  /** As it was named to us. */
  host: string
  source: ProcSource
  /** What was asked for. */
  report: SocketReport
  /** Every socket of an internet protocol in every namespace: where other ends are looked for. */
  all: readonly Socket[]
  /** `net:[N]` in which the sockets are that name no namespace. */
  own: string
  flows: readonly TranslatedFlow[]
  /** Addresses of its own, in any namespace; loopback left out. */
  addresses: ReadonlySet<string>
  warnings: Warning[]
}

/** Tables in which ends of connections stand. */
const WITH_ENDS = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6'] as const

/** Reads what was asked for of a host, and all that may be an end of it. */
export async function lookAtHost(
  host: string,
  opened: ProcSource,
  request: SocketRequest,
  allNamespaces: boolean,
): Promise<HostLook> {
  const source = await withDumps(opened)
  const readAll = await everyNamespace(source, false)
  const asked = allNamespaces ? readAll(request) : { report: collectSockets(source, request), warnings: [] }
  const { report } = readAll({
    tables: WITH_ENDS,
    selection: { all: true, listening: false, ports: [] },
    owners: 'name',
    facts: undefined,
    skipDetails: true,
    skipReferences: true,
  })
  const namespaces = report.namespaces ?? []
  return {
    host,
    source,
    report: asked.report,
    all: report.sockets,
    own: source.meta.netns ?? namespaces.find(({ isOwn }) => isOwn)?.name ?? 'net:[0]',
    addresses: addressesOf(source, report.sockets),
    flows: await flowsOf(
      source,
      namespaces.flatMap(({ folders }) => folders.slice(0, 1)),
    ),
    warnings: asked.warnings,
  }
}

/** Of every namespace: translation happens in the one that routes. What cannot be read translates nothing that is known. */
async function flowsOf(source: ProcSource, folders: readonly string[]): Promise<TranslatedFlow[]> {
  const flows: TranslatedFlow[] = []
  for (const folder of folders) {
    const read = await readConntrack(source, folder === '' ? 'net' : `${folder}/net`)
    flows.push(...translatedFlows(read.flows))
  }
  return flows
}

/** Those of its interfaces, and those that its sockets have, which may be of other namespaces. */
function addressesOf(source: ProcSource, sockets: readonly Socket[]): ReadonlySet<string> {
  const fib = optional(() => parseFibTrie(source.readFile('net/fib_trie')).addresses) ?? []
  const inet6 = optional(() => parseIfInet6(source.readFile('net/if_inet6')).map(({ address }) => address)) ?? []
  const used = sockets.flatMap(({ row }) => (isInetRow(row) ? [unmapIp(row.localAddress)] : []))
  return new Set([...fib, ...inet6, ...used].filter(address => !isLoopbackIp(address) && !isUnspecifiedIp(address)))
}
