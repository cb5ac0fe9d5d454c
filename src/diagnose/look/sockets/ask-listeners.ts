import { optional } from '../../../errors.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { readDump, socketsOfDump } from '../../../sockets/index.ts'
import type { ObservedNamespace, TcpLook } from '../../observed/sockets.ts'

const listeners = ({ a, b }: ObservedNamespace) => (b ?? a).tcp.filter(({ state }) => state === TCP_STATE.listen)

const isEveryV6 = ({ local }: TcpLook) => local === '::'
const isV4 = ({ local }: TcpLook) => !local.includes(':') && local !== '0.0.0.0'

/** Whether one listens on `::` where another one listens on an address of IPv4: it may take IPv4, too. */
const mayShadow = (all: readonly TcpLook[]) =>
  all.some(one => isEveryV6(one) && all.some(other => isV4(other) && other.localPort === one.localPort))

/**
 * Asks the kernel what /proc does not tell of listeners: which of those on `::` take IPv4 too, where that matters, and how
 * many connections may wait, where some do.
 */
export function askAboutListeners(source: ProcSource, namespaces: readonly ObservedNamespace[]): void {
  if (source.dumpSockets === undefined) return
  const places = namespaces.flatMap(place => {
    const all = listeners(place)
    const waiting = all.filter(({ rxQueue }) => rxQueue > 0)
    const tables = (['tcp', 'tcp6'] as const).filter(
      table =>
        (table === 'tcp6' && mayShadow(all)) || waiting.some(({ local }) => local.includes(':') === (table === 'tcp6')),
    )
    return tables.map(table => ({ place, all, table }))
  })
  for (const { place, all, table } of places) {
    const dump = optional(() => socketsOfDump(readDump(source, table, { listenersOnly: true }, `${place.pid}/net`)))
    const byInode = new Map(dump?.rows.map((row, at) => [row.inode, at]))
    for (const listener of all) {
      const at = byInode.get(listener.inode)
      if (dump === undefined || at === undefined) continue
      const row = dump.rows[at]!
      if ('acceptQueueLimit' in row && row.acceptQueueLimit !== undefined) listener.limit = row.acceptQueueLimit
      if (isEveryV6(listener)) listener.v6only = dump.facts[at]?.v6only
    }
  }
}
