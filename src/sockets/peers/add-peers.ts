import { findTool } from '../../children/find-tool.ts'
import { readTool } from '../../children/read-tool.ts'
import { readConntrack } from '../../firewall/index.ts'
import type { ConntrackFlow } from '../../firewall/model.ts'
import { isLoopbackIp, unmapIp } from '../../kernel/ip-address.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Warning } from '../../warnings.ts'
import type { Socket, TableName } from '../model.ts'
import { findPeers } from './rules/find-peers.ts'
import { parseSsUnix } from './ss-unix.ts'
import { translatedFlows } from './translated-flows.ts'
import type { SocketRequest } from '../plan.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { everyNamespace } from '../namespaces.ts'

/** Names the other end of each socket, wherever on this machine it is; returns what limits that. */
export type AddPeers = (sockets: readonly Socket[], request: SocketRequest) => Promise<Warning[]>

/** Every look reads all namespaces anew: ends come and go with the sockets that are shown. */
export async function peerFinder(source: ProcSource): Promise<AddPeers> {
  const readAll = await everyNamespace(source, false)
  return async (sockets, { tables, owners }) => {
    const { report, warnings } = readAll({
      tables: tablesWithPeers(tables),
      selection: { all: true, listening: false, ports: [] },
      owners: owners === 'full' ? 'full' : 'name',
      // Only the kernel tells the other end of a unix socket.
      facts: tables.includes('unix') ? 'plain' : undefined,
      skipDetails: true,
      skipReferences: true,
    })
    const own = source.meta.netns ?? report.namespaces?.find(({ isOwn }) => isOwn)?.name
    const search = { all: report.sockets, own, unixPeers: await askSs(source, report.sockets) }
    const direct = findPeers(sockets, { ...search, flows: [] })
    const isOpen = sockets.some(socket => direct.get(socket)?.kind === 'not-here' && mayBeTranslated(socket))
    const tracked = isOpen
      ? await readFlows(
          source,
          report.namespaces?.flatMap(({ folders }) => folders.slice(0, 1)),
        )
      : NONE
    const flows = translatedFlows(tracked.flows)
    const peers = flows.length === 0 ? direct : findPeers(sockets, { ...search, flows })
    for (const socket of sockets) socket.peer = peers.get(socket)
    return [...warnings, ...peerWarnings(sockets, tracked.refused)]
  }
}

/** A socket of IPv4 may have one of IPv6 at its other end. */
function tablesWithPeers(tables: readonly TableName[]): TableName[] {
  const names = tables.flatMap((table): TableName[] =>
    isWithPorts(table) ? [table.replace('6', '') as TableName, `${table.replace('6', '')}6` as TableName] : [table],
  )
  return [...new Set(names)].filter(table => isWithPorts(table) || table === 'unix')
}

const isWithPorts = (table: TableName) => table.startsWith('tcp') || table.startsWith('udp')

/** Loopback is not translated between machines or namespaces. */
function mayBeTranslated({ row }: Socket): boolean {
  return isInetRow(row) && !isLoopbackIp(unmapIp(row.localAddress))
}

interface TrackedFlows {
  flows: ConntrackFlow[]
  /** Where it was refused: errno names. */
  refused: Set<string>
}

const NONE: TrackedFlows = { flows: [], refused: new Set() }

/** What ss tells of unix sockets, where the kernel told nothing; of the reader's own namespace only. */
async function askSs(source: ProcSource, sockets: readonly Socket[]): Promise<Map<string, string> | undefined> {
  const unix = sockets.filter(({ row }) => row.table === 'unix')
  if (unix.length === 0 || !source.isThisMachine || unix.some(({ kernel }) => kernel !== undefined)) return undefined
  const file = findTool(['ss'])
  if (file === undefined) return undefined
  try {
    const { stdout, exitCode } = await readTool(file, ['-H', '-x', '-a'], { maxBytes: MOST_SS_BYTES })
    return exitCode === 0 ? parseSsUnix(stdout, new Set(unix.map(({ row }) => row.inode))) : undefined
  } catch {
    return undefined
  }
}

/** Some 200,000 sockets. */
const MOST_SS_BYTES = 32 * 1024 * 1024

/** Of every namespace: translation happens in the one that routes. */
async function readFlows(source: ProcSource, folders: readonly string[] = ['']): Promise<TrackedFlows> {
  const flows: ConntrackFlow[] = []
  const refused = new Set<string>()
  for (const folder of folders) {
    const reading = await readConntrack(source, folder === '' ? 'net' : `${folder}/net`)
    flows.push(...reading.flows)
    // A kernel or namespace without connection tracking translates nothing.
    if (reading.error !== undefined && reading.error !== 'ENOENT') refused.add(reading.error)
  }
  return { flows, refused }
}

function peerWarnings(sockets: readonly Socket[], refused: ReadonlySet<string>): Warning[] {
  const warnings: Warning[] = []
  const unknown = sockets.filter(({ peer }) => peer?.kind === 'not-known').length
  if (unknown > 0)
    warnings.push({
      code: 'peers-unknown',
      message: `the other end of ${unknown} unix socket${unknown === 1 ? '' : 's'} is not known: only the kernel tells it, and it was not asked`,
      hint: 'install the package koffi, or ss (iproute2); a recording holds it where it was made with koffi',
    })
  if (refused.size > 0)
    warnings.push({
      code: 'peers-unknown',
      message: `connection tracking could not be read (${[...refused].join(', ')}): ends behind translated addresses are not found`,
      hint: 'run it with sudo',
    })
  return warnings
}
