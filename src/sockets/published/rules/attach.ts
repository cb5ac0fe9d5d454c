import type { Socket, TableName } from '../../model.ts'
import type { InetRow, InetTable } from '../../tables/inet-row.ts'
import type { PublishedPort } from '../published-port.ts'

/** Which sockets a listing shows. */
export interface ListedSockets {
  tables: readonly TableName[]
  /** Sockets that wait for others are listed. */
  listeners: boolean
  /** Only these ports are; every one where empty. */
  ports: readonly number[]
}

/** Others connect to one of these ports; a rule of every port takes each. */
export function isPublishedAt(range: PublishedPort['ports'], asked: readonly number[]): boolean {
  return range === undefined || asked.some(port => range[0] <= port && port <= range[1])
}

/**
 * Tells sockets which ports they take for others and through which ports of the machine they are reached. A port that only a
 * rule of the firewall takes has no socket: it becomes a row of its own, `without` one.
 */
export function attachPublished(
  sockets: readonly Socket[],
  ports: readonly PublishedPort[],
  { tables, listeners, ports: asked }: ListedSockets,
): { told: Socket[]; without: Socket[] } {
  const to = byInode(ports, ({ inodes }) => inodes)
  const from = byInode(ports, ({ answers }) => answers.flatMap(({ listener }) => listener?.inode ?? []))
  const told = sockets.map(socket => {
    const { inode } = socket.row
    const publishing = { to: to.get(inode) ?? [], from: from.get(inode) ?? [] }
    return publishing.to.length + publishing.from.length === 0 ? socket : { ...socket, publishing }
  })
  if (!listeners) return { told, without: [] }
  const without = ports.flatMap((port): Socket[] => {
    const isListed = port.inodes.length === 0 && (asked.length === 0 || isPublishedAt(port.ports, asked))
    const table = isListed ? tableOf(port, tables) : undefined
    if (table === undefined) return []
    const publishing = { to: [port], from: [], withoutSocket: true as const }
    return [{ row: rowWithoutSocket(port, table), owners: undefined, publishing }]
  })
  return { told, without }
}

function byInode(
  ports: readonly PublishedPort[],
  inodesOf: (port: PublishedPort) => readonly string[],
): Map<string, PublishedPort[]> {
  const found = new Map<string, PublishedPort[]>()
  for (const port of ports)
    for (const inode of new Set(inodesOf(port))) found.set(inode, [...(found.get(inode) ?? []), port])
  return found
}

/** The table the port's sockets would stand in; undefined where it is not listed. */
function tableOf({ protocol = 'tcp', family }: PublishedPort, tables: readonly TableName[]): InetTable | undefined {
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined
  const [ipv4, ipv6] = [protocol, `${protocol}6`] as const
  const wanted = family === 6 ? [ipv6] : family === 4 ? [ipv4] : [ipv4, ipv6]
  return wanted.find(table => tables.includes(table))
}

/** A row of netstat's form; port 0 is every port. */
function rowWithoutSocket({ address, ports }: PublishedPort, table: InetTable): InetRow {
  const any = table.endsWith('6') ? '::' : '0.0.0.0'
  return {
    table,
    slot: 0,
    localAddress: address ?? any,
    localPort: ports?.[0] ?? 0,
    remoteAddress: any,
    remotePort: 0,
    state: 0,
    txQueueBytes: 0,
    rxQueueBytes: 0,
    timer: 0,
    timerTicks: 0,
    retransmits: 0,
    uid: 0,
    probes: 0,
    inode: '0',
    refs: undefined,
    pointer: undefined,
    drops: undefined,
  }
}
