import { loadLibc } from '../../libc/libc.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Warning } from '../../warnings.ts'
import type { SocketReport } from '../model.ts'
import type { SocketRequest } from '../plan.ts'
import type { PublishedReport } from '../published/published-port.ts'
import { readPublished } from '../published/read-published.ts'
import { attachPublished } from '../published/rules/attach.ts'

/** Tells the sockets of a listing what is published by them and of them, and adds ports that have no socket. */
export async function addPublished(
  source: ProcSource,
  report: SocketReport,
  { selection, tables }: SocketRequest,
): Promise<Warning[]> {
  const { ports } = selection
  const published = await readPublished(source, { libc: await loadLibc(), ports })
  report.sockets = attachPublished(report.sockets, published.ports, {
    tables,
    listeners: selection.all || selection.listening,
    ports,
  })
  const isAnswered = ports.length > 0 && report.sockets.length > 0
  return isAnswered ? [] : publishedWarnings(source, published)
}

/** What may be missing; of a recording that holds no rules nothing, unless it was asked for. */
export function publishedWarnings(source: ProcSource, { gaps, warnings }: PublishedReport, asked = false): Warning[] {
  const told = gaps.filter(({ reason }) => asked || reason !== 'not-recorded')
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
