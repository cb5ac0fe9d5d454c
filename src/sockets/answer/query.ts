import { UsageError } from '../../errors.ts'
import { filterRequest, tablesOf, type FilterRequest } from '../filter/filter-request.ts'
import type { TableName } from '../model.ts'
import type { SocketRequest } from '../plan.ts'
import { chosenTables, type TableChoice } from '../rules/selection.ts'

export const SOCKET_PROTOCOLS = ['tcp', 'udp', 'udplite', 'mptcp', 'sctp', 'raw', 'unix', 'packet', 'netlink'] as const

export type SocketProtocol = (typeof SOCKET_PROTOCOLS)[number]

/** What a program asks of sockets. Everything is optional: without it all sockets that netstat knows are meant. */
export interface SocketQuery {
  /** `raw` stands for ping sockets, too. Absent: tcp, udp, udplite, sctp, raw and unix. */
  protocols?: readonly SocketProtocol[] | undefined
  /** Of internet protocols only one version. */
  family?: 'ipv4' | 'ipv6' | undefined
  /** `true`: only those that wait for others; `false`: only the others. Absent: both. */
  listening?: boolean | undefined
  /** Only sockets with one of these as local or remote port; an empty list is any. */
  port?: number | readonly number[] | undefined
  /** A filter in the language of mynetstat, such as `'state close-wait and dport 443'`. */
  filter?: string | undefined
  /** Who holds each socket; `true` where absent. With `false` no process is looked at. */
  owners?: boolean | undefined
  /** The kernel's struct tcp_info of each TCP socket. */
  tcpInfo?: boolean | undefined
  /** The other end of each socket, wherever on this machine it is. */
  peers?: boolean | undefined
  /** In this network namespace: a name of `ip netns`, a pid, a container, a unit, `net:[N]`. */
  netns?: string | undefined
  /** In every network namespace. */
  allNamespaces?: boolean | undefined
  /** Name the sockets that processes hold and no table lists. */
  unlisted?: boolean | undefined
}

/** A query as the readers of sockets take it. */
export interface AnswerPlan {
  request: SocketRequest
  filter: FilterRequest | undefined
  /** Tables whose absence is worth a warning. */
  asked: ReadonlySet<TableName>
  /** Ports that are published are looked for, as mynetstat does where a port or a namespace is named. */
  published: boolean
}

const HIGHEST_PORT = 65_535

/** Refuses what makes no sense. */
export function planAnswer(query: SocketQuery): AnswerPlan {
  const { listening, owners = true, allNamespaces = false, netns } = query
  if (allNamespaces && netns !== undefined)
    throw new UsageError('netns and allNamespaces exclude each other', { hint: 'netns names one of them' })
  const ports = [query.port ?? []].flat()
  const wrong = ports.find(port => !Number.isInteger(port) || port < 0 || port > HIGHEST_PORT)
  if (wrong !== undefined) throw new UsageError(`${String(wrong)} is no port`, { hint: 'ports are 0 to 65535' })
  const listed = tablesFor(query, ports.length > 0)
  const filter = query.filter === undefined ? undefined : filterRequest([query.filter], listed)
  const tables = filter === undefined ? listed : tablesOf(filter, listed)
  return {
    request: {
      tables,
      selection: { all: listening === undefined, listening: listening === true, ports },
      owners: owners ? 'full' : filter?.needs.owners,
      // In one namespace of many no walk through all connections is worth them.
      skipReferences: allNamespaces,
      facts: query.tcpInfo || filter?.needs.tcpInfo ? 'all' : 'memory',
      factsAsked: query.tcpInfo ?? false,
      ...(filter?.needs.bound && { bound: true }),
      listUnlisted: query.unlisted ?? false,
    },
    filter,
    asked: new Set(tables.filter(table => isAsked(table, query))),
    published: allNamespaces || netns !== undefined || ports.length > 0,
  }
}

function tablesFor({ protocols = [], family }: SocketQuery, hasPorts: boolean): TableName[] {
  const unknown = protocols.find(name => !SOCKET_PROTOCOLS.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`there is no protocol ${unknown}`, { hint: `known are ${SOCKET_PROTOCOLS.join(', ')}` })
  const choice = Object.fromEntries(SOCKET_PROTOCOLS.map(name => [name, protocols.includes(name)])) as Record<
    SocketProtocol,
    boolean
  >
  // A version of IP alone means all internet protocols; beside protocols it chooses among their tables.
  const tables = chosenTables({ ...choice, ipv4: family === 'ipv4', ipv6: family === 'ipv6' } satisfies TableChoice)
  return hasPorts ? tables.filter(table => !WITHOUT_PORTS.has(table)) : tables
}

const WITHOUT_PORTS: ReadonlySet<TableName> = new Set(['unix', 'packet', 'netlink'])

/** Tables that were asked for by name, and those that every kernel has. */
function isAsked(table: TableName, { protocols = [] }: SocketQuery): boolean {
  if (table === 'sctp' || table.startsWith('udplite')) return protocols.includes(table === 'sctp' ? 'sctp' : 'udplite')
  return table === 'tcp' || WITHOUT_PORTS.has(table)
}
