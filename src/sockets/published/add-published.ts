import { loadLibc } from '../../libc/libc.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Warning } from '../../warnings.ts'
import { selectSockets } from '../filter/socket-filter.ts'
import type { FirewallGap } from '../../firewall/model.ts'
import type { NetworkNamespace } from '../../namespaces/model.ts'
import type { SocketReport, TableName } from '../model.ts'
import { isWaiting } from './find-answers.ts'
import type { HostListener } from './rules/published-ports.ts'
import { isInetRow } from '../tables/socket-row.ts'
import type { SocketRequest } from '../plan.ts'
import type { PublishedReport } from './published-port.ts'
import { readPublished } from './read-published.ts'
import { attachPublished } from './rules/attach.ts'

/** Tells the sockets of a listing what is published by them and of them, and adds ports that have no socket. */
export async function addPublished(
  source: ProcSource,
  report: SocketReport,
  request: SocketRequest,
): Promise<Warning[]> {
  const { selection, tables, filter } = request
  const { ports } = selection
  // Of one other namespace it is the machine that publishes its ports.
  const all = report.namespaces?.length === 1 ? undefined : report.namespaces
  const own = report.namespaces?.find(({ isOwn }) => isOwn)
  const listeners = knownListeners(report, request, own)
  const published = await readPublished(source, { libc: await loadLibc(), ports, namespaces: all, listeners })
  const isOwnShown = report.namespaces === undefined || own !== undefined
  const { told, without } = attachPublished(report.sockets, published.ports, {
    tables,
    listeners: isOwnShown && (selection.all || selection.listening),
    ports,
  })
  const netns = own && { netns: own.name, label: own.label, namespace: own }
  const rows = without.map(socket => ({ ...socket, netns }))
  report.sockets = [...told, ...(filter === undefined ? rows : selectSockets(filter, rows).sockets)]
  const isAnswered = ports.length > 0 && report.sockets.length > 0
  return isAnswered ? [] : publishedWarnings(source, published)
}

/** Those of the listing, where it holds every one and their owners. */
function knownListeners(
  { sockets, namespaces, search }: SocketReport,
  { selection, tables, filter }: SocketRequest,
  own: NetworkNamespace | undefined,
): HostListener[] | undefined {
  const isWhole = selection.ports.length === 0 && filter === undefined && (selection.all || selection.listening)
  if (!isWhole || search === undefined || !['tcp', 'tcp6'].every(table => tables.includes(table as TableName)))
    return undefined
  if (namespaces !== undefined && own === undefined) return undefined
  return sockets.flatMap(({ row, owners, netns }) => {
    const isHere = own === undefined || netns?.namespace === own
    return isHere && owners !== undefined && isInetRow(row) && isWaiting(row) ? [{ row, owners }] : []
  })
}

/** Gaps that are worth a remark where published ports are only a part of the answer. */
const TOLD: ReadonlySet<FirewallGap['reason']> = new Set(['denied', 'failed', 'hidden'])

/** What may be missing. Where it was asked for: also of a recording without rules, and without the tools to read them. */
export function publishedWarnings(source: ProcSource, { gaps, warnings }: PublishedReport, asked = false): Warning[] {
  const told = gaps.filter(({ reason }) => asked || TOLD.has(reason))
  if (told.length === 0) return [...warnings]
  return [
    ...warnings,
    {
      code: 'firewall-unread',
      message: `ports that the firewall publishes may be missing: ${told.map(({ message }) => message).join('; ')}`,
      hint: source.isThisMachine && told.some(({ reason }) => reason === 'denied') ? 'run it with sudo' : undefined,
    },
  ]
}
